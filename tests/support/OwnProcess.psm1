# Runs scripts in processes of their own.

function Invoke-InOwnProcess {
    <# Runs a script with the module and writes its lines; what it throws as error id and message. One that hangs is ended. #>
    param([string] $Script, [string] $Before = '', [int] $TimeoutSec = 60)
    $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
    $file = Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-$(New-Guid).ps1"
    Set-Content $file "Import-Module '$module'
        $Before
        try { $Script } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
    try {
        $process = Start-Process pwsh -ArgumentList '-NoProfile', '-File', $file -PassThru -RedirectStandardOutput "$file.out"
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
