<#
Waits that stand on top of each other, without debug mode. Deadlocks that are told of only where no other runspace is busy need
processes of their own; several run at a time, since most of what they do is wait. `.ForEach({ })` and Sort-Object are no part
of the coroutine that calls them.
#>
BeforeAll {
    Import-Module "$PSScriptRoot/../Support/OwnProcess.psm1", "$PSScriptRoot/../Support/Interruption.psm1"

    # What waits in the middle of a step until something waits on top of it; and a top that does.
    $scene = '
        $entered = New-Future; $gate = New-Future
        function Wait-Beneath { $entered.SetResult(1); $null = await $gate }
        function Write-Caught { process { "$($_.FullyQualifiedErrorId): $($_.Exception.Message)" } }
        function Start-Worker { Start-AsyncTask -Name worker { await (Start-AsyncSleep 0); @(1).ForEach({ Wait-Beneath }); "worker done" } }
        function Start-Top([scriptblock] $Wait) { Start-AsyncTask -Name top { $null = await $entered; @(1).ForEach({ $gate.SetResult(1); try { & $Wait } catch { $_ | Write-Caught } }) } }'

    # The first to come holds the lock until the last has come.
    $holding = '
        $lock = New-AsyncLock L; $h = @{ Count = 0 }
        function Hold([int] $Of = 2) {
            $number = ++$h.Count
            if ($number -eq $Of) { $gate.SetResult(1) }
            try { Enter-AsyncLock $lock } catch { return $_ | Write-Caught }
            try { if ($number -eq 1) { $null = await $gate }; "fine" } finally { Exit-AsyncLock $lock }
        }
        # A sleep that is over before it is awaited would not let the second start; one of 0 takes a turn of the loop.
        function Start-Two([scriptblock] $Block) { 1..2 | Start-AsyncTask { await (Start-AsyncSleep 0); & $Block } | Wait-AsyncGather }'
}

Describe 'Waits on top of what they need' {
    It 'end whatever else goes on: <Scenario>' -TestCases @(
        @{ Scenario = 'a task'; Wait = 'await $worker' }
        @{ Scenario = 'a task among others'; Wait = 'await $worker, (Start-AsyncSleep 0.1)' }
        @{ Scenario = 'a gather'; Wait = 'Wait-AsyncGather $worker, (Start-AsyncSleep 0.1)' }
        @{ Scenario = 'a gather that takes errors'; Wait = 'Wait-AsyncGather $worker, $beat -ReturnExceptions' }
        @{ Scenario = 'the first of several that cannot end'; Wait = 'await $worker, (Start-AsyncTask { await $worker }) -Any' }
        @{ Scenario = 'the results as they come'; Wait = 'Receive-AsyncTask $worker, (Start-AsyncSleep 0.1)' }
        @{ Scenario = 'a coroutine that waits for it'; Wait = 'await (Start-AsyncTask { await $worker })' }
        @{ Scenario = 'a coroutine with a time limit'; Wait = 'await (Start-AsyncTask { await $worker } -TimeoutSec 1)' }
        @{ Scenario = 'a coroutine that gathers it'; Wait = 'await (Start-AsyncTask { Wait-AsyncGather $worker, (Start-AsyncSleep 0.1) })' }
        @{ Scenario = 'a group in whose block it is waited for'; Wait = 'Invoke-AsyncTaskGroup { Start-AsyncTask { await $worker } }' }
        @{ Scenario = 'a for-each'; Wait = '1..2 | Invoke-AsyncForEach { await $worker }' }
        @{ Scenario = 'a time limit that has passed in vain'; Wait = 'Invoke-WithTimeout 1 -Task $worker' }
    ) {
        # The runspace of the tests is busy meanwhile.
        $session = New-TestSession
        try {
            $lines = (Invoke-InSession $session -TimeoutSec 60 "$scene
                `$beat = Start-AsyncTask { while (`$true) { await (Start-AsyncSleep 0.05) } }
                `$worker = Start-Worker
                await (Start-Top { $Wait })
                try { await `$worker } catch [OperationCanceledException] { 'worker done' }") -split '\r?\n'
        }
        finally {
            Remove-TestSession $session
        }

        $lines | Where-Object { $_ -like 'AsyncDeadlock*' } | Should -BeLike "AsyncDeadlock*: This wait would never end. It waits for AsyncTask * 'worker', which is in the middle of a step beneath it*"
        $lines | Where-Object { $_ -like "*'worker' (Coroutine, Running) goes on at * in Wait-AsyncTask when*" } | Should -Not -BeNullOrEmpty
        $lines[-1] | Should -Be 'worker done'
    }

    Context 'end where nothing else moves' -ForEach @{ Cases = @(
        @{ Scenario = 'a lock in ForEach()'; Script = 'Start-Two { @(1).ForEach({ Hold }) }' }
        @{ Scenario = 'a lock in Sort-Object'; Script = 'Start-Two { 1 | Sort-Object { Hold | Out-Host } }' }
        @{ Scenario = 'a lock in a pipeline of functions'; Script = 'Start-Two { @(1).ForEach({ 1 | & { process { Hold } } }) }' }
        @{ Scenario = 'a lock in a called block'; Script = 'Start-Two { @(1).ForEach({ & { Hold } }) }' }
        @{ Scenario = 'a lock in a method'; Script = 'class Holder { [object] Hold() { return Hold } }; $holder = [Holder]::new(); Start-Two { $holder.Hold() }' }
        @{ Scenario = 'a lock of whoever starts it'; Script = 'Enter-AsyncLock $lock; $task = Start-AsyncTask -OnLoop { @(1).ForEach({ Hold }); if ($false) { await 1 } }; Exit-AsyncLock $lock; await $task; Hold' }
        @{ Scenario = 'a shield'; Script = '$worker = Start-Worker; await (Start-Top { await (Protect-AsyncTask $worker) }); $null = await $worker; "fine"' }
        @{ Scenario = 'a thread task'; Script = '$worker = Start-Worker; await (Start-Top { await (Start-AsyncTask -OnThread { await $using:worker }) }); $null = await $worker; "fine"' }
        @{ Scenario = 'a queue'; Script = '$queue = New-AsyncQueue; $producer = Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Wait-Beneath }); Add-AsyncQueueItem $queue 1 }
            await (Start-Top { Receive-AsyncQueueItem $queue }); await $producer; "fine"' }
        @{ Scenario = 'an event'; Script = '$event = New-AsyncEvent; $setter = Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Wait-Beneath }); Set-AsyncEvent $event }
            await (Start-Top { Wait-AsyncEvent $event }); await $setter; "fine"' }
        @{ Scenario = 'a semaphore'; Script = '$semaphore = New-AsyncSemaphore 1; $holder = Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Use-AsyncSemaphore $semaphore { Wait-Beneath } }) }
            await (Start-Top { Enter-AsyncSemaphore $semaphore }); await $holder; "fine"' }
    ) } {
        BeforeAll { $runs = Start-InOwnProcess $Cases -Before "$scene$holding" -Together 4 }
        AfterAll { Remove-EveryJob }

        It '<Scenario>' -TestCases $Cases {
            $lines = Receive-InOwnProcess $runs[$Scenario]
            @($lines | Where-Object { $_ -like 'AsyncDeadlock*' }) | Should -HaveCount 1
            $lines | Where-Object { $_ -like 'AsyncDeadlock*' } | Should -BeLike '*: This wait would never end. * is in the middle of a step beneath it*'
            $lines | Should -Contain 'fine'
        }
    }

    It 'end one after the other, until what is beneath them all can go on' {
        $lines = Invoke-InOwnProcess -Before "$scene$holding" '
            1..5 | Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Hold -Of 5 }) } | Wait-AsyncGather'
        @($lines | Where-Object { $_ -like 'AsyncDeadlock*' }) | Should -HaveCount 4
        @($lines | Where-Object { $_ -eq 'fine' }) | Should -HaveCount 1
    }

    Context 'are left alone' -ForEach @{ Cases = @(
        @{ Scenario = 'with a time limit'; Script = 'await (Start-Top { await $worker -TimeoutSec 3 })'; Like = 'AsyncTimeout*' }
        @{ Scenario = 'with a time limit for a lock'; Script = 'await (Start-Top { Enter-AsyncLock $lock -TimeoutSec 3 })'; Like = 'AsyncTimeout*' }
        @{ Scenario = 'with a time limit around it'; Script = 'await (Start-Top { Invoke-WithTimeout 3 { Enter-AsyncLock $lock } })'; Like = 'AsyncTimeout*' }
        @{ Scenario = 'with another of several that ends'; Script = '$sleep = Start-AsyncSleep 3 -Result other; await (Start-Top { await $worker, $sleep -Any })'; Like = 'other' }
        @{ Scenario = 'in a gather that fails'; Script = '$failing = Start-AsyncTask { await (Start-AsyncSleep 3); throw "fails" }; await (Start-Top { Wait-AsyncGather $worker, $failing })'; Like = 'fails*' }
        @{ Scenario = 'with a task that releases the lock'; Script = '$other = Start-AsyncTask { await (Start-AsyncSleep 3); Exit-AsyncLock $lock }; await (Start-Top { Enter-AsyncLock $lock; "got it" })'; Like = 'got it' }
        @{ Scenario = 'with a task that stops a shield'; Script = '$shield = Protect-AsyncTask $worker; $other = Start-AsyncTask { await (Start-AsyncSleep 3); Stop-AsyncTask $shield }; await (Start-Top { await $shield })'; Like = 'AsyncCanceled*' }
        @{ Scenario = 'with a future that a timer completes'; Script = '$future = New-Future; $timer = [Threading.Timer]::new([Threading.TimerCallback][Delegate]::CreateDelegate([Threading.TimerCallback], $future, "SetResult"), "set", 7000, -1); await (Start-Top { await $future })'; Like = 'set' }
        @{ Scenario = 'with an event that a .NET thread sets soon'; Like = 'came'; Script = '
            Add-Type "public static class Later { public static void Call(System.Action action, int after) => System.Threading.Tasks.Task.Delay(after).ContinueWith(_ => action()); }"
            $event = New-AsyncEvent; [Later]::Call([Delegate]::CreateDelegate([Action], $event, "Set"), 3000); await (Start-Top { Wait-AsyncEvent $event; "came" })' }
        @{ Scenario = 'with an event of another runspace'; Script = '$event = New-AsyncEvent; $other = [powershell]::Create().AddScript("Start-Sleep 8; `$args[0].Set()").AddArgument($event); $null = $other.BeginInvoke(); await (Start-Top { Wait-AsyncEvent $event; "came" })'; Like = 'came' }
        @{ Scenario = 'with a script elsewhere that has run another inside'; Script = '$other = [powershell]::Create().AddScript("`$null = [powershell]::Create(''CurrentRunspace'').AddScript(1).Invoke(); Start-Sleep 4; `$args[0].Release()").AddArgument($lock); $null = $other.BeginInvoke(); await (Start-Top { Enter-AsyncLock $lock; "got it" })'; Like = 'got it' }
        @{ Scenario = 'with a thread task at work'; Script = '$event = New-AsyncEvent; $task = Start-AsyncTask { Start-Sleep 7; Set-AsyncEvent $using:event }; await (Start-Top { Wait-AsyncEvent $event; "came" })'; Like = 'came' }
        @{ Scenario = 'with a script that starts it on a thread and is at work'; Like = 'came'; Script = '
            $gate.SetResult(1); $event = New-AsyncEvent
            $task = Start-AsyncTask -OnThread { $event = $using:event; $done = Start-AsyncTask { await (Start-AsyncSleep 0.01); @(1).ForEach({ await (Start-AsyncSleep 0.1) }) }; await (Start-AsyncTask { await (Start-AsyncSleep 0.01); @(1).ForEach({ Wait-AsyncEvent $event; "came" }) }) }
            Start-Sleep 7; Set-AsyncEvent $event; await $task' }
    ) } {
        BeforeAll {
            $holder = '
                $lock = New-AsyncLock L
                $worker = Start-AsyncTask -Name worker { await (Start-AsyncSleep 0); @(1).ForEach({ Enter-AsyncLock $lock; Wait-Beneath }) }'
            $late = @{ Scenario = 'warned'; Script = '
                $other = Start-AsyncTask { await (Start-AsyncSleep 12); Exit-AsyncLock $lock }
                await (Start-Top { Enter-AsyncLock $lock 3>&1; "got it" })' }
            $runs = Start-InOwnProcess (@($late) + $Cases) -Before "$scene$holder"
        }
        AfterAll { Remove-EveryJob }

        It '<Scenario>' -TestCases $Cases {
            $lines = Receive-InOwnProcess $runs[$Scenario]
            @($lines | Where-Object { $_ -like 'AsyncDeadlock*' }) | Should -HaveCount 0
            @($lines | Where-Object { $_ -like $Like }) | Should -HaveCount 1
        }

        It 'and are warned of where somebody else might give what they need' {
            $lines = Receive-InOwnProcess $runs.warned
            @($lines | Where-Object { $_ -like "*This wait may never end. It needs AsyncTask * 'worker', which is in the middle of a step beneath it*" }) | Should -HaveCount 1
            $lines[-1] | Should -Be 'got it'
        }
    }

    It 'end at Ctrl+C meanwhile' {
        $session = New-TestSession
        try {
            Stop-InSession $session '
                $lock = New-AsyncLock
                1..2 | Start-AsyncTask {
                    $number = $_
                    await (Start-AsyncSleep 0.01)
                    @(1).ForEach({ if ($number -eq 2) { $signal.Set() }; Enter-AsyncLock $lock; await (Start-AsyncSleep 0.05) })
                } | Wait-AsyncGather' |
                Should -BeLessThan ([timespan] '0:0:10')
        }
        finally {
            Remove-TestSession $session
        }
    }
}
