BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1

    # A limiter whose permits are all taken, for as long as a test lasts.
    function New-UsedUpLimiter {
        $limiter = New-AsyncRateLimiter 1 01:00:00
        Enter-AsyncRateLimiter $limiter
        $limiter
    }
}

Describe 'New-AsyncRateLimiter' {
    It 'makes a rate limiter that shows its state' {
        $limiter = New-AsyncRateLimiter -PermitLimit 3 -Window 00:00:01 -Name api
        $limiter.PermitLimit, $limiter.CurrentCount, $limiter.WaitingCount | Should -Be 3, 3, 0
        $limiter.Window | Should -Be ([timespan]::FromSeconds(1))
        "$limiter" | Should -BeLike "*'api'*"
    }

    It 'takes the bare number <Number> for seconds' -TestCases @(
        @{ Number = 2; Expected = '00:00:02' }
        @{ Number = 0.25; Expected = '00:00:00.25' }
        @{ Number = 90L; Expected = '00:01:30' }
        @{ Number = '2'; Expected = '00:00:02' }
        @{ Number = '00:00:05'; Expected = '00:00:05' }
        @{ Number = [timespan]'1'; Expected = '1.00:00:00' }
    ) {
        (New-AsyncRateLimiter 1 $Number).Window | Should -Be ([timespan] $Expected)
    }

    It 'refuses <Scenario>' -TestCases @(
        @{ Scenario = 'a limit of none'; Make = { New-AsyncRateLimiter 0 00:00:01 }; Id = 'ParameterArgumentValidationError,*' }
        @{ Scenario = 'a negative window'; Make = { New-AsyncRateLimiter 1 (-[timespan]::FromSeconds(1)) }; Id = 'InvalidArgument,*' }
        @{ Scenario = 'a window of nothing'; Make = { New-AsyncRateLimiter 1 0 }; Id = 'InvalidArgument,*' }
        @{ Scenario = 'a number that is no length of time'; Make = { New-AsyncRateLimiter 1 1e30 }; Id = 'ParameterArgumentTransformationError,*' }
    ) {
        $Make | Should -Throw -ErrorId $Id
    }
}

Describe 'Enter-AsyncRateLimiter' {
    BeforeEach {
        $clock = [AsyncJobs.ManualTimeProvider]::new()
        Set-AsyncLoop -TimeProvider $clock
    }

    AfterEach { Set-AsyncLoop -TimeProvider $null }

    It 'lets so many through at once' {
        $limiter = New-AsyncRateLimiter 2 01:00:00
        Enter-AsyncRateLimiter $limiter
        $limiter.CurrentCount | Should -Be 1
        Enter-AsyncRateLimiter $limiter
        $limiter.CurrentCount | Should -Be 0
    }

    It 'waits for the next window, turning the loop meanwhile' {
        $limiter = New-AsyncRateLimiter 1 01:00:00
        $waiting = [Collections.Generic.List[int]]::new()
        $null = Register-AsyncCallback -Task (async { 1 }) -Action { $waiting.Add($limiter.WaitingCount); $clock.Advance(3600) }
        1, 2 | ForEach-Object { Enter-AsyncRateLimiter $limiter }
        $waiting | Should -Be 1
    }

    It 'throws at the time-out and takes no permit' {
        $limiter = New-UsedUpLimiter
        $null = Register-AsyncCallback -Task (async { 1 }) -Action { $clock.Advance(5) }
        { Enter-AsyncRateLimiter $limiter -TimeoutSec 5 } | Should -Throw -ErrorId AsyncTimeout -ExceptionType ([TimeoutException])
        $limiter.WaitingCount | Should -Be 0
    }

    It 'is ended by Ctrl+C, and takes no permit' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$signal.Set(); Enter-AsyncRateLimiter $limiter' -Variable @{ limiter = New-UsedUpLimiter }
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$limiter.WaitingCount' | Should -Be 0
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'is one limit for several runspaces' {
        $limiter = New-AsyncRateLimiter 2 01:00:00
        1, 2 | Start-AsyncTask -OnThread { Enter-AsyncRateLimiter $using:limiter } | Wait-AsyncGather -TimeoutSec 120
        $limiter.CurrentCount | Should -Be 0
    }
}

Describe '-RateLimiter' {
    BeforeEach {
        $clock = [AsyncJobs.ManualTimeProvider]::new()
        Set-AsyncLoop -TimeProvider $clock
    }

    AfterEach { Set-AsyncLoop -TimeProvider $null }

    It 'bounds how often tasks of <Scenario> begin' -TestCases @(
        @{ Scenario = 'Start-AsyncSleep'; Start = { 0, 0, 0, 0, 0 | Start-AsyncSleep -RateLimiter $limiter } }
        @{ Scenario = 'Start-AsyncTask'; Start = { 1..5 | Start-AsyncTask -OnThread { } -RateLimiter $limiter } }
    ) {
        $limiter = New-AsyncRateLimiter 2 60
        $tasks = & $Start
        foreach ($left in 3, 1) {
            $limiter.WaitingCount | Should -Be $left
            $clock.Advance(59)
            $limiter.WaitingCount | Should -Be $left
            @($tasks.State -eq 'NotStarted').Count | Should -Be $left
            $clock.Advance(1)
        }

        $tasks | Wait-AsyncGather -TimeoutSec 120
    }

    It 'leaves tasks that wait for it NotStarted, in order, without their time limit running' {
        $limiter = New-AsyncRateLimiter 1 60
        $tasks = 0, 0 | Start-AsyncSleep -RateLimiter $limiter -TimeoutSec 2
        Wait-AsyncTask $tasks[0]
        $tasks[1].State | Should -Be 'NotStarted'
        $clock.Advance(60)
        $tasks | Wait-AsyncTask
        $tasks.State | Should -Be 'Completed', 'Completed'
    }

    It 'gives the place of a stopped task to nobody''s loss' {
        $limiter = New-UsedUpLimiter
        $task = Start-AsyncSleep 0 -RateLimiter $limiter
        $limiter.WaitingCount | Should -Be 1
        Stop-AsyncTask $task
        $task | Wait-AsyncTask -PassThru -TimeoutSec 120 | ForEach-Object State | Should -Be 'Stopped'
        $limiter.WaitingCount | Should -Be 0
    }

    It 'is a parameter of every cmdlet that has -Semaphore for its tasks' {
        $starters = Get-Command -Module AsyncJobs | Where-Object { $_.Parameters.ContainsKey('ThrottleLimit') }
        $starters.Count | Should -BeGreaterThan 5
        $starters.Where({ -not $_.Parameters.ContainsKey('RateLimiter') }).Name | Should -BeNullOrEmpty
    }
}
