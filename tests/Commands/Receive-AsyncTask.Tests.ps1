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
