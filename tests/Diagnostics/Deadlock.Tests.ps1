<#
The cases are scripts in processes of their own: the watch keeps silent while another runspace of the process is busy, as that
of the tests is. Several run at a time, since most of what they do is wait.
#>
BeforeAll {
    Import-Module "$PSScriptRoot/../Support/OwnProcess.psm1", "$PSScriptRoot/../Support/Interruption.psm1"
    $debugMode = 'Set-AsyncLoop -DebugMode -SlowStepMilliseconds 60000'
}

Describe 'Deadlocks in debug mode' {
    Context 'are found' -ForEach @{ Cases = @(
        @{ Scenario = 'a lock entered twice'; Script = '$lock = New-AsyncLock; Enter-AsyncLock $lock; Enter-AsyncLock $lock' }
        @{ Scenario = 'a queue that nobody fills'; Script = 'Receive-AsyncQueueItem (New-AsyncQueue)' }
        @{ Scenario = 'a full queue that nobody empties'; Script = '$queue = New-AsyncQueue 1; 1, 2 | Add-AsyncQueueItem $queue' }
        @{ Scenario = 'a queue whose items nobody finishes'; Script = '$queue = New-AsyncQueue; Add-AsyncQueueItem $queue 1; Wait-AsyncQueue $queue' }
        @{ Scenario = 'a semaphore without permits'; Script = 'Enter-AsyncSemaphore (New-AsyncSemaphore 0)' }
        @{ Scenario = 'a task that waits for such a semaphore'; Script = 'await (Start-AsyncSleep 0 -Semaphore (New-AsyncSemaphore 0))' }
        @{ Scenario = 'a condition that nobody notifies'; Script = '$condition = New-AsyncCondition; Use-AsyncLock $condition.Lock { Wait-AsyncCondition $condition }' }
        @{ Scenario = 'a barrier with a party missing'; Script = 'Wait-AsyncBarrier (New-AsyncBarrier 2)' }
        @{ Scenario = 'a thread task that waits for an event'; Script = '$event = New-AsyncEvent; Start-AsyncTask { Wait-AsyncEvent $using:event } | Wait-AsyncGather' }
        @{ Scenario = 'such a one in a group'; Script = '$event = New-AsyncEvent; Invoke-AsyncTaskGroup { Start-AsyncTask { Wait-AsyncEvent $using:event } }' }
        @{ Scenario = 'what is protected'; Script = '$event = New-AsyncEvent; await (Protect-AsyncTask (Start-AsyncTask { Wait-AsyncEvent $using:event }))' }
        @{ Scenario = 'one that begins when the last operation has ended'; Script = '$sleep = Start-AsyncSleep 1; Wait-AsyncEvent (New-AsyncEvent)' }
    ) } {
        BeforeAll { $runs = Start-InOwnProcess $Cases -Before $debugMode -Together 4 }
        AfterAll { Remove-EveryJob }

        It '<Scenario>' -TestCases $Cases {
            $lines = Receive-InOwnProcess $runs[$Scenario]
            $lines[0] | Should -BeLike 'AsyncDeadlock*'
            $lines[1] | Should -BeLike 'Nothing is left that could end this wait*'
        }
    }

    Context 'are found, by whichever looks first, where waits stand on top of each other' -ForEach @{ Cases = @(
        @{ Scenario = 'a lock that is held in a function which cannot go on'; Script = '$lock = New-AsyncLock; function Hold { Enter-AsyncLock $lock; try { await (Start-AsyncSleep 1) } finally { Exit-AsyncLock $lock } }
            1..2 | Start-AsyncTask { await (Start-AsyncSleep 0.01); @(1).ForEach({ Hold }) } | Wait-AsyncGather' }
        @{ Scenario = 'a task whose function cannot go on'; Script = '$working = New-Future; function Work { $working.SetResult(1); await (Start-AsyncSleep 1) }; function Look { await $worker }
            $worker = Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Work }) }; await (Start-AsyncTask { $null = await $working; @(1).ForEach({ Look }) })' }
    ) } {
        BeforeAll { $runs = Start-InOwnProcess $Cases -Before $debugMode -Together 4 }
        AfterAll { Remove-EveryJob }

        It '<Scenario>' -TestCases $Cases {
            $lines = Receive-InOwnProcess $runs[$Scenario]
            $lines[0] | Should -BeLike 'AsyncDeadlock*'
            $lines[1] | Should -Match '^(Nothing is left that could end this wait|This wait would never end)'
        }
    }

    It 'are drawn as a circle' {
        $lines = Invoke-InOwnProcess -Before $debugMode '$a = New-AsyncLock a; $b = New-AsyncLock b; $both = New-AsyncBarrier 2
            $tasks = @(
                Start-AsyncTask -OnThread -Name one { Use-AsyncLock $using:a { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:b { } } }
                Start-AsyncTask -OnThread -Name two { Use-AsyncLock $using:b { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:a { } } }
            )
            await $tasks'
        $lines[0] | Should -Be 'AsyncDeadlock'
        $lines -join "`n" | Should -Match "(?s)'one'.* in Use-AsyncLock\n.*AsyncLock 'b' .*'two'.* in Use-AsyncLock\n.*AsyncLock 'a' .*'one'.*a circle"
    }

    Context 'are none' -ForEach @{ Cases = @(
        @{ Scenario = 'a timer that releases the lock'; Script = '$lock = New-AsyncLock; Enter-AsyncLock $lock; $null = Register-AsyncCallback -After 00:00:01 { Exit-AsyncLock $lock }; Enter-AsyncLock $lock; "fine"' }
        @{ Scenario = 'a limit'; Script = 'try { Enter-AsyncSemaphore (New-AsyncSemaphore 0) -TimeoutSec 1 } catch [TimeoutException] { "fine" }' }
        @{ Scenario = 'a task''s own limit'; Script = '$event = New-AsyncEvent; try { await (Start-AsyncTask { Wait-AsyncEvent $using:event } -TimeoutSec 1) } catch [TimeoutException] { "fine" }' }
        @{ Scenario = 'a thread task that still works'; Script = '$event = New-AsyncEvent; $task = Start-AsyncTask { Start-Sleep 1; Set-AsyncEvent $using:event }; Wait-AsyncEvent $event; await $task; "fine"' }
        @{ Scenario = 'a callback of a task'; Script = '$event = New-AsyncEvent; $null = Register-AsyncCallback (Start-AsyncSleep 1) { Set-AsyncEvent $event }; Wait-AsyncEvent $event; "fine"' }
        @{ Scenario = 'a periodic task'; Script = '$event = New-AsyncEvent; $task = Start-AsyncTask -Every 00:00:01 { if ($args[0].Count++) { Set-AsyncEvent $using:event } } -ArgumentList @{ Count = 0 }; Wait-AsyncEvent $event; Stop-AsyncTask $task; "fine"' }
        @{ Scenario = 'a future, which any code may complete'; Script = '$future = New-Future; $null = [Threading.Timer]::new([Threading.TimerCallback][Delegate]::CreateDelegate([Threading.TimerCallback], $future, "SetResult"), "fine", 1000, -1); await $future' }
        @{ Scenario = 'another runspace'; Script = '$lock = New-AsyncLock; Enter-AsyncLock $lock; $job = Start-ThreadJob { Start-Sleep 1; ($using:lock).Release() }; Enter-AsyncLock $lock; "fine"' }
        @{ Scenario = 'a rate limiter'; Script = '$limiter = New-AsyncRateLimiter 1 00:00:01; Enter-AsyncRateLimiter $limiter; Enter-AsyncRateLimiter $limiter; "fine"' }
        @{ Scenario = 'a .NET task'; Script = 'await ([Threading.Tasks.Task]::Delay(1000)); "fine"' }
    ) } {
        BeforeAll { $runs = Start-InOwnProcess $Cases -Before $debugMode -Together 4 }
        AfterAll { Remove-EveryJob }

        It '<Scenario>' -TestCases $Cases {
            Receive-InOwnProcess $runs[$Scenario] | Should -Be 'fine'
        }
    }

    It 'are none where tasks hand each other items and locks all the time' {
        Invoke-InOwnProcess -Before $debugMode '
            $queue = New-AsyncQueue 2; $back = New-AsyncQueue 2; $lock = New-AsyncLock
            $tasks = @(
                1..3 | Start-AsyncTask { 1..200 | ForEach-Object { Add-AsyncQueueItem $using:queue $_; Use-AsyncLock $using:lock { } } }
                1..3 | Start-AsyncTask { 1..200 | ForEach-Object { Add-AsyncQueueItem $using:back (Receive-AsyncQueueItem $using:queue) } }
            )
            1..600 | ForEach-Object { $null = Receive-AsyncQueueItem $back }
            await $tasks
            "fine"' -TimeoutSec 120 | Should -Be 'fine'
    }

    It 'are not looked for without debug mode' {
        Invoke-InOwnProcess -Before $debugMode 'Set-AsyncLoop -DebugMode:$false; try { Wait-AsyncEvent (New-AsyncEvent) -TimeoutSec 1.5 } catch [TimeoutException] { "fine" }' | Should -Be 'fine'
    }
}
