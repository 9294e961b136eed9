BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Invoke-WithTimeout' {
    It 'writes what <Scenario> wrote in time' -TestCases @(
        @{ Scenario = 'a block'; Run = { Invoke-WithTimeout 30 { 'x' } } }
        @{ Scenario = 'a block with arguments'; Run = { Invoke-WithTimeout 30 { param($a) $a } -ArgumentList x } }
        @{ Scenario = 'a block within a time span'; Run = { Invoke-WithTimeout -Timeout 00:00:30 { 'x' } } }
        @{ Scenario = 'a task'; Run = { Invoke-WithTimeout 30 -Task (Start-AsyncSleep 0 -Result x) } }
        @{ Scenario = 'a .NET task'; Run = { Invoke-WithTimeout -Timeout 00:00:30 -Task ([Threading.Tasks.Task]::FromResult('x')) } }
    ) {
        & $Run | Should -Be 'x'
    }

    It 'throws TimeoutException for <Scenario>' -TestCases @(
        @{ Scenario = 'a block that sleeps'; Run = { Invoke-WithTimeout -TimeoutSec 0.5 { Start-Sleep 600 } } }
        @{ Scenario = 'a block that cannot be stopped'; Run = { Invoke-WithTimeout -TimeoutSec 0.5 { $null = ($using:release).Wait(60000) } } }
        @{ Scenario = 'a task'; Run = { Invoke-WithTimeout 0.2 -Task (Start-AsyncSleep 60) } }
        @{ Scenario = 'a future'; Run = { Invoke-WithTimeout 0.2 -Task (New-Future) } }
    ) {
        $release = [Threading.ManualResetEventSlim]::new()
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $Run | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        $release.Set()
    }

    It 'has cancelled the work, and seen it end, before it throws' {
        $task = Start-AsyncSleep 60
        { Invoke-WithTimeout 0.1 -Task $task } | Should -Throw -ExceptionType ([TimeoutException])
        $task.State | Should -Be 'Stopped'
    }

    It 'leaves no runspace sleeping behind' {
        { Invoke-WithTimeout 0.3 { Start-Sleep 600 } } | Should -Throw -ExceptionType ([TimeoutException])
        Wait-Until { $loop = Get-AsyncLoop; $loop.AbandonedThreads -eq 0 -and $loop.Threads -eq $loop.IdleThreads }
    }

    It 'counts an abandoned thread while it lasts' {
        $before = (Get-AsyncLoop).AbandonedThreads
        $release = [Threading.ManualResetEventSlim]::new()
        $null = await (Start-AsyncTask { 1 }) # so that there is a thread, and the block begins long before its limit
        { Invoke-WithTimeout 2 { $null = ($using:release).Wait(60000) } } | Should -Throw -ExceptionType ([TimeoutException])
        (Get-AsyncLoop).AbandonedThreads | Should -BeGreaterThan 0
        $release.Set()
        Wait-Until { (Get-AsyncLoop).AbandonedThreads -le $before }
    }

    It 'passes the work''s own failure on' {
        { Invoke-WithTimeout 30 { throw [IO.IOException]::new('io') } } | Should -Throw -ExceptionType ([IO.IOException]) -ExpectedMessage 'io'
    }

    It 'fails at an error of the block that ends its statement: <Block>' -TestCases @{ Block = { 1 / 0; 'no' } }, @{ Block = { await (Start-AsyncSleep 0); 1 / 0; 'no' } } {
        { Invoke-WithTimeout 60 $Block } | Should -Throw '*divide by zero*'
    }

    It 'does not take a cancellation from elsewhere for its own' {
        $task = Start-AsyncSleep 60
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Stop-AsyncTask $task }
        { Invoke-WithTimeout 30 -Task $task } | Should -Throw -ExceptionType ([OperationCanceledException]) -ErrorId AsyncCanceled
    }

    It 'writes what the block wrote before its time was up' {
        $seen = [Collections.Generic.List[object]]::new()
        { Invoke-WithTimeout 1 { 'early'; Start-Sleep 60 } | ForEach-Object { $seen.Add($_) } } | Should -Throw -ExceptionType ([TimeoutException])
        $seen | Should -Be 'early'
    }

    Context 'Without time' {
        It 'starts nothing when its time is up already: <Scenario>' -TestCases @(
            @{ Scenario = 'no seconds'; Limit = @{ TimeoutSec = 0 } }
            @{ Scenario = 'less than none'; Limit = @{ TimeoutSec = -11 } }
            @{ Scenario = 'a span'; Limit = @{ Timeout = [TimeSpan]::FromSeconds(-1) } }
        ) {
            $before = (Get-AsyncLoop).Threads
            { Invoke-WithTimeout @Limit -ScriptBlock { 'started' } } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
            (Get-AsyncLoop).Threads | Should -Be $before
        }

        It 'stops a task at once when its time is up already: <Limit>' -TestCases @(
            @{ Limit = 0 }
            @{ Limit = -1 }
        ) {
            $task = Start-AsyncSleep 60
            { Invoke-WithTimeout $Limit -Task $task } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
            $task.State | Should -Be 'Stopped'
        }

        It 'gives the result of what is done, however little time there is: <Limit>' -TestCases @(
            @{ Limit = 0 }
            @{ Limit = -1 }
        ) {
            $future = New-Future
            Complete-Future $future -Result 'done'
            Invoke-WithTimeout $Limit -Task $future | Should -Be 'done'
        }

        It 'leaves the task inside a protected one alone: <Scenario>' -TestCases @(
            @{ Scenario = 'no time'; Limit = @{ TimeoutSec = 0 } }
            @{ Scenario = 'some time'; Limit = @{ TimeoutSec = 0.05 } }
            @{ Scenario = 'no limit'; Limit = @{ Timeout = [Threading.Timeout]::InfiniteTimeSpan } }
        ) {
            $inner = Start-AsyncSleep 1 -Result 'done'
            $outer = Protect-AsyncTask $inner
            $result = try { Invoke-WithTimeout @Limit -Task $outer } catch [TimeoutException] { 'late' }
            $isLate = $Limit.ContainsKey('TimeoutSec')
            $result | Should -Be ($isLate ? 'late' : 'done')
            $outer.IsCanceled, $inner.IsCanceled | Should -Be $isLate, $false
            await $inner -TimeoutSec 60 | Should -Be 'done'
        }

        It 'sets no limit with an infinite time' {
            Invoke-WithTimeout -Timeout ([Threading.Timeout]::InfiniteTimeSpan) { Start-Sleep -Milliseconds 200; 'done' } | Should -Be 'done'
        }
    }

    Context 'One inside another' {
        It 'lets the script around an inner one that is late go on' {
            Invoke-WithTimeout 60 {
                try { Invoke-WithTimeout 0.3 { Start-Sleep 60 } } catch [TimeoutException] { 'inner' }
                'after'
            } | Should -Be 'inner', 'after'
        }

        It 'is late as the outer one where that comes first, and the inner catches nothing' {
            $seen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            {
                Invoke-WithTimeout 1 {
                    try { Invoke-WithTimeout 60 { Start-Sleep 60 } } catch [TimeoutException] { ($using:seen).Enqueue('inner') }
                }
            } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout -ExpectedMessage '*1 s*'
            $seen.Count | Should -Be 0
        }

        It 'passes the time-out of an inner one on that nobody catches' {
            { Invoke-WithTimeout 60 { Invoke-WithTimeout 0.3 { Start-Sleep 60 }; 'not reached' } } |
                Should -Throw -ExceptionType ([TimeoutException]) -ExpectedMessage '*0.3 s*'
        }
    }

    It 'stops the work when the task that waits is stopped' {
        $work = Start-AsyncSleep 60
        $task = Start-AsyncTask { Invoke-WithTimeout 60 -Task $using:work }
        Wait-Until { $task.WaitingFor }
        Stop-AsyncTask $task
        { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType ([OperationCanceledException])
        Wait-Until { $work.IsCanceled }
    }

    It 'gives the result of what ends in the instant of its limit, or is late: never both, never neither' {
        foreach ($i in 1..50) {
            $future = New-Future
            $callback = Register-AsyncCallback -After 00:00:00.01 -Action { if (-not $future.IsCompleted) { Complete-Future $future -Result 'in time' } }
            $result = try { Invoke-WithTimeout 0.01 -Task $future } catch [TimeoutException] { 'late' }
            Unregister-AsyncCallback $callback
            $result | Should -Be ($future.IsCanceled ? 'late' : 'in time')
        }
    }

    It 'refuses <Scenario>' -TestCases @(
        @{ Scenario = 'a time that is no number'; Run = { Invoke-WithTimeout ([double]::NaN) { 1 } }; Id = 'ParameterArgumentValidationError' }
        @{ Scenario = 'what is not awaitable'; Run = { Invoke-WithTimeout 1 -Task 5 }; Id = 'NotAwaitable' }
    ) {
        $Run | Should -Throw -ErrorId "$Id,*"
    }

    It 'Ctrl+C cancels the work' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$task = Start-AsyncSleep 600; $signal.Set(); Invoke-WithTimeout 600 -Task $task'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Wait-Until { (Invoke-InSession $session '$task.State') -eq 'Stopped' }
        }
        finally {
            Remove-TestSession $session
        }
    }

    Context 'nested' {
        It 'the inner limit throws its own error, which the block may catch' {
            Invoke-WithTimeout 30 { try { Invoke-WithTimeout 0.2 -Task (New-Future) } catch [TimeoutException] { 'caught' } } | Should -Be 'caught'
        }

        It 'the outer limit is not caught by the inner one''s catch' {
            $caught = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            {
                Invoke-WithTimeout 1 { try { Invoke-WithTimeout 30 -Task (New-Future) } catch [TimeoutException] { ($using:caught).Enqueue("$_") } }
            } | Should -Throw -ExceptionType ([TimeoutException])
            $caught.Count | Should -Be 0
        }

        It 'around a group: the group''s tasks have been stopped' {
            $inner = Start-AsyncSleep 60
            { Invoke-WithTimeout 1 { Invoke-AsyncTaskGroup { Start-AsyncSleep 60; await $using:inner } } } | Should -Throw -ExceptionType ([TimeoutException])
            $inner.State | Should -Be 'Stopped'
        }

        It 'in a group that fails: the work is stopped, and it is no time-out, also when the limit passes meanwhile' {
            $work = New-Future
            $failure = {
                Invoke-AsyncTaskGroup {
                    Start-AsyncTask { await (Start-AsyncSleep 0); throw 'child' }
                    Invoke-WithTimeout 30 -Task $work
                }
            } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $work.State | Should -Be 'Stopped'
            $failure.Exception.InnerExceptions.Message | Should -Be 'child'
        }
    }
}
