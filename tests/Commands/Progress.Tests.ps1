# One progress bar for every command that waits.

BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    # What watches is itself what shows how far things are.
    $waiting = Get-Command -Module AsyncJobs -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('TimeoutSec') -and $_.Verb -notin 'Start', 'Watch' } | ForEach-Object { @{ Name = $_.Name } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # What a script writes of progress in a session of its own, and how it ended.
    function Get-Progress([string] $Script) {
        $shell = [powershell]::Create((New-TestSession))
        try {
            try { $null = $shell.AddScript($Script).Invoke() } catch { $failure = $_.Exception.InnerException ?? $_.Exception }
            $all = @($shell.Streams.Progress)
            [pscustomobject]@{
                All = $all
                Shown = @($all | Where-Object RecordType -EQ Processing)
                Bars = @($all.ActivityId | Select-Object -Unique).Count
                Left = @($all | Group-Object ActivityId | Where-Object { $_.Group[-1].RecordType -ne 'Completed' }).Count
                Failure = $failure
            }
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}

Describe 'Progress' {
    It '<Name> has -Progress, and it is no abbreviation of another' -ForEach $waiting {
        $command = Get-Command $Name
        $command.Parameters.ContainsKey('Progress') | Should -BeTrue
        $command.Parameters['Progress'].SwitchParameter | Should -BeTrue
    }

    It '<Name> shows a bar by itself, and clears it: <Script>' -TestCases @(
        @{ Name = 'Wait-AsyncGather'; Script = '0.2, 2.4 | ForEach-Object { Start-AsyncSleep $_ } | Wait-AsyncGather' }
        @{ Name = 'Wait-AsyncTask'; Script = 'await (0.2, 2.4 | ForEach-Object { Start-AsyncSleep $_ })' }
        @{ Name = 'Receive-AsyncTask'; Script = '0.2, 2.4 | ForEach-Object { Start-AsyncSleep $_ } | Receive-AsyncTask' }
        @{ Name = 'Invoke-AsyncForEach'; Script = '0.2, 2.4 | ForEach-Async { Start-Sleep $_ }' }
        @{ Name = 'Invoke-AsyncForEach'; Script = '0.2, 2.4 | ForEach-Async { await (Start-AsyncSleep $_) }' }
        @{ Name = 'Invoke-AsyncTaskGroup'; Script = 'Invoke-AsyncTaskGroup { 0.2, 2.4 | ForEach-Object { $null = Start-AsyncSleep $_ } }' }
    ) {
        $seen = Get-Progress $Script
        $seen.Bars | Should -Be 1
        $seen.Left | Should -Be 0
        $seen.Shown[0].Activity | Should -Be $Name
        $seen.Shown[0].StatusDescription | Should -BeLike '1 of 2 done, 0 failed, *'
        $seen.Shown[0].PercentComplete | Should -Be 50
        $seen.Shown[0].SecondsRemaining | Should -BeGreaterOrEqual 0
    }

    It 'shows none for what is soon over, for one thing, where it is not wanted: <Script>' -TestCases @(
        @{ Script = '1..3 | ForEach-Object { Start-AsyncSleep 0.1 } | Wait-AsyncGather' }
        @{ Script = 'await (Start-AsyncSleep 1.5)' }
        @{ Script = '1 | ForEach-Async { Start-Sleep 1.5 }' }
        @{ Script = 'try { Wait-AsyncEvent (New-AsyncEvent) -TimeoutSec 1.5 } catch { }' }
        @{ Script = '1, 2 | ForEach-Async { Start-Sleep 1.5 } -Progress:$false' }
        @{ Script = '$ProgressPreference = "SilentlyContinue"; 1, 2 | ForEach-Async { Start-Sleep 1.5 } -Progress' }
        @{ Script = '1, 2 | ForEach-Async { Start-Sleep 1.5 } -Progress -ProgressAction Ignore' }
    ) {
        (Get-Progress $Script).All.Count | Should -Be 0
    }

    It 'shows one with -Progress: <Name>, <Script>' -TestCases @(
        @{ Name = 'Wait-AsyncTask'; Status = '0 of 1 done, 0 failed'; Script = 'await (Start-AsyncSleep 1.8) -Progress' }
        @{ Name = 'Wait-AsyncTask'; Status = '0 of 1 done, 0 failed'; Script = 'await (async { await (Start-AsyncSleep 1.8) -Progress })' }
        @{ Name = 'Wait-AsyncGather'; Status = '0 of 2 done, 0 failed'; Script = 'await (async { 1..2 | ForEach-Object { Start-AsyncSleep 1.8 } | Wait-AsyncGather -Progress })' }
        @{ Name = 'Invoke-AsyncForEach'; Status = '0 of 2 done, 0 failed'; Script = 'await (async { 1..2 | ForEach-Async -Progress { await (Start-AsyncSleep 1.8) } })' }
        @{ Name = 'Invoke-AsyncForEach'; Status = '0 of 2 done, 0 failed'; Script = 'await (async -OnThread { 1..2 | ForEach-Async -Progress { Start-Sleep 1.8 } })' }
        @{ Name = 'Invoke-AsyncTaskGroup'; Status = '0 of 1 done, 0 failed'; Script = 'await (async { Invoke-AsyncTaskGroup -Progress { $null = Start-AsyncSleep 1.8 } })' }
        @{ Name = 'Invoke-WithTimeout'; Status = '0 of 1 done, 0 failed'; Script = 'Invoke-WithTimeout 60 { Start-Sleep 1.8 } -Progress' }
        @{ Name = 'Stop-AsyncTask'; Status = '0 of 1 done, 0 failed'; Script = '$t = async -OnLoop { try { await (Start-AsyncSleep 60) } finally { await (Start-AsyncSleep 1.8) } }; Stop-AsyncTask $t -Wait -Progress' }
        @{ Name = 'Wait-AsyncQueue'; Status = 'waiting for AsyncQueue*'; Script = '$q = New-AsyncQueue; Add-AsyncQueueItem $q 1; try { Wait-AsyncQueue $q -Progress -TimeoutSec 1.8 } catch { }' }
        @{ Name = 'Enter-AsyncLock'; Status = 'waiting for AsyncLock*'; Script = '$l = New-AsyncLock; Enter-AsyncLock $l; try { Enter-AsyncLock $l -Progress -TimeoutSec 1.8 } catch { }' }
        @{ Name = 'Add-AsyncQueueItem'; Status = 'waiting for AsyncQueue*'; Script = '$q = New-AsyncQueue 1; try { 1..3 | Add-AsyncQueueItem $q -Progress -TimeoutSec 1.8 } catch { }' }
    ) {
        $seen = Get-Progress $Script
        $seen.Bars | Should -Be 1
        $seen.Left | Should -Be 0
        $seen.Shown[0].Activity | Should -Be $Name
        $seen.Shown[0].StatusDescription | Should -BeLike $Status
    }

    It 'counts the failed, and names the tasks that were named' {
        $seen = Get-Progress '& { async -Name fails { throw 1 }; Start-AsyncSleep 2 -Name backup; Start-AsyncSleep 2 } | Wait-AsyncGather -PassThru'
        $seen.Shown[0].StatusDescription | Should -BeLike '1 of 3 done, 1 failed, *'
        $seen.Shown[0].CurrentOperation | Should -Be 'backup'
        (Get-Progress '1..3 | ForEach-Async -Name fetch { Start-Sleep 1.8 }').Shown[0].CurrentOperation | Should -Be 'fetch'
    }

    It 'knows the whole of a lazy input by -Total alone' {
        $script = '& { 1..6; Start-Sleep 1 } | ForEach-Async -ThrottleLimit 2 OPTION { Start-Sleep 0.6 }'
        (Get-Progress $script.Replace('OPTION', '-Total 6')).Shown[0].StatusDescription | Should -BeLike '* of 6 done, 0 failed*'
        $first = (Get-Progress $script.Replace('OPTION', '')).Shown[0]
        $first.StatusDescription | Should -BeLike '* done, 0 failed*'
        $first.PercentComplete | Should -Be -1
        (Get-Progress '& { Start-AsyncSleep 0.1; Start-AsyncSleep 1.8 } | Receive-AsyncTask -Total 4').Shown[0].StatusDescription | Should -BeLike '1 of 4 done, *'
    }

    It 'is one bar for all: what tasks wait for inside has none of its own, <Kind>' -TestCases @(
        @{ Kind = 'coroutines'; Script = '1..3 | ForEach-Object { async { await (1..2 | ForEach-Object { Start-AsyncSleep 0.9 }); 1..2 | ForEach-Async { await (Start-AsyncSleep 0.9) } } } | Wait-AsyncGather' }
        @{ Kind = 'threads'; Script = '1..3 | ForEach-Async { 1..2 | ForEach-Object { Start-AsyncSleep 1.8 } | Wait-AsyncGather }' }
        @{ Kind = 'what a coroutine calls'; Script = '$o = [pscustomobject]@{} | Add-Member -PassThru ScriptMethod Go { 1..2 | ForEach-Object { Start-AsyncSleep 1.8 } | Wait-AsyncGather }; 1..2 | ForEach-Async -OnLoop { $o.Go() }' }
    ) {
        (Get-Progress $Script).Bars | Should -BeLessOrEqual 1
    }

    It 'clears the bar <How>' -TestCases @(
        @{ How = 'at an error'; Script = '1..2 | ForEach-Async -ErrorAction Stop { Start-Sleep (1.6 * $_); throw 1 }'; Fails = $true }
        @{ How = 'at a failed await'; Script = 'await (Start-AsyncSleep 5), (async { Start-Sleep 1.6; throw 1 }) -FirstError -Progress'; Fails = $true }
        @{ How = 'at a time-out'; Script = '1..2 | ForEach-Object { Start-AsyncSleep 60 } | Wait-AsyncGather -TimeoutSec 1.6'; Fails = $true }
        @{ How = 'when a later command has had enough'; Script = '1..6 | ForEach-Async -ThrottleLimit 2 -Progress { Start-Sleep 0.8; $_ } | Select-Object -First 4'; Fails = $false }
        @{ How = 'of a coroutine that is stopped'; Script = '$t = async { await (Start-AsyncSleep 60) -Progress }; await (Start-AsyncSleep 1.6); Stop-AsyncTask $t; await (Start-AsyncSleep 0.1)'; Fails = $false }
    ) {
        $seen = Get-Progress $Script
        $seen.Shown.Count | Should -BeGreaterThan 0
        $seen.Left | Should -Be 0
        ($null -ne $seen.Failure) | Should -Be $Fails
    }
}
