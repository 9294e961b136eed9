# The cmdlets of locks, semaphores and their kin inside coroutines: there they suspend.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A lock in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'is held across waits by one at a time, first come first served' {
        $lock = New-AsyncLock
        $tasks = 1..3 | Start-AsyncTask {
            Enter-AsyncLock $lock
            try { $log.Add("in $_"); await (Start-AsyncSleep 0); $log.Add("out $_") } finally { Exit-AsyncLock $lock }
        }
        $log | Should -Be 'in 1'
        await $tasks -TimeoutSec 30
        $log | Should -Be 'in 1', 'out 1', 'in 2', 'out 2', 'in 3', 'out 3'
        $lock.IsHeld | Should -BeFalse
    }

    It 'lets others go on while one waits for it' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $waiter = Start-AsyncTask { Enter-AsyncLock $lock; $log.Add('has it'); Exit-AsyncLock $lock }
        await (Start-AsyncTask { foreach ($i in 1..3) { await (Start-AsyncSleep 0); $log.Add($i) } }) -TimeoutSec 30
        $log | Should -Be 1, 2, 3
        Exit-AsyncLock $lock
        await $waiter -TimeoutSec 30
        $log[-1] | Should -Be 'has it'
    }

    It 'has the body of Use-AsyncLock in the coroutine: its variables, its jumps, its errors' {
        $lock = New-AsyncLock
        $task = Start-AsyncTask {
            $n = 0
            foreach ($i in 1..5) {
                Use-AsyncLock $lock { $n++; await (Start-AsyncSleep 0); if ($i -eq 3) { break }; $n }
            }
            "n $n"
            try { Use-AsyncLock -ScriptBlock { await (Start-AsyncSleep 0); throw [IO.IOException] 'inside' } -Lock $lock } catch [IO.IOException] { "caught $_" }
            Use-AsyncLock $lock -ScriptBlock:{ await (Start-AsyncSleep 0 -Result 'colon') }
        }
        await $task -TimeoutSec 30 | Should -Be 1, 2, 'n 3', 'caught inside', 'colon'
        $lock.IsHeld | Should -BeFalse
    }

    It 'reads $using: in its body' {
        $lock = New-AsyncLock
        $value = 5
        await (Start-AsyncTask { Use-AsyncLock $using:lock { await (Start-AsyncSleep 0); $using:value } }) -TimeoutSec 30 | Should -Be 5
    }

    It 'says so where its body left it already' {
        $lock = New-AsyncLock
        $task = Start-AsyncTask { try { Use-AsyncLock $lock { await (Start-AsyncSleep 0); Exit-AsyncLock $lock } } catch { $_.FullyQualifiedErrorId } }
        await $task -TimeoutSec 30 | Should -BeLike 'LockNotHeld*'
    }

    It 'is not taken at the time-out' {
        $lock = New-AsyncLock -Name door
        Enter-AsyncLock $lock
        $task = Start-AsyncTask {
            try { Use-AsyncLock $lock { $log.Add('body') } -TimeoutSec 0.02 } catch [TimeoutException] { "$($_.FullyQualifiedErrorId) $_" }
        }
        await $task -TimeoutSec 30 | Should -BeLike "AsyncTimeout*'door'*0.02 s*"
        $log.Count | Should -Be 0
        $lock.WaitingCount | Should -Be 0
        Exit-AsyncLock $lock
        $lock.IsHeld | Should -BeFalse
    }

    It 'gives the place up where the coroutine is stopped, and runs its finally' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $stopped = Start-AsyncTask { try { Enter-AsyncLock $lock } finally { await (Start-AsyncSleep 0); $log.Add('finally') } }
        $next = Start-AsyncTask { Use-AsyncLock $lock { 'next' } }
        Stop-AsyncTask $stopped
        await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $log | Should -Be 'finally'
        $lock.WaitingCount | Should -Be 1
        Exit-AsyncLock $lock
        await $next -TimeoutSec 30 | Should -Be 'next'
        $lock.IsHeld | Should -BeFalse
    }

    It 'goes to the next where it was handed over in the instant of the stop' {
        $lock = New-AsyncLock
        foreach ($round in 1..50) {
            Enter-AsyncLock $lock
            $stopped = Start-AsyncTask { Use-AsyncLock $lock { $log.Add('body of the stopped') } }
            $next = Start-AsyncTask { Use-AsyncLock $lock { 'next' } }

            # No turn of the loop between the two.
            if ($round % 2) { Exit-AsyncLock $lock; Stop-AsyncTask $stopped } else { Stop-AsyncTask $stopped; Exit-AsyncLock $lock }
            await $next -TimeoutSec 30 | Should -Be 'next'
            await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
            $lock.IsHeld | Should -BeFalse
        }
        $log.Count | Should -Be 0
    }

    It 'guards a counter of 1,000 coroutines, thread tasks among them' {
        $lock = New-AsyncLock
        $h = @{ count = 0 }
        $tasks = @(1..1000 | Start-AsyncTask { Use-AsyncLock $lock { $n = $h.count; await (Start-AsyncSleep 0); $h.count = $n + 1 } })
        $tasks += 1..10 | Start-AsyncTask -OnThread { Use-AsyncLock $using:lock { $n = ($using:h).count; [Threading.Thread]::Yield(); ($using:h).count = $n + 1 } }
        await $tasks -TimeoutSec 120
        $h.count | Should -Be 1010
    }

    It 'is not needed between two waits' {
        $h = @{ count = 0 }
        $tasks = 1..1000 | Start-AsyncTask { foreach ($i in 1..3) { $h.count++; await (Start-AsyncSleep 0) } }
        await $tasks -TimeoutSec 120
        $h.count | Should -Be 3000
    }

    It 'may be waited for by plain script meanwhile' {
        $lock = New-AsyncLock
        $task = Start-AsyncTask { Use-AsyncLock $lock { await (Start-AsyncSleep 0.02); $log.Add('coroutine') } }
        Use-AsyncLock $lock { $log.Add('script') } -TimeoutSec 30
        await $task
        $log | Should -Be 'coroutine', 'script'
    }

    It 'is free again after Ctrl+C in the wait for its coroutines' {
        $session = New-TestSession
        try {
            $script = '$lock = New-AsyncLock; Enter-AsyncLock $lock; $t = 1..5 | Start-AsyncTask { Use-AsyncLock $lock { 1 } }; $signal.Set(); $t | Wait-AsyncGather'
            Stop-InSession $session $script | Should -BeLessThan ([TimeSpan]::FromSeconds(5))
            Invoke-InSession $session 'Exit-AsyncLock $lock; $null = await $t -PassThru -TimeoutSec 30; $lock.IsHeld; $lock.WaitingCount; $t.State | Sort-Object -Unique' |
                Should -Be $false, 0, 'Stopped'
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'A semaphore in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'lets three of 1,000 in at a time, in the order of asking' {
        $semaphore = New-AsyncSemaphore 3
        $h = @{ now = 0; most = 0 }
        $tasks = 1..1000 | Start-AsyncTask {
            Use-AsyncSemaphore $semaphore {
                $log.Add($_); $h.now++; if ($h.now -gt $h.most) { $h.most = $h.now }
                await (Start-AsyncSleep 0)
                $h.now--
            }
        }
        await $tasks -TimeoutSec 120
        $h.most | Should -Be 3
        $semaphore.CurrentCount | Should -Be 3
        $log | Should -Be (1..1000)
    }

    It 'loses no permit to coroutines that are stopped or late' {
        $semaphore = New-AsyncSemaphore 2
        $tasks = 1..200 | Start-AsyncTask { Use-AsyncSemaphore $semaphore { await (Start-AsyncSleep (Get-Random -Maximum 0.004)) } -TimeoutSec (Get-Random -Minimum 0.02 -Maximum 0.2) }
        foreach ($task in $tasks | Get-Random -Count 60) { Stop-AsyncTask $task; await (Start-AsyncSleep (Get-Random -Maximum 0.003)) }
        $null = await $tasks -PassThru -TimeoutSec 120
        $semaphore.CurrentCount | Should -Be 2
        $semaphore.WaitingCount | Should -Be 0
    }

    It 'enters and leaves by cmdlets of their own' {
        $semaphore = New-AsyncSemaphore 1
        $tasks = 1..3 | Start-AsyncTask { Enter-AsyncSemaphore $semaphore -TimeoutSec 30; $log.Add($_); await (Start-AsyncSleep 0); Exit-AsyncSemaphore $semaphore }
        await $tasks -TimeoutSec 30
        $log | Should -Be 1, 2, 3
    }
}

Describe 'An event in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'wakes all that wait, in their order' {
        $event = New-AsyncEvent
        $tasks = 1..200 | Start-AsyncTask { Wait-AsyncEvent $event; $log.Add($_) }
        $event.WaitingCount | Should -Be 200
        Set-AsyncEvent $event
        await $tasks -TimeoutSec 30
        $log | Should -Be (1..200)
    }

    It 'times out, and is stopped' {
        $event = New-AsyncEvent
        $late = Start-AsyncTask { try { Wait-AsyncEvent $event -TimeoutSec 0.01 } catch [TimeoutException] { 'late' } }
        $stopped = Start-AsyncTask { try { Wait-AsyncEvent $event } catch [OperationCanceledException] { "stopped: $_" } }
        Stop-AsyncTask $stopped -Reason 'enough'
        await $late -TimeoutSec 30 | Should -Be 'late'
        await $stopped -TimeoutSec 30 | Should -BeLike 'stopped: *enough'
        $event.WaitingCount | Should -Be 0
    }
}

Describe 'A condition in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'hands items from producers to consumers' {
        $condition = New-AsyncCondition
        $items = [Collections.Generic.Queue[int]]::new()
        $consumers = 1..5 | Start-AsyncTask {
            foreach ($i in 1..20) {
                Use-AsyncLock $condition.Lock { Wait-AsyncCondition $condition -Until { $items.Count -gt 0 } -TimeoutSec 60; $log.Add($items.Dequeue()) }
            }
        }
        $producer = Start-AsyncTask { foreach ($i in 1..100) { Use-AsyncLock $condition.Lock { $items.Enqueue($i); Send-AsyncCondition $condition }; await (Start-AsyncSleep 0) } }
        await @($consumers; $producer) -TimeoutSec 60
        $log | Sort-Object | Should -Be (1..100)
        $condition.Lock.IsHeld | Should -BeFalse
    }

    It 'has the lock again at the time-out and when stopped' {
        $condition = New-AsyncCondition
        $late = Start-AsyncTask { Use-AsyncLock $condition.Lock { try { Wait-AsyncCondition $condition -TimeoutSec 0.01 } catch [TimeoutException] { "late, held: $($condition.Lock.IsHeld)" } } }
        await $late -TimeoutSec 30 | Should -Be 'late, held: True'
        $stopped = Start-AsyncTask { Use-AsyncLock $condition.Lock { try { Wait-AsyncCondition $condition -Until { $false } } finally { $log.Add($condition.Lock.IsHeld) } } }
        Stop-AsyncTask $stopped
        await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $log | Should -Be $true
        $condition.Lock.IsHeld | Should -BeFalse
    }

    It 'passes the notification on of one that is stopped in that instant' {
        $condition = New-AsyncCondition
        $tasks = 1..2 | Start-AsyncTask { Use-AsyncLock $condition.Lock { Wait-AsyncCondition $condition -TimeoutSec 30; $_ } }
        Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition; Stop-AsyncTask $tasks[0] }
        await $tasks[1] -TimeoutSec 30 | Should -Be 2
        $condition.Lock.IsHeld | Should -BeFalse
    }

    It 'keeps what -Until assigns in the coroutine' {
        $condition = New-AsyncCondition
        $task = Start-AsyncTask { $looks = 0; Use-AsyncLock $condition.Lock { Wait-AsyncCondition $condition -Until { $looks++; $looks -ge 3 } }; $looks }
        foreach ($i in 1..2) { await (Start-AsyncSleep 0); Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition } -TimeoutSec 30 }
        await $task -TimeoutSec 30 | Should -Be 3
    }
}

Describe 'A barrier in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'lets rounds of three pass, with numbers in the order of coming' {
        $barrier = New-AsyncBarrier 3
        $tasks = 1..3 | Start-AsyncTask { foreach ($round in 1..3) { $number = Wait-AsyncBarrier $barrier; $log.Add("$round/$number") } }
        await $tasks -TimeoutSec 30
        $log | Should -HaveCount 9
        $log | ForEach-Object { $_.Split('/')[0] } | Should -Be 1, 1, 1, 2, 2, 2, 3, 3, 3
        $log | Sort-Object | Should -Be '1/0', '1/1', '1/2', '2/0', '2/1', '2/2', '3/0', '3/1', '3/2'
    }

    It 'gives the place up at a stop, and says when it is broken' {
        $barrier = New-AsyncBarrier 2
        $stopped = Start-AsyncTask { Wait-AsyncBarrier $barrier }
        Stop-AsyncTask $stopped
        $null = await $stopped -PassThru -TimeoutSec 30
        $barrier.WaitingCount | Should -Be 0
        $broken = Start-AsyncTask { try { Wait-AsyncBarrier $barrier } catch [AsyncJobs.BrokenBarrierException] { 'broken' } }
        Stop-AsyncBarrier $barrier
        await $broken -TimeoutSec 30 | Should -Be 'broken'
    }
}

Describe 'A rate limiter in coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'lets them through in their order, and takes nothing from one that is late' {
        $limiter = New-AsyncRateLimiter -PermitLimit 2 -Window 00:00:00.2
        $tasks = 1..3 | Start-AsyncTask { Enter-AsyncRateLimiter $limiter; $log.Add($_) }
        $late = Start-AsyncTask { try { Enter-AsyncRateLimiter $limiter -TimeoutSec 0.001 } catch [TimeoutException] { 'late' } }
        $log | Should -Be 1, 2
        await $late -TimeoutSec 30 | Should -Be 'late'
        await $tasks -TimeoutSec 30
        $log | Should -Be 1, 2, 3
        $limiter.WaitingCount | Should -Be 0
    }
}
