# Behaviour of coroutines after CPython's test_tasks.py, test_waitfor.py and test_timeouts.py: see cpython/*.md.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs

    # Turns the loop until a condition holds.
    function Wait-Turning([scriptblock] $Condition) {
        $deadline = [DateTime]::UtcNow.AddSeconds(30)
        while (-not (& $Condition)) {
            if ([DateTime]::UtcNow -gt $deadline) { throw "Not within 30 s: $Condition" }
            await (Start-AsyncSleep 0.01)
        }
    }

    function Stop-AndWait($Task) {
        Stop-AsyncTask $Task
        { await $Task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $Task.IsCanceled | Should -BeTrue
    }
}

Describe 'A coroutine' {
    It 'adds up what it awaits' {
        await (Start-AsyncTask { (await (Start-AsyncSleep 0 -Result 42)) + (await (Start-AsyncSleep 0 -Result 1000)) }) | Should -Be 1042
    }

    It 'is not given a future that is its result as that future''s result' {
        $future = New-Future
        $task = Start-AsyncTask { await (Start-AsyncSleep 0); , $future }
        [object]::ReferenceEquals((await $task -TimeoutSec 30), $future) | Should -BeTrue
        $future.IsCompleted | Should -BeFalse
    }

    It 'is refused the task it is itself' {
        $self = @{}
        $start = New-Future
        $task = $self.Task = Start-AsyncTask { $null = await $start; await $self.Task }
        Complete-Future $start
        { await $task -TimeoutSec 30 } | Should -Throw -ErrorId 'InvalidState*' -ExpectedMessage '*cannot await itself*'
    }

    It 'lets callbacks run at a sleep of no length' {
        $seen = [Collections.ArrayList]::new()
        await (Start-AsyncTask {
                $null = Register-AsyncCallback -After 00:00:00 -Action { $seen.Add('callback') }
                $seen.Add('before')
                await (Start-AsyncSleep 0.05 -Result 'slept')
                $seen.Add('after')
            }) -TimeoutSec 30 | Should -Contain 'slept'
        $seen | Should -Be 'before', 'callback', 'after'
    }

    It 'keeps its variables apart from those of a hundred others' {
        $tasks = 1..100 | ForEach-Object { Start-AsyncTask -ArgumentList $_ { param($n) $value = $n; foreach ($i in 1..3) { await (Start-AsyncSleep 0.001); $value++ }; $value } }
        Wait-AsyncGather $tasks -TimeoutSec 60 | Should -Be (4..103)
    }
}

Describe 'Cancelling a coroutine' {
    It 'passes the cancellation on to what it awaits' {
        $future = New-Future
        $task = Start-AsyncTask { await $future; 12 }
        Stop-AndWait $task
        $future.IsCanceled | Should -BeTrue
        $task.Cancel() | Should -BeFalse
    }

    It 'reaches the innermost of several through each of them' {
        $future = New-Future
        $seen = [Collections.ArrayList]::new()
        $inner = Start-AsyncTask { try { await $future } catch [OperationCanceledException] { $null = $seen.Add('inner'); throw } }
        $outer = Start-AsyncTask { try { await $inner } catch [OperationCanceledException] { $null = $seen.Add('outer') } }
        Stop-AsyncTask $outer
        await $outer -TimeoutSec 30
        $seen | Should -Be 'inner', 'outer'
        $future.IsCanceled, $inner.IsCanceled, $outer.IsCanceled | Should -Be $true, $true, $false
    }

    It 'comes of the cancellation of what it awaits' {
        $future = New-Future
        $task = Start-AsyncTask { await $future; 12 }
        Complete-Future $future -Cancel
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $task.IsCanceled | Should -BeTrue
    }

    It 'and what it awaits ends it once' {
        $future = New-Future
        $task = Start-AsyncTask { await $future; 12 }
        $null = $future.Cancel()
        Stop-AndWait $task
    }

    It 'that catches it goes on and gives its result' {
        $seen = [Collections.Generic.List[string]]::new()
        $first, $second, $third = (New-Future), (New-Future), (New-Future)
        $task = Start-AsyncTask { $null = await $first; $seen.Add('first'); try { await $second } catch [OperationCanceledException] { $seen.Add('caught') }; await $third }
        Complete-Future $first
        Wait-Turning { $seen -contains 'first' }
        Stop-AsyncTask $task
        Wait-Turning { $seen -contains 'caught' }
        $second.IsCanceled, $third.IsCanceled, $task.IsCompleted | Should -Be $true, $false, $false
        Complete-Future $third -Result 42
        await $task -TimeoutSec 30 | Should -Be 42
        $task.IsCanceled | Should -BeFalse
    }

    It 'that caught it once can be done again' {
        $seen = [Collections.ArrayList]::new()
        $task = Start-AsyncTask { try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { $null = $seen.Add('caught') }; await (Start-AsyncSleep 60) }
        Stop-AsyncTask $task
        Wait-Turning { $seen.Count }
        $task.IsCompleted | Should -BeFalse
        Stop-AndWait $task
    }

    It 'from inside ends it where it awaits next' {
        $seen = [Collections.ArrayList]::new()
        $self = @{}
        $start = New-Future
        $task = $self.Task = Start-AsyncTask { await $start; Stop-AsyncTask $self.Task; $null = $seen.Add('still'); await (Start-AsyncSleep 60); $null = $seen.Add('never') }
        Complete-Future $start
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $seen | Should -Be 'still'
    }

    It 'from inside reaches the task it awaits next' {
        $self = @{}
        $start, $future = (New-Future), (New-Future)
        $nested = Start-AsyncTask { await $future }
        $task = $self.Task = Start-AsyncTask { await $start; Stop-AsyncTask $self.Task; await $nested }
        Complete-Future $start
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        Wait-Turning { $nested.IsCompleted }
        $task.IsCanceled, $nested.IsCanceled, $future.IsCanceled | Should -Be $true, $true, $true
    }

    It 'keeps the reason, through <Way>' -TestCases @(
        @{ Way = 'the method'; Look = { $args[0].GetResult() } }
        @{ Way = 'await'; Look = { await $args[0] } }
        @{ Way = 'another coroutine'; Look = { await (Start-AsyncTask -ArgumentList $args[0] { param($t) await $t }) } }
    ) {
        $task = Start-AsyncTask { await (Start-AsyncSleep 60) }
        Stop-AsyncTask $task -Reason 'my reason'
        $null = Wait-AsyncTask $task -PassThru -TimeoutSec 30
        { & $Look $task } | Should -Throw -ExpectedMessage '*my reason*'
    }

    It 'that fails instead fails with that' {
        $task = Start-AsyncTask { try { await (Start-AsyncSleep 60) } finally { throw [IO.IOException]::new('clean-up') } }
        Stop-AsyncTask $task
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([IO.IOException]) -ExpectedMessage 'clean-up'
        $task.State | Should -Be 'Failed'
    }

    It 'that gathers cancels all it gathers, -ReturnExceptions or not: <Switch>' -TestCases @(
        @{ Switch = @{} }
        @{ Switch = @{ ReturnExceptions = $true } }
    ) {
        $children = 1..3 | ForEach-Object { New-Future }
        $seen = [Collections.ArrayList]::new()
        $task = Start-AsyncTask { Wait-AsyncGather $children @Switch; $null = $seen.Add('not reached') }
        Stop-AndWait $task
        $children.IsCanceled | Should -Be $true, $true, $true
        $seen.Count | Should -Be 0
    }

    It 'that awaits a protected task leaves that alone' {
        $future = New-Future
        $inner = Start-AsyncTask { await $future; 'inner' }
        $outer = Start-AsyncTask { await (Protect-AsyncTask $inner) }
        Stop-AndWait $outer
        Complete-Future $future
        await $inner -TimeoutSec 30 | Should -Be $null, 'inner'
    }

    It 'that gathers in a loop ends the loop' {
        $task = Start-AsyncTask { while ($true) { Wait-AsyncGather (Start-AsyncSleep 0.01) -ReturnExceptions } }
        await (Start-AsyncSleep 0.1)
        Stop-AndWait $task
    }

    It 'that only watches leaves what it watches alone: <Switch>' -TestCases @(
        @{ Switch = @{ PassThru = $true } }
        @{ Switch = @{ Any = $true } }
        @{ Switch = @{ FirstError = $true } }
    ) {
        $future = New-Future
        $inner = Start-AsyncTask { await $future; 'inner' }
        $outer = Start-AsyncTask { Wait-AsyncTask $inner @Switch }
        Stop-AndWait $outer
        Complete-Future $future
        await $inner -TimeoutSec 30 | Should -Be $null, 'inner'
    }
}

Describe 'Invoke-WithTimeout with a coroutine' {
    It 'waits for one that ignores the cancellation, and gives its result' {
        Invoke-WithTimeout 0.1 { try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { await (Start-AsyncSleep 0.1) }; 42 } | Should -Be 42
    }

    It 'throws only when finally has awaited' {
        $seen = [Collections.ArrayList]::new()
        { Invoke-WithTimeout 0.1 { try { await (Start-AsyncSleep 60) } finally { await (Start-AsyncSleep 0.1); $null = $seen.Add('cleaned up') } } } |
            Should -Throw -ExceptionType ([TimeoutException])
        $seen | Should -Be 'cleaned up'
    }

    It 'throws what the clean-up failed with' {
        { Invoke-WithTimeout 0.1 { try { await (Start-AsyncSleep 60) } finally { throw [IO.IOException]::new('clean-up') } } } |
            Should -Throw -ExceptionType ([IO.IOException]) -ExpectedMessage 'clean-up'
    }

    It 'passes an error on that comes in time' {
        { Invoke-WithTimeout 60 { await (Start-AsyncSleep 0); throw [IO.IOException]::new('io') } } | Should -Throw -ExceptionType ([IO.IOException])
    }

    It 'leaves the task around it as it was' {
        $task = Start-AsyncTask { try { Invoke-WithTimeout 0.05 { await (Start-AsyncSleep 60) } } catch [TimeoutException] { 'late' }; await (Start-AsyncSleep 0.01 -Result 'after') }
        await $task -TimeoutSec 30 | Should -Be 'late', 'after'
        $task.IsCancellationRequested, $task.IsCanceled | Should -Be $false, $false
    }

    It 'is the outer one that is late where both are' {
        $seen = [Collections.ArrayList]::new()
        {
            Invoke-WithTimeout 0.2 {
                try { Invoke-WithTimeout 60 { await (Start-AsyncSleep 60) } }
                catch [TimeoutException] { $null = $seen.Add('inner') }
                catch [OperationCanceledException] { $null = $seen.Add('cancelled'); throw }
            }
        } | Should -Throw -ExceptionType ([TimeoutException]) -ExpectedMessage '*0.2 s*'
        $seen | Should -Be 'cancelled'
    }

    It 'lets the outer go on to its own limit after the inner was late' {
        $seen = [Collections.ArrayList]::new()
        {
            Invoke-WithTimeout 1 {
                try { Invoke-WithTimeout 0.1 { await (Start-AsyncSleep 60) } } catch [TimeoutException] { $null = $seen.Add('inner') }
                await (Start-AsyncSleep 60)
            }
        } | Should -Throw -ExceptionType ([TimeoutException]) -ExpectedMessage '*1 s*'
        $seen | Should -Be 'inner'
    }

    It 'may stand in the finally block of another that is late' {
        $seen = [Collections.ArrayList]::new()
        {
            Invoke-WithTimeout 0.2 {
                try { await (Start-AsyncSleep 60) }
                finally {
                    try { Invoke-WithTimeout 0.1 { await (Start-AsyncSleep 60) } } catch [TimeoutException] { $null = $seen.Add('inner') }
                }
            }
        } | Should -Throw -ExceptionType ([TimeoutException]) -ExpectedMessage '*0.2 s*'
        $seen | Should -Be 'inner'
    }

    It 'works in a coroutine that has swallowed a cancellation' {
        $task = Start-AsyncTask {
            try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { }
            try { Invoke-WithTimeout 0.05 { await (Start-AsyncSleep 60) } } catch [TimeoutException] { 'late' }
        }
        Stop-AsyncTask $task
        await $task -TimeoutSec 30 | Should -Be 'late'
    }

    It 'passes a cancellation on that comes meanwhile, and is not late then' {
        $inner = New-Future
        $task = Start-AsyncTask { Invoke-WithTimeout 60 -Task $inner }
        Stop-AndWait $task
        $inner.IsCanceled | Should -BeTrue
    }

    It 'loses no cancellation that comes just after the work ended' {
        foreach ($i in 1..20) {
            $start = New-Future
            $task = Start-AsyncTask { $null = Invoke-WithTimeout 60 -Task $start; await (Start-AsyncSleep 60); 'not reached' }
            Complete-Future $start -Result done
            Stop-AndWait $task
            $start.Result | Should -Be 'done'
        }
    }
}

Describe 'Invoke-AsyncTaskGroup in a coroutine' {
    BeforeAll {
        # Stops a task and gives the exception it ends with.
        function Get-EndOf($Task) {
            Stop-AsyncTask $Task
            $null = Wait-AsyncTask $Task -PassThru -TimeoutSec 30
            $Task.Exception
        }
    }

    It 'that is cancelled cancels block and tasks, and is cancelled' {
        $seen = [Collections.Generic.List[string]]::new()
        $futures = 1..5 | ForEach-Object { New-Future }
        $task = Start-AsyncTask {
            Invoke-AsyncTaskGroup {
                $null = $futures | Start-AsyncTask { $future = $_; try { await $future } catch [OperationCanceledException] { $seen.Add('task'); throw } }
                try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { $seen.Add('block'); throw }
            }
        }
        Get-EndOf $task | Should -BeOfType OperationCanceledException
        $task.IsCanceled | Should -BeTrue
        $seen | Sort-Object | Should -Be 'block', 'task', 'task', 'task', 'task', 'task'
    }

    It 'that has no tasks is cancelled where its block waits' {
        $seen = [Collections.Generic.List[string]]::new()
        $task = Start-AsyncTask { Invoke-AsyncTaskGroup { try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { $seen.Add('block'); throw } } }
        Get-EndOf $task | Should -BeOfType OperationCanceledException
        $seen | Should -Be 'block'
    }

    It 'that is cancelled fails with what its tasks fail with in their clean-up' {
        $task = Start-AsyncTask {
            Invoke-AsyncTaskGroup {
                $null = 1..3 | Start-AsyncTask { try { await (Start-AsyncSleep 60) } finally { throw [IO.IOException]::new('clean-up') } }
                await (Start-AsyncSleep 60)
            }
        }
        $end = Get-EndOf $task
        $end | Should -BeOfType AsyncJobs.TaskGroupException
        $end.InnerExceptions | ForEach-Object { $_ | Should -BeOfType IO.IOException }
        $end.InnerExceptions.Count | Should -Be 3
    }

    It 'that is cancelled fails with what its block throws instead' {
        $task = Start-AsyncTask { Invoke-AsyncTaskGroup { try { await (Start-AsyncSleep 60) } catch [OperationCanceledException] { throw [IO.IOException]::new('instead') } } }
        $end = Get-EndOf $task
        $end | Should -BeOfType AsyncJobs.TaskGroupException
        $end.InnerExceptions.Message | Should -Be 'instead'
    }

    It 'that is cancelled inside another hands its failure to that' {
        $task = Start-AsyncTask {
            Invoke-AsyncTaskGroup {
                $null = Start-AsyncSleep 60
                Invoke-AsyncTaskGroup {
                    $null = Start-AsyncTask { try { await (Start-AsyncSleep 60) } finally { throw [IO.IOException]::new('clean-up') } }
                    await (Start-AsyncSleep 60)
                }
            }
        }
        $end = Get-EndOf $task
        $end | Should -BeOfType AsyncJobs.TaskGroupException
        $end.InnerExceptions.Count | Should -Be 1
        $end.InnerExceptions[0] | Should -BeOfType AsyncJobs.TaskGroupException
        $end.InnerExceptions[0].InnerExceptions.Message | Should -Be 'clean-up'
    }

    It 'fails with a task''s failure and the block''s own, which came of it' {
        $task = Start-AsyncTask {
            Invoke-AsyncTaskGroup {
                $null = Start-AsyncTask { await (Start-AsyncSleep 0.05); throw [IO.IOException]::new('task') }
                try { await (Start-AsyncSleep 60) } finally { throw [InvalidOperationException]::new('block') }
            }
        }
        $null = Wait-AsyncTask $task -PassThru -TimeoutSec 30
        $task.Exception | Should -BeOfType AsyncJobs.TaskGroupException
        $task.Exception.InnerExceptions.Message | Sort-Object | Should -Be 'block', 'task'
    }

    It 'leaves its task without a cancellation when the failure is caught' {
        $task = Start-AsyncTask {
            try { Invoke-AsyncTaskGroup { $null = Start-AsyncTask { await (Start-AsyncSleep 0.05); throw 'x' }; await (Start-AsyncSleep 60) } } catch { 'caught' }
            await (Start-AsyncSleep 0.05 -Result 'goes on')
        }
        await $task -TimeoutSec 30 | Should -Be 'caught', 'goes on'
        $task.IsCancellationRequested | Should -BeFalse
    }

    It 'loses no cancellation that comes with the failure of a task' {
        $failing = New-Future
        $seen = [Collections.Generic.List[string]]::new()
        $task = Start-AsyncTask {
            try { Invoke-AsyncTaskGroup { $null = Start-AsyncTask { await $failing }; await (Start-AsyncSleep 60) } } catch [AsyncJobs.TaskGroupException] { $seen.Add('group') }
            await (Start-AsyncSleep 60)
            $seen.Add('not reached')
        }
        Complete-Future $failing -Exception 'x'
        Stop-AsyncTask $task
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $seen | Should -Not -Contain 'not reached'
    }

    It 'in a time-out that passes fails with what its tasks fail with in their clean-up' {
        $failure = {
            Invoke-WithTimeout 0.2 {
                Invoke-AsyncTaskGroup {
                    $null = Start-AsyncTask { try { await (Start-AsyncSleep 60) } finally { throw [IO.IOException]::new('clean-up') } }
                    await (Start-AsyncSleep 60)
                }
            }
        } | Should -Throw -ExceptionType ([AsyncJobs.TaskGroupException]) -PassThru
        $failure.Exception.InnerExceptions.Message | Should -Be 'clean-up'
    }
}
