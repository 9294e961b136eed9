BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'Protect-AsyncTask' {
    It 'gives the output of <Scenario>' -TestCases @(
        @{ Scenario = 'a task'; Make = { Start-AsyncSleep 0.05 -Result x } }
        @{ Scenario = 'a task that has ended'; Make = { $task = Start-AsyncSleep 0 -Result x; $null = await $task; $task } }
        @{ Scenario = 'a future'; Make = { $future = New-Future; $null = Register-AsyncCallback -After 00:00:00.05 { Complete-Future $future x }; $future } }
        @{ Scenario = 'a .NET task'; Make = { [Threading.Tasks.Task]::FromResult('x') } }
    ) {
        await (Protect-AsyncTask (. $Make)) | Should -Be 'x'
    }

    It 'fails as the inner task does, with its record' {
        $failure = { await (Protect-AsyncTask (Start-AsyncTask { throw [IO.IOException]::new('io') })) } | Should -Throw -ExceptionType ([IO.IOException]) -PassThru
        $failure.InvocationInfo.Line | Should -BeLike "*new('io')*"
    }

    It 'is stopped alone' {
        $inner = Start-AsyncSleep 0.3 -Result x -Name inner
        $outer = $inner | Protect-AsyncTask
        Stop-AsyncTask $outer -Reason 'enough'
        $outer.State, $inner.State, $outer.Name | Should -Be 'Stopped', 'Running', 'inner'
        { await $outer } | Should -Throw -ExceptionType ([OperationCanceledException]) -ExpectedMessage '*enough*'
        await $inner | Should -Be 'x'
    }

    It 'is stopped with the inner task' {
        $inner = Start-AsyncSleep 60
        $outer = Protect-AsyncTask $inner -Name outer
        Stop-AsyncTask $inner
        { await $outer } | Should -Throw -ExceptionType ([OperationCanceledException])
        $outer.Name | Should -Be 'outer'
    }

    It 'keeps a time-out, a gather and a group from the inner task' {
        $inner = Start-AsyncSleep 60
        { Invoke-WithTimeout 0.1 -Task (Protect-AsyncTask $inner) } | Should -Throw -ExceptionType ([TimeoutException])
        { Protect-AsyncTask $inner | Wait-AsyncGather -TimeoutSec 0.1 } | Should -Throw -ExceptionType ([TimeoutException])
        { Invoke-AsyncTaskGroup { Start-AsyncTask { await (Start-AsyncSleep 0); throw 'x' }; await (Protect-AsyncTask $inner) } } | Should -Throw -ErrorId TaskGroupFailed
        $inner.State | Should -Be 'Running'
        Stop-AsyncTask $inner
    }

    It 'passes warnings of the inner task on' {
        await (Protect-AsyncTask (Start-AsyncTask { Write-Warning careful; 1 })) -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be 1
        $warnings | Should -Be 'careful'
    }

    It 'refuses what cannot be awaited' {
        { Protect-AsyncTask 5 } | Should -Throw -ErrorId 'NotAwaitable,*'
    }
}
