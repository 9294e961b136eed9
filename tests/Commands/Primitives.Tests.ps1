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

Describe 'What is shown of what else the module writes' {
    It '<Type>: <Expected>' -TestCases @(
        @{ Type = 'a group'; Make = { Invoke-AsyncTaskGroup -Name work { $_ } }; Expected = 'Name*State*Count*work*Running*0' }
        @{ Type = 'a callback'; Make = { $script:callback = Register-AsyncCallback -After 60 -Action { }; $callback }; Expected = 'IsPending*Origin*True*Primitives.Tests.ps1:*' }
        @{ Type = 'streams'; Make = { $t = async { Write-Warning w; Write-Warning w }; Wait-Until { $t.IsCompleted }; $t.Streams }; Expected = 'Error*Warning*Verbose*0*2*0*' }
        @{ Type = 'a queue''s exception'; Make = { try { Receive-AsyncQueueItem (New-AsyncQueue) -NoWait } catch { $_.Exception } }; Expected = 'Type*: AsyncJobs.QueueEmptyException*Message*: The queue is empty*' }
        @{ Type = 'a time-out'; Make = { try { await (Start-AsyncSleep 60) -TimeoutSec 0.01 } catch { $_.Exception } }; Expected = 'Type*: AsyncJobs.TaskTimeoutException*Message*: *0.01 s*' }
        @{ Type = 'a state'; Make = { try { (New-Future).GetResult() } catch { $_.Exception.InnerException } }; Expected = 'Type*InvalidStateException*Message*no result yet*' }
        @{ Type = 'a group''s failure'; Make = { try { Invoke-AsyncTaskGroup { $null = async { throw [IO.IOException]'gone' } } } catch { $_.Exception } }
            Expected = 'Type*TaskGroupException*Message*InnerExceptions*IO.IOException: gone*' }
    ) {
        $shown = (& $Make | Out-String -Width 120) -replace '\e\[[\d;]*m'
        $shown.Trim() | Should -BeLike $Expected
        $shown | Should -Not -BeLike '*StackTrace*'
    }

    AfterAll { $callback | Unregister-AsyncCallback -ErrorAction Ignore }
}

Describe 'Pipeline input' {
    It '<Command> takes several' -TestCases @(
        @{ Command = 'Exit-AsyncLock'; Make = { $l = New-AsyncLock; Enter-AsyncLock $l; $l }; Changed = { -not $_.IsHeld } }
        @{ Command = 'Exit-AsyncSemaphore'; Make = { New-AsyncSemaphore 0 }; Changed = { $_.CurrentCount -eq 1 } }
        @{ Command = 'Set-AsyncEvent'; Make = { New-AsyncEvent }; Changed = { $_.IsSet } }
        @{ Command = 'Clear-AsyncEvent'; Make = { $e = New-AsyncEvent; Set-AsyncEvent $e; $e }; Changed = { -not $_.IsSet } }
        @{ Command = 'Close-AsyncQueue'; Make = { New-AsyncQueue }; Changed = { $_.IsClosed } }
        @{ Command = 'Complete-AsyncQueueItem'; Make = { $q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $q }; Changed = { $_.UnfinishedCount -eq 0 } }
        @{ Command = 'Stop-AsyncBarrier'; Make = { New-AsyncBarrier 2 }; Changed = { $_.IsBroken } }
        @{ Command = 'Reset-AsyncBarrier'; Make = { $b = New-AsyncBarrier 2; Stop-AsyncBarrier $b; $b }; Changed = { -not $_.IsBroken } }
        @{ Command = 'Send-AsyncCondition'; Make = { $c = New-AsyncCondition; Enter-AsyncLock $c.Lock; $c }; Changed = { $_.Lock.IsHeld } }
    ) {
        foreach ($block in { $all | & $Command }, { await (async -OnLoop { $all | & $Command }) }, { await (async -OnThread { $all | & $Command }) }) {
            $all = @(1..3 | ForEach-Object { & $Make })
            & $block | Should -BeNullOrEmpty
            @($all | Where-Object $Changed).Count | Should -Be 3
        }

        $one = & $Make
        & $Command $one
        @($one | Where-Object $Changed).Count | Should -Be 1
        @() | & $Command
    }

    It '<Command> goes on after one that it refuses, and is terminating without a pipeline' -TestCases @(
        @{ Command = 'Exit-AsyncLock'; Wrong = { New-AsyncLock }; Right = { $l = New-AsyncLock; Enter-AsyncLock $l; $l }; Changed = { -not $_.IsHeld } }
        @{ Command = 'Exit-AsyncSemaphore'; Wrong = { New-AsyncSemaphore 1 -Bounded }; Right = { New-AsyncSemaphore 0 }; Changed = { $_.CurrentCount -eq 1 } }
        @{ Command = 'Complete-AsyncQueueItem'; Wrong = { New-AsyncQueue }; Right = { $q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $q }; Changed = { $_.UnfinishedCount -eq 0 } }
    ) {
        $wrong = & $Wrong
        $right = & $Right
        $wrong, $right | & $Command -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.Count | Should -Be 1
        @($right | Where-Object $Changed).Count | Should -Be 1
        { & $Command $wrong } | Should -Throw
        { $wrong | & $Command -ErrorAction Stop } | Should -Throw
    }
}

Describe '-TimeoutSec 0' {
    It 'is a try: <Name>, <Where>' -TestCases @(
        foreach ($where in 'plain', 'coroutine', 'thread') {
            @{ Where = $where; Name = 'lock'; Make = { New-AsyncLock }; Try = { Enter-AsyncLock $p -TimeoutSec 0 }; Release = { Exit-AsyncLock $p } }
            @{ Where = $where; Name = 'semaphore'; Make = { New-AsyncSemaphore 1 }; Try = { Enter-AsyncSemaphore $p -TimeoutSec 0 }; Release = { Exit-AsyncSemaphore $p } }
            @{ Where = $where; Name = 'rate limiter'; Make = { New-AsyncRateLimiter 1 -Window 00:10:00 }; Try = { Enter-AsyncRateLimiter $p -TimeoutSec 0 }; Release = $null }
            @{ Where = $where; Name = 'queue with no item'; Make = { $q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $q }; Try = { $null = Receive-AsyncQueueItem $p -TimeoutSec 0 }; Release = { Add-AsyncQueueItem $p 1 } }
            @{ Where = $where; Name = 'full queue'; Make = { New-AsyncQueue 1 }; Try = { Add-AsyncQueueItem $p 1 -TimeoutSec 0 }; Release = { $null = Receive-AsyncQueueItem $p } }
        }
    ) {
        $p = & $Make
        $twice = { & $Try; 'taken'; try { & $Try; 'taken' } catch [TimeoutException] { $_.FullyQualifiedErrorId -replace ',.*' } }
        $took = switch ($Where) {
            plain { & $twice }
            coroutine { await (async -OnLoop $twice) }
            thread { await (async -OnThread $twice) }
        }
        $took | Should -Be 'taken', 'AsyncTimeout'
        if ($Release) {
            # Who gave up has no place in the line.
            & $Release
            & $Try
        }
    }

    It 'waits for nobody: what others are about to do does not come first' {
        $lock = New-AsyncLock
        Enter-AsyncLock $lock
        $other = async { await (Start-AsyncSleep 0); Exit-AsyncLock $lock }
        { Enter-AsyncLock $lock -TimeoutSec 0 } | Should -Throw -ErrorId 'AsyncTimeout*'
        await $other
        Use-AsyncLock $lock -TimeoutSec 0 { 'in' } | Should -Be 'in'
        { Enter-AsyncLock $lock -TimeoutSec -1 } | Should -Throw
    }

    It 'looks at an event, a barrier and the end of a queue' {
        $event = New-AsyncEvent
        { Wait-AsyncEvent $event -TimeoutSec 0 } | Should -Throw -ErrorId 'AsyncTimeout*'
        Set-AsyncEvent $event
        Wait-AsyncEvent $event -TimeoutSec 0
        $barrier = New-AsyncBarrier 2
        { Wait-AsyncBarrier $barrier -TimeoutSec 0 } | Should -Throw -ErrorId 'AsyncTimeout*'
        $queue = New-AsyncQueue
        Wait-AsyncQueue $queue -TimeoutSec 0
        Add-AsyncQueueItem $queue 1
        { Wait-AsyncQueue $queue -TimeoutSec 0 } | Should -Throw -ErrorId 'AsyncTimeout*'
    }
}
