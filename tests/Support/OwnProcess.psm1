# Runs scripts in processes of their own.

. $PSScriptRoot/../../.build/PowerShellHost.ps1

function Invoke-InOwnProcess {
    <#
    Runs a script with the module and writes its lines; what it throws as error id and message. One that hangs is ended.
    -Within is a program, with its first arguments, that starts what its further arguments say.
    #>
    param([string] $Script, [string] $Before = '', [int] $TimeoutSec = 120, [string[]] $Within = @())
    $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
    $file = Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-$(New-Guid).ps1"
    Set-Content $file "Import-Module '$module'
        $Before
        try { $Script } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
    try {
        $start = New-PowerShellStartInfo '-File', $file
        $command = @($Within) + $start.FileName
        $start.FileName = $command[0]
        for ($i = $command.Count - 1; $i -gt 0; $i--) { $start.ArgumentList.Insert(0, $command[$i]) }
        $process = [Diagnostics.Process]::Start($start)
        $reading = $process.StandardOutput.ReadToEndAsync()
        Wait-Process -InputObject $process -Timeout $TimeoutSec -ErrorAction Ignore
        $isLate = -not $process.HasExited
        if ($isLate) { $process.Kill() }
        if (-not $reading.Wait(30000)) { throw 'The script has ended, and its output has not.' }
        if ($isLate) { throw "The script did not end within $TimeoutSec s: $($reading.Result)" }
        $reading.Result -split '\r?\n' | Select-Object -SkipLast 1
    }
    finally {
        if ($process -and -not $process.HasExited) { $process.Kill() }
        Remove-Item $file
    }
}

function Start-InOwnProcess {
    <#
    Begins to run scripts as Invoke-InOwnProcess does, some processes at a time, since most of what they do is wait. Writes a
    table that has, for the Scenario of each, what Receive-InOwnProcess takes. -Together is how many scripts a process runs one
    after the other, each in a scope of its own behind -Before: for those that leave nothing behind.
    #>
    param([Collections.IDictionary[]] $Case, [string] $Before = '', [int] $TimeoutSec = 120, [int] $Together = 1)
    $runs = @{}
    for ($at = 0; $at -lt $Case.Count; $at += $Together) {
        $some = $Case[$at..([Math]::Min($at + $Together, $Case.Count) - 1)]
        $script = $some.ForEach({ "'-- $($_.Scenario -replace "'", "''")'
            try { & { $Before
                $($_.Script) } } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }" }) -join "`n"
        $run = @{ Lines = $null }
        $run.Job = Start-ThreadJob -ArgumentList $PSCommandPath, $script, ($TimeoutSec * $some.Count) {
            param($module, $script, $timeout)
            Import-Module $module
            Invoke-InOwnProcess $script -TimeoutSec $timeout
        }
        $some.ForEach({ $runs[$_.Scenario] = @{ Scenario = $_.Scenario; Run = $run } })
    }

    $runs
}

function Receive-InOwnProcess {
    <# Waits for the end of what Start-InOwnProcess has begun, and writes what Invoke-InOwnProcess would. #>
    param([hashtable] $Of)
    $Of.Run.Lines ??= @(Receive-Job $Of.Run.Job -Wait -ErrorAction Stop)
    $from = $Of.Run.Lines.IndexOf("-- $($Of.Scenario)") + 1
    for ($i = $from; $from -gt 0 -and $i -lt $Of.Run.Lines.Count -and $Of.Run.Lines[$i] -notlike '-- *'; $i++) { $Of.Run.Lines[$i] }
}

Export-ModuleMember -Function Invoke-InOwnProcess, Start-InOwnProcess, Receive-InOwnProcess, New-PowerShellStartInfo
