BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Wait-AsyncGather' {
    It 'gives one result per task, in input order' {
        $results = 0.2, 0, 0.1 | ForEach-Object { Start-AsyncSleep $_ -Result $_ } | Wait-AsyncGather -TimeoutSec 30
        $results | Should -Be 0.2, 0, 0.1
    }

    It 'keeps results apart: nothing is null, several are one array' {
        $results = @((Start-AsyncTask { }), (Start-AsyncTask { 1; 2 }), (Start-AsyncTask { 3 }) | Wait-AsyncGather)
        $results.Count | Should -Be 3
        $results[0] | Should -Be $null
        $results[1] | Should -Be 1, 2
        $results[2] | Should -Be 3
    }

    It 'writes nothing for no tasks' {
        @(@() | Wait-AsyncGather).Count | Should -Be 0
        @(Wait-AsyncGather @()).Count | Should -Be 0
    }

    It 'gives a task given twice two results' {
        $task = Start-AsyncSleep 0 -Result x
        Wait-AsyncGather $task, $task | Should -Be 'x', 'x'
    }

    It 'throws the first failure at once; the others go on' {
        $slow = Start-AsyncSleep 60
        { Wait-AsyncGather $slow, (Start-AsyncTask { throw 'first' }) } | Should -Throw -ExpectedMessage 'first'
        $slow.State | Should -Be 'Running'
        Stop-AsyncTask $slow
    }

    It 'throws when one of them was cancelled' {
        $task = Start-AsyncSleep 60
        Stop-AsyncTask $task
        { Wait-AsyncGather $task } | Should -Throw -ExceptionType ([OperationCanceledException])
    }

    It 'puts each exception in its place with -ReturnExceptions' {
        $stopped = Start-AsyncSleep 60
        Stop-AsyncTask $stopped
        $results = (Start-AsyncSleep 0 -Result ok), (Start-AsyncTask { throw [IO.IOException]::new('io') }), $stopped | Wait-AsyncGather -ReturnExceptions
        $results[0] | Should -Be 'ok'
        $results[1] | Should -BeOfType System.IO.IOException
        $results[2] | Should -BeOfType System.OperationCanceledException
    }

    It 'stops its tasks at -TimeoutSec, waits for their end, and throws' {
        $tasks = (Start-AsyncSleep 60), (Start-AsyncTask { Start-Sleep 60 })
        { $tasks | Wait-AsyncGather -TimeoutSec 0.2 } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
        $tasks.State | Should -Be 'Stopped', 'Stopped'
    }

    It 'leaves the others alone when one of them is cancelled' {
        $cancelled, $goesOn = (New-Future), (Start-AsyncSleep 60)
        Complete-Future $cancelled -Cancel
        { Wait-AsyncGather $cancelled, $goesOn } | Should -Throw -ExceptionType ([OperationCanceledException])
        $goesOn.State | Should -Be 'Running'
        Stop-AsyncTask $goesOn
    }

    It 'is ended by the cancellation of the task that gathers, -ReturnExceptions or not: <Switch>' -TestCases @(
        @{ Switch = @{} }
        @{ Switch = @{ ReturnExceptions = $true } }
    ) {
        $children = 1..3 | ForEach-Object { Start-AsyncSleep 60 }
        $task = Start-AsyncTask { $switch = $using:Switch; Wait-AsyncGather $using:children @switch; 'not reached' }
        Wait-Until { $task.WaitingFor }
        Stop-AsyncTask $task
        { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $task.Result | Should -Be $null
        Wait-Until { -not ($children | Where-Object { -not $_.IsCanceled }) }
    }

    Context 'Ctrl+C' {
        BeforeEach { $session = New-TestSession }
        AfterEach { Remove-TestSession $session }

        It 'returns the prompt, stops every task, and the session goes on working' {
            $elapsed = Stop-InSession $session '$tasks = 1..1000 | ForEach-Object { Start-AsyncSleep 600 }; $signal.Set(); $tasks | Wait-AsyncGather'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Wait-Until { (Invoke-InSession $session '@($tasks | Where-Object State -eq Stopped).Count') -eq 1000 }
            Invoke-InSession $session '(Get-AsyncLoop).PendingTasks' | Should -Be 0
            Invoke-InSession $session 'await (Start-AsyncSleep 0 -Result works)' | Should -Be 'works'
        }

        It 'stops what has been collected while input still comes' {
            $script = '$tasks = @(Start-AsyncSleep 600); & { $tasks; $signal.Set(); Start-Sleep 600 } | Wait-AsyncGather'
            $null = Stop-InSession $session $script
            Wait-Until { (Invoke-InSession $session '$tasks[0].State') -eq 'Stopped' }
        }
    }

    It 'keeps the results that are there at the time-out, with -ReturnExceptions' {
        $results = 0, 600, 0 | ForEach-Object { Start-AsyncSleep $_ -Result "r$_" } | Wait-AsyncGather -ReturnExceptions -TimeoutSec 0.5
        $results[0, 2] | Should -Be 'r0', 'r0'
        $results[1] | Should -BeOfType TimeoutException
        $results[1].Message | Should -BeLike '*0.5 s*'
    }

    It 'tells one that was stopped before from those that the time-out has stopped' {
        $stopped, $late = 1..2 | ForEach-Object { Start-AsyncSleep 600 }
        Stop-AsyncTask $stopped
        $results = $stopped, $late | Wait-AsyncGather -ReturnExceptions -TimeoutSec 0.2
        $results[1] | Should -BeOfType TimeoutException
    }

    It 'writes the tasks with -PassThru, failed ones too' {
        $tasks = (Start-AsyncSleep 0 -Result 1), (Start-AsyncTask { throw 'no' })
        $done = $tasks | Wait-AsyncGather -PassThru
        $done | Should -Be $tasks
        $done.State | Should -Be 'Completed', 'Failed'
    }
}
