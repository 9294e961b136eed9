BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
}

Describe 'A finally of a thread task' {
    BeforeDiscovery {
        $endings = @(
            @{ Ending = 'the end of the script'; Script = '' }
            @{ Ending = 'exit'; Script = 'exit' }
            @{ Ending = 'an error'; Script = 'throw "over"' }
            @{ Ending = 'Remove-Module'; Script = 'Remove-Module AsyncJobs' }
            if (-not $IsWindows) {
                @{ Ending = 'SIGTERM'; Script = '/bin/kill -TERM $PID; Start-Sleep 600' }
            }
        )
    }

    It 'runs to its end at <Ending>, though nobody waits for the task any more' -TestCases $endings {
        $written = Invoke-InOwnProcess -TimeoutSec 120 "
            `$begun = [Threading.CountdownEvent]::new(2)
            `$null = 1..2 | Start-AsyncTask -OnThread {
                try { `$null = `$begun.Signal(); Start-Sleep 600 } finally { Start-Sleep -Milliseconds 600; [Console]::WriteLine(`"ended `$_`") } }
            `$null = `$begun.Wait(60000)
            $Script"
        $written -like 'ended *' | Sort-Object | Should -Be 'ended 1', 'ended 2'
    }

    It 'runs at <Ending>, with its awaits, and those of a coroutine that it awaits' -TestCases $endings {
        $written = Invoke-InOwnProcess -TimeoutSec 120 "
            `$begun = [Threading.ManualResetEventSlim]::new()
            `$null = Start-AsyncTask -OnThread {
                `$inner = Start-AsyncTask { try { await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0.02); [Console]::WriteLine('ended within') } }
                try { `$begun.Set(); await `$inner } finally { await (Start-AsyncSleep 0.02); [Console]::WriteLine('ended') } }
            `$null = `$begun.Wait(60000)
            Start-Sleep -Milliseconds 100
            $Script"
        $written -like 'ended*' | Should -Be 'ended within', 'ended'
    }

    It 'holds the end up for a few seconds at most' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-InOwnProcess -TimeoutSec 120 '
            $begun = [Threading.CountdownEvent]::new(8)
            $null = 1..8 | Start-AsyncTask -OnThread { $null = $begun.Signal(); [Threading.Thread]::Sleep(600000) }
            $null = $begun.Wait(60000)
            "leaving"' | Should -Be 'leaving'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
    }

    It 'runs to its end where the task was stopped just before' {
        Invoke-InOwnProcess -TimeoutSec 120 '
            $begun = [Threading.ManualResetEventSlim]::new()
            $task = Start-AsyncTask -OnThread { try { $begun.Set(); Start-Sleep 600 } finally { Start-Sleep -Milliseconds 800; [Console]::WriteLine("ended") } }
            $null = $begun.Wait(60000)
            Stop-AsyncTask $task -Wait' | Should -Be 'ended'
    }
}
