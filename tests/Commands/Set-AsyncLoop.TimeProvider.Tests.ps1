# -TimeProvider: what sleeps, has limits or tries again goes by the clock of a test.
BeforeAll {
    Import-Module "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1"

    # Whatever is ready runs, as far as it comes.
    function Wait-Ready { foreach ($turn in 1..20) { await (New-Future -Result $null); $null = Wait-AsyncTask @(async { 1 }) } }
}

Describe 'Set-AsyncLoop -TimeProvider' {
    BeforeEach {
        $clock = [AsyncJobs.ManualTimeProvider]::new()
        Set-AsyncLoop -TimeProvider $clock
    }

    AfterEach {
        Set-AsyncLoop -TimeProvider $null
        Get-AsyncTask | Stop-AsyncTask
    }

    It 'lets an hour pass at once' {
        $task = async { await (Start-AsyncSleep 3600); 'an hour later' }
        $clock.Advance(3599)
        Wait-Ready
        $task.IsCompleted | Should -BeFalse
        $clock.Advance(1)
        await $task | Should -Be 'an hour later'
    }

    It 'takes seconds, a time span and its text' {
        $sleeps = 10, 20, 30 | ForEach-Object { Start-AsyncSleep $_ }
        $clock.Advance(10)
        $sleeps.IsCompleted | Should -Be $true, $false, $false
        $clock.Advance([timespan]::FromSeconds(10))
        $sleeps.IsCompleted | Should -Be $true, $true, $false
        $clock.Advance([timespan]'00:00:10')
        $sleeps.IsCompleted | Should -Be $true, $true, $true
        { $clock.Advance(-1) } | Should -Throw '*must be greater than or equal to*'
    }

    It 'wakes in the order of the times' {
        $order = [Collections.Generic.List[int]]::new()
        $tasks = 3, 1, 2 | ForEach-Object { $n = $_; async { await (Start-AsyncSleep ($n * 60)); $order.Add($n) } }
        $clock.Advance(600)
        $null = Wait-AsyncGather $tasks
        $order | Should -Be 1, 2, 3
    }

    It 'is the clock of time limits' {
        $task = Start-AsyncTask -TimeoutSec 60 { await (New-Future) }
        $clock.Advance(60)
        { await $task } | Should -Throw -ErrorId 'AsyncTimeout*'
    }

    It 'is the clock of the wait itself' {
        $never = New-Future
        $null = Register-AsyncCallback -Task (async { 1 }) -Action { $clock.Advance(30) }
        { await $never -TimeoutSec 30 } | Should -Throw -ExceptionType ([TimeoutException])
    }

    It 'is the clock of pauses between attempts' {
        $attempts = [Collections.Generic.List[int]]::new()
        $task = Start-AsyncTask -OnLoop -MaximumRetryCount 1 -RetryIntervalSec 600 { $attempts.Add(1); if ($attempts.Count -lt 2) { throw 'not yet' }; 'done' }
        Wait-Ready
        $attempts.Count | Should -Be 1
        $clock.Advance(600)
        await $task | Should -Be 'done'
    }

    It 'is the clock of rate limiters and callbacks that are made by then' {
        $limiter = New-AsyncRateLimiter 1 3600
        $called = [Collections.Generic.List[int]]::new()
        $null = Register-AsyncCallback -After 7200 { $called.Add(1) }
        Enter-AsyncRateLimiter $limiter
        $task = async { Enter-AsyncRateLimiter $limiter; 'second' }
        $task.IsCompleted | Should -BeFalse
        $clock.Advance(3600)
        await $task | Should -Be 'second'
        $called.Count | Should -Be 0
        $clock.Advance(3600)
        Wait-Ready
        $called.Count | Should -Be 1
    }

    It 'tells how long a task took by that clock' {
        $task = async { await (Start-AsyncSleep 90) }
        $clock.Advance(100)
        await $task
        $task.Duration.TotalSeconds | Should -BeGreaterThan 89
        $task.Duration.TotalSeconds | Should -BeLessThan 101
    }

    It 'gives every timer back' {
        $tasks = 1..100 | Start-AsyncTask { await (Start-AsyncSleep 1000) }
        $clock.TimerCount | Should -BeGreaterThan 0
        $tasks | Stop-AsyncTask
        $null = $tasks | Wait-AsyncGather -ReturnExceptions
        Set-AsyncLoop -TimeProvider $null
        $clock.TimerCount | Should -Be 0
    }

    It 'leaves what was begun before to its own clock' {
        Set-AsyncLoop -TimeProvider $null
        $real = Start-AsyncSleep 0.05
        Set-AsyncLoop -TimeProvider $clock
        await $real
        $real.State | Should -Be 'Completed'
    }

    It 'goes back to the time of the system with $null' {
        $standing = Start-AsyncSleep 10
        Set-AsyncLoop -TimeProvider $null
        await (Start-AsyncSleep 0.01)
        $standing.IsCompleted | Should -BeFalse
        $clock.Advance(10)
        await $standing
    }
}

Describe 'A clock whose timers fire on the thread of the script' {
    BeforeAll {
        Add-Type -IgnoreWarnings -WarningAction Ignore -TypeDefinition '
            using System;
            using System.Collections.Generic;
            using System.Threading;

            public sealed class ClockOnThisThread : TimeProvider
            {
                private readonly List<Action> _due = new();
                public void Fire() { Action[] due = _due.ToArray(); _due.Clear(); foreach (Action action in due) { action(); } }
                public override ITimer CreateTimer(TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
                {
                    if (dueTime != Timeout.InfiniteTimeSpan) { _due.Add(() => callback(state)); }
                    return new Timer(_ => { }, null, Timeout.Infinite, Timeout.Infinite);
                }
            }'
    }

    AfterEach { Set-AsyncLoop -TimeProvider $null }

    It 'runs an attempt in a turn of the loop, not where the clock is advanced' {
        $clock = [ClockOnThisThread]::new()
        Set-AsyncLoop -TimeProvider $clock
        $attempts = [Collections.Generic.List[string]]::new()
        $task = Start-AsyncTask -OnLoop -MaximumRetryCount 1 -RetryIntervalSec 600 { $attempts.Add('begun'); if ($attempts.Count -lt 2) { throw 'not yet' }; 'done' }
        $null = await (async { 1 })
        $clock.Fire()
        $attempts.Count | Should -Be 1
        await $task | Should -Be 'done'
        $inStep = Start-AsyncTask -OnLoop -MaximumRetryCount 1 -RetryIntervalSec 600 { $attempts.Add('in'); if ($attempts.Count -lt 4) { throw 'not yet' }; 'done in a step' }
        $other = async { await (New-Future -Result 1); $clock.Fire(); $attempts.Add('step ends') }
        await $inStep | Should -Be 'done in a step'
        $null = await $other
        $attempts | Should -Be 'begun', 'begun', 'in', 'step ends', 'in'
    }
}
