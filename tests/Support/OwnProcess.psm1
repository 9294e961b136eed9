# Runs scripts in processes of their own.

. $PSScriptRoot/../../.build/PowerShellHost.ps1

function Invoke-InOwnProcess {
    <# Runs a script with the module and writes its lines; what it throws as error id and message. One that hangs is ended. #>
    param([string] $Script, [string] $Before = '', [int] $TimeoutSec = 60)
    $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
    $file = Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-$(New-Guid).ps1"
    Set-Content $file "Import-Module '$module'
        $Before
        try { $Script } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
    try {
        $pwsh = Get-PowerShellHost
        $arguments = @($pwsh.ArgumentList) + '-NoProfile', '-File', $file | ForEach-Object { "`"$_`"" }
        $process = Start-Process $pwsh.FilePath -ArgumentList $arguments -PassThru -RedirectStandardOutput "$file.out"
        if (-not $process.WaitForExit($TimeoutSec * 1000)) {
            $process.Kill()
            throw "The script did not end within $TimeoutSec s: $(Get-Content "$file.out" -Raw)"
        }

        Get-Content "$file.out"
    }
    finally {
        Remove-Item "$file*"
    }
}

Export-ModuleMember -Function Invoke-InOwnProcess
