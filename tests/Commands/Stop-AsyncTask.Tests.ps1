BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Stop-AsyncTask' {
    It 'stops tasks and futures from <Scenario>' -TestCases @(
        @{ Scenario = 'the pipeline'; Stop = { $args | Stop-AsyncTask } }
        @{ Scenario = 'an argument'; Stop = { Stop-AsyncTask $args } }
    ) {
        $task = Start-AsyncSleep 60
        $future = New-Future
        & $Stop $task $future
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $task.State | Should -Be 'Stopped'
        $future.IsCanceled | Should -BeTrue
    }

    It 'leaves a task that is done as it is' {
        $task = Start-AsyncSleep 0 -Result x
        await $task | Out-Null
        Stop-AsyncTask $task
        $task.State | Should -Be 'Completed'
    }

    It 'stops a task that waits for its turn before it ever runs' {
        $tasks = 60, 60 | Start-AsyncSleep -ThrottleLimit 1
        Stop-AsyncTask $tasks[1]
        { await $tasks[1] -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
        $tasks[1].Attempts | Should -Be 0
        Stop-AsyncTask $tasks[0]
    }

    It 'puts -Reason into the message' {
        $future = New-Future
        Stop-AsyncTask $future -Reason 'shutting down'
        $future.Exception.Message | Should -BeLike '*shutting down*'
    }

    It 'tells -Reason to whoever awaits it in another task, too' {
        $inner = New-Future
        $task = Start-AsyncTask { await $using:inner }
        Stop-AsyncTask $inner -Reason 'shutting down'
        { await $task -TimeoutSec 60 } | Should -Throw -ExceptionType ([OperationCanceledException]) -ExpectedMessage '*shutting down*'
        $task.State | Should -Be 'Stopped'
    }

    It 'writes what it was given with -PassThru only' {
        $future = New-Future
        Stop-AsyncTask $future | Should -Be $null
        Stop-AsyncTask $future -PassThru | Should -Be $future
    }

    It 'stops nothing with -WhatIf' {
        # In a session without a console, to which -WhatIf would print.
        $session = New-TestSession
        try {
            Invoke-InSession $session '$future = New-Future; Stop-AsyncTask $future -WhatIf; $future.State' | Should -Be 'Running'
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'finds tasks by -Id' {
        $tasks = 1..3 | ForEach-Object { Start-AsyncSleep 600 }
        Stop-AsyncTask -Id $tasks[0].Id, $tasks[2].Id
        $tasks[1].State | Should -Be 'Running'
        $tasks[0, 2].State | Should -Be 'Stopped', 'Stopped'
        Stop-AsyncTask $tasks[1]
    }

    It 'finds tasks by -Name, with wildcards' {
        $tasks = 'stop a', 'stop b', 'other' | ForEach-Object { Start-AsyncSleep 600 -Name $_ }
        Stop-AsyncTask -Name 'stop *'
        $tasks.State | Should -Be 'Stopped', 'Stopped', 'Running'
        Stop-AsyncTask -Name other
        $tasks[2].State | Should -Be 'Stopped'
    }

    It 'says that no task has the <What>, and stops the others' -TestCases @(
        @{ What = 'id'; Stop = { Stop-AsyncTask -Id 2147483647, $task.Id -ErrorAction SilentlyContinue -ErrorVariable script:missing } }
        @{ What = 'name'; Stop = { Stop-AsyncTask -Name nobody, $task.Name -ErrorAction SilentlyContinue -ErrorVariable script:missing } }
    ) {
        $task = Start-AsyncSleep 600
        & $Stop
        $script:missing.FullyQualifiedErrorId | Should -Be 'TaskNotFound,AsyncJobs.StopAsyncTaskCommand'
        $task.State | Should -Be 'Stopped'
    }

    It 'finds a task once, however many of the names fit it' {
        $task = Start-AsyncSleep 600 -Name 'fits twice'
        @(Stop-AsyncTask -Name 'fits*', '*twice' -PassThru) | Should -Be @($task)
        $task.CancellationCount | Should -Be 1
    }

    It 'finds nothing by a pattern, and says nothing' {
        Stop-AsyncTask -Name 'nobody*' -ErrorAction Stop
    }

    It 'waits with -Wait until a finally that awaits has run' {
        $ended = [Collections.Generic.List[string]]::new()
        $task = Start-AsyncTask { try { await (Start-AsyncSleep 600) } finally { await (Start-AsyncSleep 0.05); $ended.Add('finally') } }
        Stop-AsyncTask $task -Wait -PassThru | Should -Be $task
        $ended | Should -Be 'finally'
        $task.State | Should -Be 'Stopped'
    }

    It 'waits with -Wait for one that fails meanwhile, and throws nothing' {
        $task = Start-AsyncTask { try { await (Start-AsyncSleep 600) } finally { throw 'in finally' } }
        Stop-AsyncTask $task -Wait
        $task.State | Should -Be 'Failed'
        { await $task } | Should -Throw 'in finally'
    }

    It 'is not waited for by the task itself' {
        $task = Start-AsyncTask -OnLoop { Stop-AsyncTask (Get-AsyncTask -Current) -Wait }
        { await $task -TimeoutSec 60 } | Should -Throw
        $task.IsCompleted | Should -BeTrue
    }

    It 'completes -<Parameter>' -TestCases @(
        @{ Parameter = 'Id'; Command = 'Stop-AsyncTask'; Expected = { "$($task.Id)" } }
        @{ Parameter = 'Name'; Command = 'Stop-AsyncTask'; Expected = { "'a name to complete'" } }
        @{ Parameter = 'Id'; Command = 'Wait-AsyncTask'; Expected = { "$($task.Id)" } }
        @{ Parameter = 'Name'; Command = 'Get-AsyncTask'; Expected = { "'a name to complete'" } }
    ) {
        $task = Start-AsyncSleep 600 -Name 'a name to complete'
        $line = "$Command -$Parameter "
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain (& $Expected)
        Stop-AsyncTask $task
    }
}
