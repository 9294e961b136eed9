BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncCondition' {
    It 'makes a condition with a lock of its own' {
        $condition = New-AsyncCondition -Name full
        $condition.Lock.IsHeld | Should -BeFalse
        $condition.WaitingCount | Should -Be 0
        "$condition" | Should -BeLike "*'full'*"
    }

    It 'takes a lock that others share' {
        $lock = New-AsyncLock
        $first = New-AsyncCondition $lock
        $second = New-AsyncCondition -Lock $lock
        Use-AsyncLock $first.Lock { $second.Lock.IsHeld } | Should -BeTrue
        $second.Lock | Should -Be $lock
    }

    It 'makes what cannot be awaited itself' {
        { await (New-AsyncCondition) } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*AsyncJobs.AsyncCondition*'
    }
}

Describe 'Wait-AsyncCondition' {
    It 'gives the lock up while it waits and has it again afterwards' {
        $condition = New-AsyncCondition
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition } }
        Use-AsyncLock $condition.Lock {
            Wait-AsyncCondition $condition -TimeoutSec 30
            $condition.Lock.IsHeld
        } | Should -BeTrue
        $condition.Lock.IsHeld | Should -BeFalse
    }

    It 'needs the lock' {
        $condition = New-AsyncCondition
        { Wait-AsyncCondition $condition } | Should -Throw -ErrorId 'LockNotHeld' -ExceptionType ([Threading.SynchronizationLockException])
        $condition.WaitingCount | Should -Be 0
    }

    It 'throws at the time-out, with the lock held' {
        $condition = New-AsyncCondition full
        Use-AsyncLock $condition.Lock {
            { Wait-AsyncCondition $condition -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout' -ExceptionType ([TimeoutException])
            $condition.Lock.IsHeld | Should -BeTrue
        }
        $condition.WaitingCount | Should -Be 0
        $condition.Lock.IsHeld | Should -BeFalse
    }

    Context '-Until' {
        It 'does not wait for what holds already, nor need the lock for it' {
            Wait-AsyncCondition (New-AsyncCondition) -Until { 1, 2, 3 } | Should -BeNullOrEmpty
        }

        It 'needs the lock for what does not hold' {
            { Wait-AsyncCondition (New-AsyncCondition) -Until { $false } } | Should -Throw -ErrorId 'LockNotHeld'
        }

        It 'waits on through notifications until it holds' {
            $condition = New-AsyncCondition
            $box = @{ Value = 0; Looks = 0 }
            $task = Start-AsyncTask -OnThread {
                $c, $b = $using:condition, $using:box
                Use-AsyncLock $c.Lock {
                    Wait-AsyncCondition $c -Until { $b.Looks++; $b.Value -eq 2 } -TimeoutSec 60
                    "saw $($b.Value), held: $($c.Lock.IsHeld)"
                }
            }
            foreach ($value in 1, 2) {
                Wait-Until { $condition.WaitingCount -eq 1 }
                Use-AsyncLock $condition.Lock { $box.Value = $value; Send-AsyncCondition $condition }
            }
            await $task -TimeoutSec 60 | Should -Be 'saw 2, held: True'
            $box.Looks | Should -Be 3
        }

        It 'is looked at in the caller''s scope' {
            function Test-Scope {
                $looks = 0
                $condition = New-AsyncCondition
                Wait-AsyncCondition $condition -Until { $looks++; $true }
                $looks
            }
            Test-Scope | Should -Be 1
        }

        It 'throws what the block throws, with the lock held' {
            $condition = New-AsyncCondition
            Use-AsyncLock $condition.Lock {
                { Wait-AsyncCondition $condition -Until { throw [IO.IOException]::new('io') } } | Should -Throw -ExceptionType ([IO.IOException])
                $condition.Lock.IsHeld | Should -BeTrue
            }
        }

        It 'has one time-out for all its waits, and names it whole' {
            $condition = New-AsyncCondition
            $ticks = Start-AsyncTask -OnThread {
                foreach ($i in 1..1000) { Use-AsyncLock ($using:condition).Lock { Send-AsyncCondition $using:condition }; Start-Sleep -Milliseconds 10 }
            }
            Use-AsyncLock $condition.Lock {
                { Wait-AsyncCondition $condition -Until { $false } -TimeoutSec 0.3 } | Should -Throw -ErrorId 'AsyncTimeout' -ExpectedMessage '*0.3 s*'
            }
            Stop-AsyncTask $ticks
        }

        It 'counts what -Until takes: <Where>' -TestCases @{ Where = 'in a script' }, @{ Where = 'in a coroutine' } {
            $condition = New-AsyncCondition
            $block = {
                Use-AsyncLock $condition.Lock {
                    try { Wait-AsyncCondition $condition -Until { Start-Sleep -Milliseconds 60; $false } -TimeoutSec 0.02 }
                    catch [TimeoutException] { "$($_.FullyQualifiedErrorId), held: $($condition.Lock.IsHeld)" }
                }
            }
            $seen = $Where -eq 'in a script' ? (& $block) : (await (Start-AsyncTask -OnLoop $block) -TimeoutSec 60)
            $seen | Should -Be 'AsyncTimeout, held: True'
            $condition.Lock.IsHeld | Should -BeFalse
            $condition.WaitingCount | Should -Be 0
        }
    }

    Context 'Ctrl+C' {
        BeforeEach {
            $session = New-TestSession
        }

        AfterEach {
            Remove-TestSession $session
        }

        It 'ends the wait, and the block''s lock is left' {
            $elapsed = Stop-InSession $session '$c = New-AsyncCondition; Use-AsyncLock $c.Lock { $signal.Set(); Wait-AsyncCondition $c }'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$c.WaitingCount; $c.Lock.IsHeld; $c.Lock.WaitingCount' | Should -Be 0, $false, 0
        }

        Context 'while somebody else has taken the lock' {
            BeforeEach {
                $condition = New-AsyncCondition
                $holder = '$null = Start-AsyncTask -OnThread { while (($using:c).WaitingCount -eq 0) { [Threading.Thread]::Yield() }; Enter-AsyncLock ($using:c).Lock; ($using:signal).Set() }; '
            }

            It 'does not wait for it, nor takes it from them' {
                $script = $holder + '$done = $false; try { Enter-AsyncLock $c.Lock; Wait-AsyncCondition $c } finally { Exit-AsyncLock $c.Lock; $done = $true }'
                $elapsed = Stop-InSession $session $script @{ c = $condition }
                $elapsed.TotalSeconds | Should -BeLessThan 5
                Invoke-InSession $session '$done' | Should -BeTrue
                $condition.Lock.IsHeld | Should -BeTrue
                Exit-AsyncLock $condition.Lock
                Wait-Until { -not $condition.Lock.IsHeld }
                $condition.Lock.WaitingCount | Should -Be 0
            }

            It 'keeps no account of it past the next time the script enters the lock' {
                $null = Stop-InSession $session ($holder + 'Enter-AsyncLock $c.Lock; Wait-AsyncCondition $c') @{ c = $condition }
                Exit-AsyncLock $condition.Lock
                Invoke-InSession $session 'Use-AsyncLock $c.Lock { $c.Lock.IsHeld }; $c.Lock.IsHeld' | Should -Be $true, $false
            }
        }

        It 'passes a notification on that came before it' {
            # The first is notified and then waits for the lock, which the test holds, when it is stopped.
            $condition = New-AsyncCondition
            $first = Start-AsyncTask -OnThread { $c = $using:condition; Use-AsyncLock $c.Lock { Wait-AsyncCondition $c } }
            Wait-Until { $condition.WaitingCount -eq 1 }
            $second = Start-AsyncTask -OnThread { $c = $using:condition; Use-AsyncLock $c.Lock { Wait-AsyncCondition $c; 'notified' } }
            Wait-Until { $condition.WaitingCount -eq 2 }
            Use-AsyncLock $condition.Lock {
                Send-AsyncCondition $condition
                Stop-AsyncTask $first
                await $first -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be 'Stopped'
            }
            await $second -TimeoutSec 30 | Should -Be 'notified'
            Wait-Until { -not $condition.Lock.IsHeld }
        }
    }
}

Describe 'Send-AsyncCondition' {
    BeforeEach {
        $condition = New-AsyncCondition
        $order = [Collections.Concurrent.ConcurrentQueue[int]]::new()
        $tasks = foreach ($number in 1..3) {
            Start-AsyncTask -OnThread { $c = $using:condition; Use-AsyncLock $c.Lock { Wait-AsyncCondition $c -TimeoutSec 60; ($using:order).Enqueue($using:number) } }
            Wait-Until { $condition.WaitingCount -eq $number }
        }
    }

    AfterEach {
        Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition -All }
        $null = $tasks | Wait-AsyncGather -TimeoutSec 60
        $condition.Lock.IsHeld | Should -BeFalse
    }

    It 'wakes the one that has waited longest' {
        Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition }
        await $tasks[0] -TimeoutSec 60
        $order | Should -Be 1
        $condition.WaitingCount | Should -Be 2
    }

    It 'wakes as many as -Count says, in order' {
        Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition -Count 2 }
        await $tasks[0], $tasks[1] -TimeoutSec 60
        $order | Should -Be 1, 2
        $condition.WaitingCount | Should -Be 1
    }

    It 'wakes all, in order, with -<Name>' -TestCases @(
        @{ Name = 'All'; Argument = @{ All = $true } }
        @{ Name = 'Count, which may be more than wait'; Argument = @{ Count = 2048 } }
    ) {
        Use-AsyncLock $condition.Lock { Send-AsyncCondition $condition @Argument }
        await $tasks -TimeoutSec 60
        $order | Should -Be 1, 2, 3
    }

    It 'needs the lock' {
        { Send-AsyncCondition $condition } | Should -Throw -ErrorId 'LockNotHeld,*'
        { Send-AsyncCondition $condition -All } | Should -Throw -ErrorId 'LockNotHeld,*'
        $condition.WaitingCount | Should -Be 3
    }
}

Describe 'Waiting and notifying from many threads' {
    It 'loses no item when tasks are stopped at random' {
        $condition = New-AsyncCondition
        $items = [Collections.Generic.Queue[int]]::new()
        $taken = [Collections.Concurrent.ConcurrentBag[int]]::new()
        # Taking and noting an item is one statement: a stop falls between statements.
        $consume = {
            $c, $queue, $bag = $using:condition, $using:items, $using:taken
            while ($true) {
                $item = Use-AsyncLock $c.Lock { Wait-AsyncCondition $c -Until { $queue.Count -gt 0 }; $bag.Add(($next = $queue.Dequeue())); $next }
                if ($item -lt 0) { return }
            }
        }
        $consumers = [Collections.Generic.List[object]]@(1..6 | Start-AsyncTask -OnThread $consume)
        $producer = Start-AsyncTask -OnThread {
            $c, $queue = $using:condition, $using:items
            foreach ($i in 1..300) { Use-AsyncLock $c.Lock { $queue.Enqueue($i); Send-AsyncCondition $c } }
        }
        $stopped = foreach ($i in 1..12) {
            await (Start-AsyncSleep -Milliseconds (Get-Random 30))
            $victim = $consumers[(Get-Random $consumers.Count)]
            Stop-AsyncTask $victim -PassThru
            $null = $consumers.Remove($victim)
            $consumers.Add((Start-AsyncTask -OnThread $consume))
        }
        await $producer -TimeoutSec 60
        $null = await $stopped -PassThru -TimeoutSec 60
        Wait-Until { $taken.Count -eq 300 }
        ($taken | Sort-Object -Unique).Count | Should -Be 300
        Use-AsyncLock $condition.Lock { foreach ($consumer in $consumers) { $items.Enqueue(-1) }; Send-AsyncCondition $condition -All } -TimeoutSec 30
        await $consumers -TimeoutSec 60
        $condition.Lock.IsHeld | Should -BeFalse
        $condition.WaitingCount, $condition.Lock.WaitingCount | Should -Be 0, 0
    }
}
