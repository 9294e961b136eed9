# What is made in one session works in every other: in thread tasks, in the thread tasks of those, and in sessions that
# have nothing to do with it.

BeforeDiscovery {
    # $p is what was made. The other side waits in Use until Release lets it go here, and writes what Written says.
    $primitives = @(
        @{ Name = 'lock'; Make = { $p = New-AsyncLock; Enter-AsyncLock $p; $p }
            Use = { Use-AsyncLock $p { 'in' } }; IsWaiting = { $p.WaitingCount -eq 1 }
            Release = { Exit-AsyncLock $p }; Written = 'in'; IsAtRest = { -not $p.IsHeld } }
        @{ Name = 'semaphore'; Make = { New-AsyncSemaphore 0 }
            Use = { Use-AsyncSemaphore $p { 'in' } }; IsWaiting = { $p.WaitingCount -eq 1 }
            Release = { Exit-AsyncSemaphore $p }; Written = 'in'; IsAtRest = { $p.CurrentCount -eq 1 } }
        @{ Name = 'event'; Make = { New-AsyncEvent }
            Use = { Wait-AsyncEvent $p; 'set' }; IsWaiting = { $p.WaitingCount -eq 1 }
            Release = { Set-AsyncEvent $p }; Written = 'set'; IsAtRest = { $p.WaitingCount -eq 0 } }
        @{ Name = 'condition'; Make = { New-AsyncCondition }
            Use = { Use-AsyncLock $p.Lock { Wait-AsyncCondition $p; 'woken' } }; IsWaiting = { $p.WaitingCount -eq 1 }
            Release = { Use-AsyncLock $p.Lock { Send-AsyncCondition $p } }; Written = 'woken'; IsAtRest = { -not $p.Lock.IsHeld } }
        @{ Name = 'barrier'; Make = { New-AsyncBarrier 2 }
            Use = { Wait-AsyncBarrier $p }; IsWaiting = { $p.WaitingCount -eq 1 }
            Release = { $null = Wait-AsyncBarrier $p -TimeoutSec 60 }; Written = 0; IsAtRest = { $p.WaitingCount -eq 0 } }
        @{ Name = 'queue to get from'; Make = { New-AsyncQueue }
            Use = { Receive-AsyncQueueItem $p }; IsWaiting = { $p.WaitingGetCount -eq 1 }
            Release = { Add-AsyncQueueItem $p 'item' }; Written = 'item'; IsAtRest = { $p.IsEmpty } }
        @{ Name = 'queue to put into'; Make = { $p = New-AsyncQueue 1; Add-AsyncQueueItem $p 1; $p }
            Use = { Add-AsyncQueueItem $p 2; 'put' }; IsWaiting = { $p.WaitingPutCount -eq 1 }
            Release = { $null = Receive-AsyncQueueItem $p }; Written = 'put'; IsAtRest = { $p.Count -eq 1 } }
        @{ Name = 'queue to join'; Make = { $p = New-AsyncQueue; Add-AsyncQueueItem $p 1; $p }
            Use = { Wait-AsyncQueue $p; 'joined' }; IsWaiting = { $p.UnfinishedCount -eq 1 }
            Release = { Complete-AsyncQueueItem $p }; Written = 'joined'; IsAtRest = { $p.UnfinishedCount -eq 0 } }
        @{ Name = 'rate limiter'; Make = { $p = New-AsyncRateLimiter 1 00:00:00.5; Enter-AsyncRateLimiter $p; $p }
            Use = { Enter-AsyncRateLimiter $p; 'through' }; IsWaiting = { $true }
            Release = { }; Written = 'through'; IsAtRest = { $p.WaitingCount -eq 0 } }
        @{ Name = 'future'; Make = { New-Future }
            Use = { await $p }; IsWaiting = { $true }
            Release = { Complete-Future $p -Result 'set' }; Written = 'set'; IsAtRest = { $p.IsCompleted } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A <Name>' -ForEach $primitives {
    BeforeEach {
        $p = . $Make
    }

    AfterEach {
        & $IsAtRest | Should -BeTrue
    }

    It 'works in a thread task' {
        $task = Start-AsyncTask -ArgumentList $p, "$Use" { param($p, $use) & ([scriptblock]::Create($use)) }
        Wait-Until $IsWaiting
        & $Release
        await $task -TimeoutSec 60 | Should -Be $Written
    }

    It 'works in a thread task of a thread task' {
        $task = Start-AsyncTask -ArgumentList $p, "$Use" {
            param($p, $use)
            & { await (Start-AsyncTask -ArgumentList $p, $use { param($p, $use) & ([scriptblock]::Create($use)) }) }
        }
        Wait-Until $IsWaiting
        & $Release
        await $task -TimeoutSec 60 | Should -Be $Written
    }

    It 'works in another session' {
        $session = New-TestSession
        $powershell = [powershell]::Create($session).AddScript("$Use")
        try {
            $session.SessionStateProxy.SetVariable('p', $p)
            $running = $powershell.BeginInvoke()
            Wait-Until $IsWaiting
            & $Release
            $running.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue
            $powershell.EndInvoke($running) | Should -Be $Written
        }
        finally {
            $powershell.Dispose()
            Remove-TestSession $session
        }
    }

    It 'is let go of when the thread task that waits is stopped' {
        $task = Start-AsyncTask -ArgumentList $p, "$Use" { param($p, $use) & ([scriptblock]::Create($use)) }
        Wait-Until $IsWaiting
        Wait-Until { $task.WaitingFor -or $task.IsCompleted }
        Stop-AsyncTask $task
        $null = Wait-AsyncTask $task -PassThru -TimeoutSec 60

        # Nobody waits any more: what it would have got is there for the next.
        if ($Name -notin 'barrier', 'queue to put into', 'future') {
            & $Release
            $next = Start-AsyncTask -ArgumentList $p, "$Use" { param($p, $use) & ([scriptblock]::Create($use)) }
            if ($Name -eq 'condition') { Wait-Until $IsWaiting; & $Release }
            await $next -TimeoutSec 60 | Should -Be $Written
        } elseif ($Name -eq 'future') {
            $p.IsCanceled | Should -BeTrue -Because 'an await passes its cancellation on'
        } else {
            & $IsWaiting | Should -BeFalse
        }
    }
}

Describe 'What is shown of' {
    It 'a <Type> is a table row that tells its state' -TestCases @(
        @{ Type = 'semaphore'; Make = { New-AsyncSemaphore 3 }; Expected = 'CurrentCount', 'InitialCount' }
        @{ Type = 'barrier'; Make = { New-AsyncBarrier 3 }; Expected = 'Parties', 'Filling' }
        @{ Type = 'queue'; Make = { New-AsyncQueue 5 -Name work }; Expected = 'work', 'Fifo', 'UnfinishedCount' }
        @{ Type = 'rate limiter'; Make = { New-AsyncRateLimiter 5 00:00:01 }; Expected = 'PermitLimit', '00:00:01' }
        @{ Type = 'condition'; Make = { New-AsyncCondition }; Expected = 'Lock', 'free' }
        @{ Type = 'lock'; Make = { New-AsyncLock db }; Expected = 'db', 'IsHeld' }
        @{ Type = 'event'; Make = { New-AsyncEvent ready }; Expected = 'ready', 'IsSet' }
    ) {
        $shown = & $Make | Format-Table | Out-String -Width 200
        & $Make | Out-String -Width 200 | Should -Be $shown -Because 'it is a table'
        $Expected | ForEach-Object { $shown | Should -BeLike "*$_*" }
    }
}
