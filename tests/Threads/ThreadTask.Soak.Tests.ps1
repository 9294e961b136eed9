BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/Soak.psm1
}

# The large one is tests/Benchmarks/Soak.Benchmark.ps1.
Describe 'Thread tasks that end in every way' {
    It 'end in one state each, with each record once, and leave nothing behind' {
        Invoke-Soak 150 -Window 75 -Seed 7 -TimeoutSec 240 | Should -BeNullOrEmpty
        Wait-Until { $loop = Get-AsyncLoop; $loop.AbandonedThreads -eq 0 -and $loop.IdleThreads -eq $loop.Threads -and $loop.RunningTasks -eq 0 }
    }
}
