BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncBarrier' {
    It 'makes a barrier that shows its state' {
        $barrier = New-AsyncBarrier 3 -Name start
        $barrier.Parties | Should -Be 3
        $barrier.WaitingCount | Should -Be 0
        $barrier.IsBroken | Should -BeFalse
        "$barrier" | Should -BeLike "*'start'*"
    }

    It 'refuses <Parties> parties' -TestCases @{ Parties = 0 }, @{ Parties = -4 } {
        { New-AsyncBarrier $Parties } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'makes what cannot be awaited itself' {
        { await (New-AsyncBarrier 2) } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*AsyncJobs.AsyncBarrier*'
    }
}

Describe 'Wait-AsyncBarrier' {
    It 'lets one party pass at once, again and again' {
        $barrier = New-AsyncBarrier 1
        Wait-AsyncBarrier $barrier | Should -Be 0
        Wait-AsyncBarrier $barrier | Should -Be 0
    }

    It 'lets all go when the last has come, with numbers in the order of coming, round after round' {
        $barrier = New-AsyncBarrier 3
        $tasks = foreach ($number in 0, 1) {
            Start-AsyncTask -OnThread { Wait-AsyncBarrier $using:barrier -TimeoutSec 60; Wait-AsyncBarrier $using:barrier -TimeoutSec 60 }
            Wait-Until { $barrier.WaitingCount -eq $number + 1 }
        }
        $tasks.IsCompleted | Should -Not -Contain $true
        Wait-AsyncBarrier $barrier -TimeoutSec 60 | Should -Be 2
        $last = Wait-AsyncBarrier $barrier -TimeoutSec 60
        $results = $tasks | Wait-AsyncGather -TimeoutSec 60
        $results[0][0], $results[1][0] | Should -Be 0, 1
        $results[0][1], $results[1][1], $last | Sort-Object | Should -Be 0, 1, 2
        $barrier.WaitingCount | Should -Be 0
    }

    It 'turns the loop while it waits' {
        $barrier = New-AsyncBarrier 2
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Wait-AsyncBarrier $barrier }
        Wait-AsyncBarrier $barrier -TimeoutSec 30 | Should -Be 0
    }

    It 'gives the place up at the time-out, and breaks nothing' {
        $barrier = New-AsyncBarrier 2 -Name start
        { Wait-AsyncBarrier $barrier -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout' -ExceptionType ([TimeoutException]) -ExpectedMessage "*'start'*"
        $barrier.WaitingCount | Should -Be 0
        $barrier.IsBroken | Should -BeFalse
    }

    It 'gives the place up when a task that waits is stopped' {
        $barrier = New-AsyncBarrier 2
        $task = Start-AsyncTask -OnThread { Wait-AsyncBarrier $using:barrier }
        Wait-Until { $barrier.WaitingCount -eq 1 }
        Stop-AsyncTask $task
        Wait-Until { $barrier.WaitingCount -eq 0 }
        $other = Start-AsyncTask -OnThread { Wait-AsyncBarrier $using:barrier }
        Wait-Until { $barrier.WaitingCount -eq 1 }
        Wait-AsyncBarrier $barrier -TimeoutSec 30 | Should -Be 1
        await $other -TimeoutSec 30 | Should -Be 0
    }

    It 'is ended by Ctrl+C, and breaks nothing' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$b = New-AsyncBarrier 2; $signal.Set(); Wait-AsyncBarrier $b'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$b.WaitingCount; $b.IsBroken' | Should -Be 0, $false
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'Reset-AsyncBarrier' {
    It 'breaks those that wait, and lets the next pass' {
        $barrier = New-AsyncBarrier 2
        $task = Start-AsyncTask -OnThread { try { Wait-AsyncBarrier $using:barrier } catch [AsyncJobs.BrokenBarrierException] { "broken: $($_.FullyQualifiedErrorId)" } }
        Wait-Until { $barrier.WaitingCount -eq 1 }
        Reset-AsyncBarrier $barrier
        await $task -TimeoutSec 30 | Should -Be 'broken: BrokenBarrier'
        $barrier.IsBroken | Should -BeFalse

        $task = Start-AsyncTask -OnThread { Wait-AsyncBarrier $using:barrier }
        $numbers = @(Wait-AsyncBarrier $barrier -TimeoutSec 30) + @(await $task -TimeoutSec 30)
        $numbers | Sort-Object | Should -Be 0, 1
    }

    It 'changes nothing where nobody waits' {
        $barrier = New-AsyncBarrier 1
        Reset-AsyncBarrier $barrier | Should -BeNullOrEmpty
        Wait-AsyncBarrier $barrier | Should -Be 0
    }
}

Describe 'Stop-AsyncBarrier' {
    It 'breaks those that wait and those that come, until it is reset' {
        $barrier = New-AsyncBarrier 2 -Name start
        $task = Start-AsyncTask -OnThread { Wait-AsyncBarrier $using:barrier }
        Wait-Until { $barrier.WaitingCount -eq 1 }
        Stop-AsyncBarrier $barrier | Should -BeNullOrEmpty
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([AsyncJobs.BrokenBarrierException])
        $barrier.IsBroken | Should -BeTrue
        { Wait-AsyncBarrier $barrier } | Should -Throw -ErrorId 'BrokenBarrier' -ExceptionType ([AsyncJobs.BrokenBarrierException]) -ExpectedMessage "*'start'*"

        Reset-AsyncBarrier $barrier
        $barrier.IsBroken | Should -BeFalse
        { Wait-AsyncBarrier $barrier -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout'
    }
}
