BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncEvent' {
    It 'makes an event that is not set' {
        $ready = New-AsyncEvent ready
        $ready.IsSet | Should -BeFalse
        $ready.WaitingCount | Should -Be 0
        "$ready" | Should -BeLike "*'ready'*"
    }

    It 'makes what cannot be awaited itself' {
        { await (New-AsyncEvent) } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*AsyncJobs.AsyncEvent*'
    }
}

Describe 'Set-AsyncEvent and Clear-AsyncEvent' {
    It 'sets and clears, once or twice' {
        $ready = New-AsyncEvent
        Set-AsyncEvent $ready
        Set-AsyncEvent $ready
        $ready.IsSet | Should -BeTrue
        Clear-AsyncEvent $ready
        Clear-AsyncEvent $ready
        $ready.IsSet | Should -BeFalse
    }

    It 'lets all threads go on that wait, even if cleared at once' {
        $ready = New-AsyncEvent
        $tasks = 1..3 | Start-AsyncTask -OnThread { Wait-AsyncEvent $using:ready; $_ }
        Wait-Until { $ready.WaitingCount -eq 3 }
        Set-AsyncEvent $ready
        Clear-AsyncEvent $ready
        $tasks | Wait-AsyncGather -TimeoutSec 60 | Should -Be 1, 2, 3
        { Wait-AsyncEvent $ready -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout'
    }
}

Describe 'Wait-AsyncEvent' {
    It 'writes nothing and does not wait for an event that is set' {
        $ready = New-AsyncEvent
        Set-AsyncEvent $ready
        Wait-AsyncEvent $ready | Should -BeNullOrEmpty
    }

    It 'waits, turning the loop meanwhile' {
        $ready = New-AsyncEvent
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Set-AsyncEvent $ready }
        Wait-AsyncEvent $ready -TimeoutSec 30
        $ready.IsSet | Should -BeTrue
    }

    It 'is set by a thread task' {
        $ready = New-AsyncEvent
        $task = Start-AsyncTask -OnThread { Set-AsyncEvent $using:ready }
        Wait-AsyncEvent $ready -TimeoutSec 30
        await $task
    }

    It 'throws at the time-out' {
        $ready = New-AsyncEvent ready
        { Wait-AsyncEvent $ready -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout' -ExceptionType ([TimeoutException]) -ExpectedMessage "*'ready'*"
        $ready.WaitingCount | Should -Be 0
    }


    It 'is ended by Ctrl+C, and nobody waits any more' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$e = New-AsyncEvent; $signal.Set(); Wait-AsyncEvent $e'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$e.WaitingCount; Set-AsyncEvent $e; Wait-AsyncEvent $e; $e.IsSet' | Should -Be 0, $true
        }
        finally {
            Remove-TestSession $session
        }
    }
}
