BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncLock' {
    It 'makes a lock that shows its state' {
        $lock = New-AsyncLock
        $lock.IsHeld | Should -BeFalse
        $lock.WaitingCount | Should -Be 0
        $lock.Name | Should -BeNullOrEmpty
    }

    It 'names it for people, each lock its own' {
        $first = New-AsyncLock door
        "$first" | Should -BeLike "*'door'*"
        New-AsyncLock door | Should -Not -Be $first
    }

    It 'makes what cannot be awaited itself' {
        { await (New-AsyncLock) } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*AsyncJobs.AsyncLock*'
    }
}

Describe 'Enter-AsyncLock and Exit-AsyncLock' {
    It 'takes the lock and leaves it' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $lock.IsHeld | Should -BeTrue
        Exit-AsyncLock $lock
        $lock.IsHeld | Should -BeFalse
    }

    It 'waits for the lock, turning the loop meanwhile' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Exit-AsyncLock $lock }
        Enter-AsyncLock $lock
        $lock.IsHeld | Should -BeTrue
    }

    It 'refuses to leave a lock that is not held' {
        { Exit-AsyncLock (New-AsyncLock door) } | Should -Throw -ErrorId 'LockNotHeld,*' -ExceptionType ([Threading.SynchronizationLockException]) -ExpectedMessage "*'door'*"
    }

    It 'throws at the time-out and takes nothing' {
        $lock = New-AsyncLock door
        Enter-AsyncLock $lock
        { Enter-AsyncLock $lock -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout' -ExceptionType ([TimeoutException]) -ExpectedMessage "*'door'*0.05 s*"
        $lock.WaitingCount | Should -Be 0
        Exit-AsyncLock $lock
        $lock.IsHeld | Should -BeFalse
    }

    It 'serves threads in the order of asking' {
        $lock = New-AsyncLock
        $order = [Collections.Concurrent.ConcurrentQueue[int]]::new()
        Enter-AsyncLock $lock
        $tasks = foreach ($number in 1..3) {
            Start-AsyncTask -OnThread { Use-AsyncLock $using:lock { ($using:order).Enqueue($using:number) } }
            Wait-Until { $lock.WaitingCount -eq $number }
        }
        Exit-AsyncLock $lock
        $null = $tasks | Wait-AsyncGather -TimeoutSec 60
        $order | Should -Be 1, 2, 3
        $lock.IsHeld | Should -BeFalse
    }

    It 'loses no lock to Ctrl+C' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$l = New-AsyncLock; Enter-AsyncLock $l; $signal.Set(); Enter-AsyncLock $l'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$l.WaitingCount' | Should -Be 0
            Invoke-InSession $session 'Exit-AsyncLock $l; $l.IsHeld' | Should -BeFalse
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'loses no lock to a task stopped while it waits' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $task = Start-AsyncTask -OnThread { Enter-AsyncLock $using:lock }
        Wait-Until { $lock.WaitingCount -eq 1 }
        Stop-AsyncTask $task
        await $task -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be 'Stopped'
        Wait-Until { $lock.WaitingCount -eq 0 }
        Exit-AsyncLock $lock
        $lock.IsHeld | Should -BeFalse
    }
}

Describe 'Use-AsyncLock' {
    It 'holds the lock while the block runs, and writes its output' {
        $lock = New-AsyncLock
        Use-AsyncLock $lock { "held: $($lock.IsHeld)" } | Should -Be 'held: True'
        $lock.IsHeld | Should -BeFalse
    }

    It 'runs the block in the caller''s scope' {
        $number = 1
        Use-AsyncLock (New-AsyncLock) { $number++; $made = 'inside' }
        $number | Should -Be 2
        $made | Should -Be 'inside'
    }

    It 'leaves the lock when the block <Scenario>' -TestCases @(
        @{ Scenario = 'throws'; Body = { try { Use-AsyncLock $lock { throw 'x' } } catch { } } }
        @{ Scenario = 'breaks out of a loop'; Body = { foreach ($i in 1..3) { Use-AsyncLock $lock { break } } } }
        @{ Scenario = 'returns'; Body = { Use-AsyncLock $lock { return } } }
        @{ Scenario = 'is cut short by Select-Object'; Body = { Use-AsyncLock $lock { 1; 2; 3 } | Select-Object -First 1 } }
    ) {
        $lock = New-AsyncLock
        $null = . $Body
        $lock.IsHeld | Should -BeFalse
    }

    It 'does not run the block past the time-out' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $hasRun = $false
        { Use-AsyncLock $lock { $hasRun = $true } -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout'
        $hasRun | Should -BeFalse
        $lock.IsHeld | Should -BeTrue
    }

    It 'is left by Ctrl+C in the block' {
        $session = New-TestSession
        try {
            $null = Stop-InSession $session '$l = New-AsyncLock; Use-AsyncLock $l { $signal.Set(); await (Start-AsyncSleep 60) }'
            Invoke-InSession $session '$l.IsHeld' | Should -BeFalse
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'keeps a counter right across threads' {
        $lock = New-AsyncLock
        $box = @{ Count = 0 }
        $tasks = 1..4 | Start-AsyncTask -OnThread {
            $b = $using:box
            foreach ($i in 1..100) { Use-AsyncLock $using:lock { $read = $b.Count; [Threading.Thread]::Yield(); $b.Count = $read + 1 } }
        }
        $null = $tasks | Wait-AsyncGather -TimeoutSec 120
        $box.Count | Should -Be 400
        $lock.IsHeld | Should -BeFalse
    }

    It 'stays balanced when tasks are stopped at random' {
        $lock = New-AsyncLock
        foreach ($round in 1..5) {
            $tasks = 1..8 | Start-AsyncTask -OnThread {
                foreach ($visit in 1..200) { Use-AsyncLock $using:lock { [Threading.Thread]::Yield() } }
            }
            foreach ($task in $tasks | Get-Random -Count 5) {
                await (Start-AsyncSleep -Milliseconds (Get-Random 40))
                Stop-AsyncTask $task
            }
            $null = await $tasks -PassThru -TimeoutSec 60
            Use-AsyncLock $lock { } -TimeoutSec 30
        }
        $lock.IsHeld | Should -BeFalse
        $lock.WaitingCount | Should -Be 0
    }
}
