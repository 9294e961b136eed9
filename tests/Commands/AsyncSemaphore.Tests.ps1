BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'New-AsyncSemaphore' {
    It 'makes a semaphore that shows its state' {
        $semaphore = New-AsyncSemaphore -Count 3
        $semaphore.CurrentCount | Should -Be 3
        $semaphore.WaitingCount | Should -Be 0
    }

    It 'makes one semaphore of one name' {
        $name = [guid]::NewGuid().ToString()
        $first = New-AsyncSemaphore 2 -Name $name
        New-AsyncSemaphore 2 -Name $name.ToUpperInvariant() | Should -Be $first
        { New-AsyncSemaphore 3 -Name $name } | Should -Throw -ErrorId 'SemaphoreMismatch,*' -ExpectedMessage '*2*'
        $first.CurrentCount | Should -Be 2
    }

    It 'refuses a negative count' {
        { New-AsyncSemaphore -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'makes what cannot be awaited itself' {
        { await (New-AsyncSemaphore 1) } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage '*AsyncJobs.AsyncSemaphore*'
    }
}

Describe 'Enter-AsyncSemaphore and Exit-AsyncSemaphore' {
    It 'takes a permit and gives it back' {
        $semaphore = New-AsyncSemaphore 1
        Enter-AsyncSemaphore $semaphore
        $semaphore.CurrentCount | Should -Be 0
        Exit-AsyncSemaphore $semaphore
        $semaphore.CurrentCount | Should -Be 1
    }

    It 'waits for a permit, turning the loop meanwhile' {
        $semaphore = New-AsyncSemaphore 0
        $null = Register-AsyncCallback -After 00:00:00.05 -Action { Exit-AsyncSemaphore $semaphore }
        Enter-AsyncSemaphore $semaphore
        $semaphore.CurrentCount | Should -Be 0
    }

    It 'refuses to give back more than there is, where bounded' {
        $semaphore = New-AsyncSemaphore 1 -Bounded
        { Exit-AsyncSemaphore $semaphore } | Should -Throw -ErrorId 'SemaphoreFull,*'
        Exit-AsyncSemaphore (New-AsyncSemaphore 1)
    }

    It 'throws at the time-out and takes nothing' {
        $semaphore = New-AsyncSemaphore 0
        { Enter-AsyncSemaphore $semaphore -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout' -ExceptionType ([TimeoutException]) -ExpectedMessage '*0.05 s*'
        $hasRun = $false
        { Use-AsyncSemaphore $semaphore { $hasRun = $true } -TimeoutSec 0.05 } | Should -Throw -ErrorId 'AsyncTimeout'
        $hasRun | Should -BeFalse
        $semaphore.WaitingCount | Should -Be 0
        Exit-AsyncSemaphore $semaphore
        $semaphore.CurrentCount | Should -Be 1
    }

    It 'loses no permit to Ctrl+C' {
        $session = New-TestSession
        try {
            $elapsed = Stop-InSession $session '$s = New-AsyncSemaphore 0; $signal.Set(); Enter-AsyncSemaphore $s'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Invoke-InSession $session '$s.WaitingCount' | Should -Be 0
            Invoke-InSession $session 'Exit-AsyncSemaphore $s; $s.CurrentCount' | Should -Be 1
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'Use-AsyncSemaphore' {
    It 'holds a permit while the block runs, and writes its output' {
        $semaphore = New-AsyncSemaphore 1
        Use-AsyncSemaphore $semaphore { "free: $($semaphore.CurrentCount)" } | Should -Be 'free: 0'
        $semaphore.CurrentCount | Should -Be 1
    }

    It 'runs the block in the caller''s scope' {
        $semaphore = New-AsyncSemaphore 1
        $number = 1
        Use-AsyncSemaphore $semaphore { $number++; $made = 'inside' }
        $number | Should -Be 2
        $made | Should -Be 'inside'
    }

    It 'streams output as it comes' {
        $semaphore = New-AsyncSemaphore 1
        Use-AsyncSemaphore $semaphore { 1; 2; 3 } | Select-Object -First 1 | Should -Be 1
        $semaphore.CurrentCount | Should -Be 1
    }

    It 'gives the permit back when the block <Scenario>' -TestCases @(
        @{ Scenario = 'throws'; Body = { try { Use-AsyncSemaphore $semaphore { throw 'x' } } catch { } } }
        @{ Scenario = 'breaks out of a loop'; Body = { foreach ($i in 1..3) { Use-AsyncSemaphore $semaphore { break } } } }
        @{ Scenario = 'continues a loop'; Body = { foreach ($i in 1..3) { Use-AsyncSemaphore $semaphore { continue } } } }
        @{ Scenario = 'returns'; Body = { Use-AsyncSemaphore $semaphore { return } } }
    ) {
        $semaphore = New-AsyncSemaphore 1
        . $Body
        $semaphore.CurrentCount | Should -Be 1
    }

    It 'throws what the block throws' {
        { Use-AsyncSemaphore (New-AsyncSemaphore 1) { throw [IO.IOException]::new('io') } } | Should -Throw -ExceptionType ([IO.IOException])
    }

    It 'bounds work across tasks of different commands' {
        $semaphore = New-AsyncSemaphore 2
        $most = [hashtable]::Synchronized(@{ Now = 0; Most = 0 })
        $work = {
            Use-AsyncSemaphore $using:semaphore {
                $m = $using:most
                [Threading.Monitor]::Enter($m.SyncRoot); $m.Now++; if ($m.Now -gt $m.Most) { $m.Most = $m.Now }; [Threading.Monitor]::Exit($m.SyncRoot)
                Start-Sleep -Milliseconds 20
                [Threading.Monitor]::Enter($m.SyncRoot); $m.Now--; [Threading.Monitor]::Exit($m.SyncRoot)
            }
        }
        $tasks = @(1..4 | Start-AsyncTask $work) + @(1..4 | Start-AsyncTask $work)
        $null = $tasks | Wait-AsyncGather -TimeoutSec 120
        $most.Most | Should -BeLessOrEqual 2
        $semaphore.CurrentCount | Should -Be 2
    }
}
