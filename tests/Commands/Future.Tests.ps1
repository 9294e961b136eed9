BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'New-Future and Complete-Future' {
    It 'makes a pending future' {
        $future = New-Future answer
        $future.Name | Should -Be 'answer'
        $future.State | Should -Be 'Running'
        $future.IsCompleted, $future.IsFaulted, $future.IsCanceled | Should -Be $false, $false, $false
        $future.Result | Should -Be $null
        $future.Exception | Should -Be $null
    }

    It 'completes it with <Scenario>' -TestCases @(
        @{ Scenario = 'a value'; Value = 42 }
        @{ Scenario = 'an array, kept whole'; Value = @(1, 2) }
        @{ Scenario = 'null'; Value = $null }
    ) {
        $future = New-Future
        Complete-Future $future -Result $Value
        $future.State | Should -Be 'Completed'
        $written = @(await $future)
        $written.Count | Should -Be 1
        $written[0] | Should -Be $Value
    }

    It 'fails it with <Scenario>' -TestCases @(
        @{ Scenario = 'an exception'; Failure = [IO.IOException]::new('io'); Type = [IO.IOException] }
        @{ Scenario = 'a message'; Failure = 'io'; Type = [Management.Automation.RuntimeException] }
        @{ Scenario = 'an error record'; Failure = [Management.Automation.ErrorRecord]::new([IO.IOException]::new('io'), 'MyId', 'ReadError', 'target'); Type = [IO.IOException] }
    ) {
        $future = New-Future
        Complete-Future $future -Exception $Failure
        $future.IsFaulted | Should -BeTrue
        { await $future } | Should -Throw -ExceptionType $Type -ExpectedMessage 'io'
        if ($Failure -is [Management.Automation.ErrorRecord]) {
            { await $future } | Should -Throw -ErrorId 'MyId*'
        }
    }

    It 'takes the name of a type for a message, as throw does' {
        $future = New-Future
        Complete-Future $future -Exception ([IO.IOException])
        { await $future } | Should -Throw -ExceptionType ([Management.Automation.RuntimeException]) -ExpectedMessage 'System.IO.IOException'
    }

    It 'gives every await the same result, or the same error' {
        $future, $failed = (New-Future), (New-Future)
        Complete-Future $future -Result 42
        Complete-Future $failed -Exception ([IO.IOException]::new('io'))
        await $future, $future | Should -Be 42, 42
        foreach ($i in 1..3) {
            { await $failed } | Should -Throw -ExceptionType ([IO.IOException]) -ExpectedMessage 'io'
        }
    }

    It 'does not await a future that is the result of another' {
        $inner, $outer = (New-Future), (New-Future)
        Complete-Future $outer -Result $inner
        [object]::ReferenceEquals((await $outer), $inner) | Should -BeTrue
    }

    It 'cancels it' {
        $future = New-Future
        Complete-Future $future -Cancel
        $future.IsCanceled | Should -BeTrue
        { await $future } | Should -Throw -ExceptionType ([OperationCanceledException])
    }

    It 'refuses to complete it twice by <Scenario>' -TestCases @(
        @{ Scenario = '-Result'; Again = { Complete-Future $args[0] -Result 2 } }
        @{ Scenario = '-Exception'; Again = { Complete-Future $args[0] -Exception 'x' } }
        @{ Scenario = '-Cancel'; Again = { Complete-Future $args[0] -Cancel } }
    ) {
        $future = New-Future
        Complete-Future $future -Result 1
        { & $Again $future } | Should -Throw -ExceptionType ([AsyncJobs.InvalidStateException]) -ErrorId 'InvalidState,*'
        $future.Result | Should -Be 1
    }

    It 'may be completed by a method, from any thread' {
        $future = New-Future
        $task = Start-AsyncTask { ($using:future).SetResult('from a thread') }
        await $future -TimeoutSec 60 | Should -Be 'from a thread'
        await $task
    }

    It 'gives the .NET task with AsTask' {
        $future = New-Future
        $net = $future.AsTask()
        $future.SetResult(7)
        $net.Wait(30000) | Should -BeTrue
        $net.Result | Should -Be 7
    }
}

Describe 'Register-AsyncCallback' {
    It 'calls back with the task when it is done, while the loop turns' {
        $seen = [Collections.Generic.List[object]]::new()
        $future = New-Future f
        $null = Register-AsyncCallback $future { param($task) $seen.Add($task.Result) }
        Complete-Future $future -Result 5
        $seen.Count | Should -Be 0
        await (Start-AsyncSleep 0)
        $seen | Should -Be 5
    }

    It 'calls back for a task that is done already' {
        $script:called = 0
        $future = New-Future
        Complete-Future $future
        $null = Register-AsyncCallback $future { $script:called++ }
        await (Start-AsyncSleep 0)
        $script:called | Should -Be 1
    }

    It 'runs callbacks in the order of registration, before whoever awaits goes on' {
        $seen = [Collections.Generic.List[object]]::new()
        $future = New-Future
        $null = Register-AsyncCallback $future { $seen.Add('first') }
        $future.AddDoneCallback({ $seen.Add('second') })
        $null = Register-AsyncCallback -After 00:00:00.01 -Action { Complete-Future $future }
        await $future -TimeoutSec 30
        $seen | Should -Be 'first', 'second'
    }

    It 'calls back after a time' {
        $script:called = 0
        $callback = Register-AsyncCallback -After 00:00:00.02 -Action { $script:called++ }
        $callback.IsPending | Should -BeTrue
        await (Start-AsyncSleep 0.2)
        $script:called | Should -Be 1
        $callback.IsPending | Should -BeFalse
    }

    It 'does not call back once unregistered' {
        $script:called = 0
        $future = New-Future
        Register-AsyncCallback $future { $script:called++ } | Unregister-AsyncCallback
        Register-AsyncCallback -After 00:00:00.01 -Action { $script:called++ } | Unregister-AsyncCallback
        Complete-Future $future
        await (Start-AsyncSleep 0.1)
        $script:called | Should -Be 0
    }

    It 'takes one of several callbacks back, and the others run in order' {
        $seen = [Collections.Generic.List[object]]::new()
        $future = New-Future
        $callbacks = 1..4 | ForEach-Object { $n = $_; Register-AsyncCallback $future { $seen.Add($n) }.GetNewClosure() }
        $callbacks[0], $callbacks[2], $callbacks[0] | Unregister-AsyncCallback
        Complete-Future $future
        await (Start-AsyncSleep 0.05)
        $seen | Should -Be 2, 4
        Unregister-AsyncCallback $callbacks[1]
    }

    It 'may register and take back callbacks in a callback' {
        $seen = [Collections.Generic.List[object]]::new()
        $future = New-Future
        $null = Register-AsyncCallback $future { $seen.Add('first'); Unregister-AsyncCallback $second; $null = Register-AsyncCallback $future { $seen.Add('added') } }
        $second = Register-AsyncCallback $future { $seen.Add('second') }
        Complete-Future $future
        await (Start-AsyncSleep 0.05)
        $seen | Should -Be 'first', 'added'
    }

    It 'may await in a callback' {
        $seen = [Collections.Generic.List[object]]::new()
        $null = Register-AsyncCallback -After 00:00:00 -Action { $seen.Add((await (Start-AsyncSleep 0.05 -Result inner))) }
        await (Start-AsyncSleep 0.3)
        $seen | Should -Be 'inner'
    }

    It 'writes what a callback throws as an error, and the loop goes on' {
        $null = Register-AsyncCallback -After 00:00:00 -Action { throw 'in callback' }
        await (Start-AsyncSleep 0.1 -Result on) -ErrorAction SilentlyContinue -ErrorVariable failures | Should -Be 'on'
        $failures[0].Exception.Message | Should -Be 'in callback'
    }

    It 'refuses a negative time' {
        { Register-AsyncCallback -After '-00:00:01' -Action { } } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}

Describe 'New-Future' {
    It 'is done from the start with -Result, whatever that is' {
        await (New-Future -Result 4) | Should -Be 4
        (await (New-Future named -Result 1, 2)).Count | Should -Be 2
        $future = New-Future -Result $null
        $future.IsCompleted, $future.Result | Should -Be $true, $null
    }

    It 'has failed from the start with -Exception: <Kind>' -TestCases @(
        @{ Kind = 'a message'; Failure = 'broken' }
        @{ Kind = 'an exception'; Failure = [IO.IOException]::new('broken') }
        @{ Kind = 'an error record'; Failure = [Management.Automation.ErrorRecord]::new([Exception]::new('broken'), 'Id', 0, 1) }
    ) {
        $future = New-Future -Exception $Failure
        $future.State | Should -Be 'Failed'
        { await $future } | Should -Throw 'broken'
    }
}
