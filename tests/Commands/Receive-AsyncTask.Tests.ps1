BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Add-Type -Path $PSScriptRoot/../Support/AsyncCounter.cs
}

Describe 'Receive-AsyncTask' {
    It 'writes results in the order in which tasks end' {
        0.4, 0, 0.2 | ForEach-Object { Start-AsyncSleep $_ -Result $_ } | Receive-AsyncTask -TimeoutSec 30 | Should -Be 0, 0.2, 0.4
    }

    It 'writes each as soon as it is there' {
        $gate = New-Future
        $seen = (Start-AsyncSleep 0 -Result first), $gate | Receive-AsyncTask -TimeoutSec 30 | ForEach-Object {
            if ($_ -eq 'first') { Complete-Future $gate -Result second }
            $_
        }
        $seen | Should -Be 'first', 'second'
    }

    It 'writes a task given twice once' {
        $task = Start-AsyncSleep 0 -Result x
        @($task, $task | Receive-AsyncTask).Count | Should -Be 1
    }

    It 'writes errors and goes on' {
        $results = (Start-AsyncTask { throw 'bad' }), (Start-AsyncSleep 0.2 -Result good) | Receive-AsyncTask -ErrorAction SilentlyContinue -ErrorVariable failures
        $results | Should -Be 'good'
        $failures.Count | Should -Be 1
        $failures[0].Exception.Message | Should -Be 'bad'
    }

    It 'throws the first error with -ErrorAction Stop; the others go on' {
        $slow = Start-AsyncSleep 60
        { $slow, (Start-AsyncTask { throw 'bad' }) | Receive-AsyncTask -ErrorAction Stop } | Should -Throw -ExpectedMessage 'bad'
        $slow.State | Should -Be 'Running'
        Stop-AsyncTask $slow
    }

    It 'writes the tasks with -PassThru, failed ones too' {
        $bad = Start-AsyncTask { throw 'bad' }
        $good = Start-AsyncSleep 0.3
        $bad, $good | Receive-AsyncTask -PassThru | Should -Be $bad, $good
    }

    It 'throws TimeoutException for the whole, after what came in time, and cancels nothing' {
        $slow = Start-AsyncSleep 60
        $seen = [Collections.Generic.List[object]]::new()
        { (Start-AsyncSleep 0 -Result quick), $slow | Receive-AsyncTask -TimeoutSec 1 | ForEach-Object { $seen.Add($_) } } |
            Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
        $seen | Should -Be 'quick'
        $slow.State | Should -Be 'Running'
        Stop-AsyncTask $slow
    }

    It 'is not held up by a -TimeoutSec that it does not need' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Start-AsyncSleep 0.01 -Result x | Receive-AsyncTask -TimeoutSec 300 | Should -Be 'x'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
    }

    It 'cancels nothing when downstream has had enough' {
        $slow = Start-AsyncSleep 60
        $slow, (Start-AsyncSleep 0 -Result quick) | Receive-AsyncTask | Select-Object -First 1 | Should -Be 'quick'
        $slow.State | Should -Be 'Running'
        Stop-AsyncTask $slow
    }

    Context 'Live' {
        It 'writes objects while the task still runs, <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { 'first'; if ($gate.Task.Wait(20000)) { 'second' } } }
            @{ Kind = 'coroutine'; Block = { 'first'; $null = await $gate.Task; 'second' } }
            @{ Kind = 'coroutine by a function that it calls'; Block = { Get-Both } }
            @{ Kind = 'task begun earlier'; Block = { 'first'; $written.Set(); if ($gate.Task.Wait(20000)) { 'second' } } }
        ) {
            function Get-Both { 'first'; $null = await $gate.Task; 'second' }
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            $written = [Threading.ManualResetEventSlim]::new()
            $task = Start-AsyncTask $Block
            if ($Kind -like '*earlier') { $written.Wait(20000) | Should -BeTrue }
            $task | Receive-AsyncTask -Live -TimeoutSec 60 | ForEach-Object { $null = $gate.TrySetResult($true); $_ } | Should -Be 'first', 'second'
            $task.Result | Should -Be 'first', 'second'
        }

        It 'reads a generator with no end' {
            $task = async { for ($i = 1; ; $i++) { $i; await (Start-AsyncSleep 0) } }
            $task | Receive-AsyncTask -Live | Select-Object -First 3 | Should -Be 1, 2, 3
            $task.State | Should -Be Running
            Stop-AsyncTask $task -Wait
        }

        It 'reads a generator in a coroutine, object by object' {
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            $source = async { 'first'; $null = await $gate.Task; 'second' }
            await (async { Receive-AsyncTask $source -Live | ForEach-Object { $null = $gate.TrySetResult($true); "got $_" } }) | Should -Be 'got first', 'got second'
        }

        It 'reads in a thread task what a task of another session writes' {
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            $source = async { 'first'; $null = await $gate.Task; 'second' }
            await (async -OnThread { Receive-AsyncTask $source -Live | ForEach-Object { $null = $gate.TrySetResult($true); "got $_" } }) -TimeoutSec 60 |
                Should -Be 'got first', 'got second'
        }

        It 'writes every object once, whoever else reads: <Count> objects, <Kind>' -TestCases @(
            @{ Count = 0; Kind = 'thread' }, @{ Count = 1; Kind = 'thread' }, @{ Count = 500; Kind = 'thread' }
            @{ Count = 0; Kind = 'coroutine' }, @{ Count = 1; Kind = 'coroutine' }, @{ Count = 500; Kind = 'coroutine' }
        ) {
            $tasks = 1..3 | ForEach-Object {
                if ($Kind -eq 'thread') { async { for ($i = 0; $i -lt $Count; $i++) { $i } } }
                else { async { for ($i = 0; $i -lt $Count; $i++) { $i; if ($i % 50 -eq 0) { await (Start-AsyncSleep 0) } } } }
            }
            $readers = 1..3 | ForEach-Object { async -OnLoop { Receive-AsyncTask $tasks -Live } }
            foreach ($all in @($tasks | Receive-AsyncTask -Live), @(await $readers[0]), @(await $readers[1]), @(await $readers[2])) {
                $all.Count | Should -Be (3 * $Count)
                @($all | Group-Object | Where-Object Count -NE 3).Count | Should -Be 0
            }
        }

        It 'keeps arrays and $null as they were written' {
            $seen = @(async { , @(1, 2); $null; , @() } | Receive-AsyncTask -Live)
            $seen.Count | Should -Be 3
            $seen[0] | Should -Be 1, 2
            $seen[1] | Should -BeNullOrEmpty
        }

        It 'writes a failure after the objects, and goes on: <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { 'before'; throw 'failed' } }
            @{ Kind = 'coroutine'; Block = { 'before'; await (Start-AsyncSleep 0); throw 'failed' } }
        ) {
            $tasks = (async $Block), (Start-AsyncSleep 0 -Result 'other')
            $all = @($tasks | Receive-AsyncTask -Live 2>&1)
            $all.Count | Should -Be 3
            $all | Should -Contain 'other'
            $all.IndexOf('before') | Should -BeLessThan $all.IndexOf(($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] }))
            { async $Block | Receive-AsyncTask -Live -ErrorAction Stop } | Should -Throw failed
        }

        It 'writes nothing of an attempt that is tried again, and the last attempt''s live' {
            $attempts = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            $gate = [Threading.Tasks.TaskCompletionSource[object]]::new()
            async -MaximumRetryCount 1 -RetryIntervalSec 0 {
                $number = $attempts.Add(0); "begun $number"
                if ($number -eq 0) { throw 'again' }
                if ($gate.Task.Wait(20000)) { 'ended' }
            } | Receive-AsyncTask -Live | ForEach-Object { $null = $gate.TrySetResult($true); $_ } | Should -Be 'begun 1', 'ended'
        }

        It 'writes what each run of a periodic task writes: <Kind>' -TestCases @(
            @{ Kind = 'thread'; Block = { $number = $runs.Add(0); "$number a"; "$number b" } }
            @{ Kind = 'coroutine'; Block = { $number = $runs.Add(0); "$number a"; await (Start-AsyncSleep 0); "$number b" } }
        ) {
            $runs = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
            async -Every 0.01 -Count 3 $Block | Receive-AsyncTask -Live | Should -Be '0 a', '0 b', '1 a', '1 b', '2 a', '2 b'
            $runs.Clear()
            $endless = async -Every 0.01 $Block
            $endless | Receive-AsyncTask -Live | Select-Object -First 5 | Should -Be '0 a', '0 b', '1 a', '1 b', '2 a'
            Stop-AsyncTask $endless -Wait
        }

        It 'writes what else is awaitable at its end' {
            $future = New-Future -Result 'future'
            $future, (Start-AsyncSleep 0 -Result 'slept'), [Threading.Tasks.Task]::FromResult('net') | Receive-AsyncTask -Live | Sort-Object | Should -Be 'future', 'net', 'slept'
        }

        It 'refuses -PassThru beside -Live' {
            { Start-AsyncSleep 0 | Receive-AsyncTask -Live -PassThru } | Should -Throw -ErrorId 'InvalidArgument*'
        }
    }

    Context 'IAsyncEnumerable' {
        It 'streams its elements, pulling one at a time' {
            $counter = [AsyncJobs.Tests.AsyncCounter]::new(5)
            Receive-AsyncTask $counter -TimeoutSec 30 | Should -Be 1, 2, 3, 4, 5
            $counter.IsDisposed | Should -BeTrue
        }

        It 'stops pulling and disposes it when downstream has had enough' {
            $counter = [AsyncJobs.Tests.AsyncCounter]::new(1000000)
            Receive-AsyncTask $counter | Select-Object -First 2 | Should -Be 1, 2
            Wait-Until { $counter.IsDisposed }
            $counter.Produced | Should -BeLessThan 10
        }

        It 'writes what it fails with' {
            $counter = [AsyncJobs.Tests.AsyncCounter]::new(3, 2)
            $seen = Receive-AsyncTask $counter -ErrorAction SilentlyContinue -ErrorVariable failures
            $seen | Should -Be 1, 2
            $failures[0].Exception | Should -BeOfType System.IO.IOException
        }
    }

    Context 'Ctrl+C' {
        It 'ends the wait and cancels nothing' {
            $session = New-TestSession
            try {
                $elapsed = Stop-InSession $session '$task = Start-AsyncSleep 600; $signal.Set(); $task | Receive-AsyncTask'
                $elapsed.TotalSeconds | Should -BeLessThan 5
                Invoke-InSession $session '$task.State' | Should -Be 'Running'
            }
            finally {
                Remove-TestSession $session
            }
        }
    }
}
