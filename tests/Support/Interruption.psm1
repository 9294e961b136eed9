# Runs a script in a session of its own and stops its pipeline from another thread, as Ctrl+C does.

function New-TestSession {
    <# A runspace with the module and Wait-Until in it, and a way to run scripts there. Close it with Remove-TestSession. #>
    $state = [initialsessionstate]::CreateDefault2()
    $state.Commands.Add([Management.Automation.Runspaces.SessionStateFunctionEntry]::new('Wait-Until', "${function:Wait-Until}"))
    $state.ImportPSModule((Resolve-Path "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1").Path)
    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $runspace
}

function Remove-TestSession {
    param([runspace] $Session)
    $Session.Dispose()
}

function Invoke-InSession {
    <# Runs a script to its end, within a limit; writes its output, throws what it threw. #>
    param([runspace] $Session, [string] $Script, [hashtable] $Variable = @{}, [int] $TimeoutSec = 30)
    $Variable.GetEnumerator() | ForEach-Object { $Session.SessionStateProxy.SetVariable($_.Key, $_.Value) }
    $powershell = [powershell]::Create($Session).AddScript($Script)
    try {
        $running = $powershell.BeginInvoke()
        if (-not $running.AsyncWaitHandle.WaitOne($TimeoutSec * 1000)) { throw "The script did not end within $TimeoutSec s." }
        $powershell.EndInvoke($running)
    }
    finally {
        $powershell.Dispose()
    }
}

function Stop-InSession {
    <#
    Runs a script that says $signal.Set() when it is about to wait, stops it a moment later, and writes how long
    the prompt took to come back.
    #>
    param([runspace] $Session, [string] $Script, [hashtable] $Variable = @{}, [int] $WaitMilliseconds = 200)
    $signal = [Threading.ManualResetEventSlim]::new()
    $Session.SessionStateProxy.SetVariable('signal', $signal)
    $Variable.GetEnumerator() | ForEach-Object { $Session.SessionStateProxy.SetVariable($_.Key, $_.Value) }
    $powershell = [powershell]::Create($Session).AddScript($Script)
    try {
        $running = $powershell.BeginInvoke()
        if (-not $signal.Wait(30000)) { throw "The script did not signal: $($powershell.Streams.Error)" }
        Start-Sleep -Milliseconds $WaitMilliseconds
        if ($running.IsCompleted) { throw "The script ended before it was stopped: $($powershell.Streams.Error)" }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $powershell.Stop()
        $watch.Elapsed
    }
    finally {
        $powershell.Dispose()
    }
}

function Wait-Until {
    <# Waits for a condition, with a limit. #>
    param([scriptblock] $Condition, [int] $TimeoutSec = 30)
    $deadline = [DateTime]::UtcNow.AddSeconds($TimeoutSec)
    while (-not (& $Condition)) {
        if ([DateTime]::UtcNow -gt $deadline) { throw "Not within $TimeoutSec s: $Condition" }
        Start-Sleep -Milliseconds 20
    }
}

function Remove-EveryJob {
    <#
    Stops and removes the jobs of the session. Remove-Job -Force alone may wait for ever for a thread job that ends in the
    instant in which it is stopped.
    #>
    foreach ($job in Get-Job) {
        if ($job.JobStateInfo.State -notin 'Completed', 'Failed', 'Stopped') {
            $job.StopJob()
            if (-not $job.Finished.WaitOne(30000)) { throw "$($job.Name) did not stop within 30 s." }
        }

        Remove-Job $job
    }
}

Export-ModuleMember -Function *
