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
}
