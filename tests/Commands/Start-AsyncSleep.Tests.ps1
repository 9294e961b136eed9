BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'Start-AsyncSleep' {
    It 'writes a pending IO task at once' {
        $task = Start-AsyncSleep 30 -Name nap
        $task | Should -BeOfType AsyncJobs.AsyncTask
        $task.Kind | Should -Be 'IO'
        $task.State | Should -Be 'Running'
        $task.Name | Should -Be 'nap'
        $task.Result | Should -BeNullOrEmpty
        Stop-AsyncTask $task
    }

    It 'accepts <Scenario>' -TestCases @(
        @{ Scenario = 'seconds by position'; Start = { Start-AsyncSleep 0.01 -Result done } }
        @{ Scenario = '-Milliseconds'; Start = { Start-AsyncSleep -Milliseconds 10 -Result done } }
        @{ Scenario = '-Duration'; Start = { Start-AsyncSleep -Duration ([timespan]::FromMilliseconds(10)) -Result done } }
        @{ Scenario = 'seconds from the pipeline'; Start = { 0.01 | Start-AsyncSleep -Result done } }
        @{ Scenario = 'zero'; Start = { Start-AsyncSleep 0 -Result done } }
    ) {
        await (& $Start) -TimeoutSec 30 | Should -Be 'done'
    }

    It 'writes nothing when awaited, unless -Result is given' {
        @(await (Start-AsyncSleep 0)).Count | Should -Be 0
    }

    It 'gives $null when $null is its result' {
        $result = @(await (Start-AsyncSleep 0 -Result $null))
        $result.Count | Should -Be 1
        $result[0] | Should -Be $null
    }

    It 'ends without anybody turning the loop' {
        $task = Start-AsyncSleep 0.01
        $ended = [Threading.SpinWait]::SpinUntil({ $task.IsCompleted }, 30000)
        $ended | Should -BeTrue
    }

    It 'refuses a negative or impossible <Scenario>' -TestCases @(
        @{ Scenario = 'number of seconds'; Start = { Start-AsyncSleep -Seconds -1 }; Id = 'ParameterArgumentValidationError' }
        @{ Scenario = 'number that is none'; Start = { Start-AsyncSleep ([double]::NaN) }; Id = 'ParameterArgumentValidationError' }
        @{ Scenario = 'duration'; Start = { Start-AsyncSleep -Duration '-00:00:01' }; Id = 'InvalidArgument' }
    ) {
        $Start | Should -Throw -ErrorId "$Id,*"
    }

    It 'runs at most -ThrottleLimit at once, and -TimeoutSec counts only once it runs' {
        $tasks = 0.2, 0.2, 0.2 | Start-AsyncSleep -ThrottleLimit 1 -TimeoutSec 20
        $tasks.State | Should -Be 'Running', 'NotStarted', 'NotStarted'
        await $tasks -TimeoutSec 30
        $tasks.State | Should -Be 'Completed', 'Completed', 'Completed'
    }

    It 'fails with TimeoutException past its own -TimeoutSec' {
        $task = Start-AsyncSleep 60 -TimeoutSec 0.05 -Name nap
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout -ExpectedMessage "*'nap'*0.05 s*"
        $task.State | Should -Be 'Failed'
    }

    It 'gives handles and threads of 10,000 sleeps back' {
        $null = 1..100 | ForEach-Object { Start-AsyncSleep 0 } | Wait-AsyncGather
        [GC]::Collect()
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $handles = $process.HandleCount
        $pending = (Get-AsyncLoop).PendingTasks

        $results = 1..10000 | ForEach-Object { Start-AsyncSleep 0.5 -Result $_ } | Wait-AsyncGather

        $results.Count | Should -Be 10000
        $results[9999] | Should -Be 10000
        $process.Refresh()
        $process.HandleCount | Should -BeLessOrEqual ($handles + 20)
        (Get-AsyncLoop).PendingTasks | Should -Be $pending
    }

    It 'holds on to nothing of sleeps that are stopped' {
        function Start-Many { 1..500 | ForEach-Object { Start-AsyncSleep 600 -Result ([object]::new()) } }
        function Get-Left { foreach ($one in $references) { if ($one.IsAlive) { $one } } }

        $tasks = Start-Many
        $references = $tasks | ForEach-Object { [WeakReference]::new($_) }
        $tasks | Stop-AsyncTask
        $null = $tasks | Wait-AsyncTask -PassThru -TimeoutSec 30
        $tasks.IsCanceled | Should -Not -Contain $false

        Get-Left | Should -HaveCount 500
        $tasks = $null
        for ($i = 0; $i -lt 20 -and @(Get-Left).Count -gt 20; $i++) { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
        # What the engine touched last may linger.
        @(Get-Left).Count | Should -BeLessOrEqual 20
    }
}
