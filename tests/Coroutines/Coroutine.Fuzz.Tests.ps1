BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Differential.psm1
    # Only a module that has no coroutines at all is let off.
    $hasEngine = Test-CoroutineEngine
    # $env:ASYNCJOBS_FUZZ_COUNT for a long run, $env:ASYNCJOBS_FUZZ_SEED for where it begins.
    $count = $env:ASYNCJOBS_FUZZ_COUNT ? [int] $env:ASYNCJOBS_FUZZ_COUNT : 2000
    $first = $env:ASYNCJOBS_FUZZ_SEED ? [int] $env:ASYNCJOBS_FUZZ_SEED : 1
    # A test for every few thousand, so that a long run shows how far it is.
    $ranges = for ($at = 0; $at -lt $count; $at += 2000) {
        @{ From = $first + $at; To = $first + [Math]::Min($at + 2000, $count) - 1 }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Differential.psm1
    Import-Module $PSScriptRoot/../Support/ProgramGenerator.psm1

    function Format-Difference($Differences) {
        $text = $Differences | Select-Object -First 3 | ForEach-Object { "seed $($_.Seed), $($_.Verdict): $($_.Explanation)" }
        "$(@($Differences).Count) programs: $($Differences.Seed)`n" + ($text -join "`n")
    }
}

AfterAll {
    Remove-DifferentialSession
}

Describe 'The generator of random programs' -Tag Differential {
    It 'gives the same program for the same seed, another for another' {
        New-RandomProgram 1 | Should -Be (New-RandomProgram 1)
        New-RandomProgram 1 | Should -Not -Be (New-RandomProgram 2)
    }

    It 'writes programs that behave the same each time' {
        $differences = @(Compare-RandomProgram -Seed (1..60) -Plain)
        if ($differences) { throw Format-Difference $differences }
    }

    It 'traces what a program does' {
        $program = New-Program -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()' -Script "trace one 1; throw 'x'"
        (Get-DifferentialSession).Run($program.Text('Plain')).Streams['log'] | Should -Be 'one: System.Int32:1'
    }

    It 'makes a program smaller while it keeps what was looked for' {
        $program = [AsyncJobs.Tests.ProgramGenerator]::Generate(3, 30)
        $small = [AsyncJobs.Tests.Shrinker]::Shrink(
            $program, { param($p) [AsyncJobs.Tests.Statement]::Render($p, 0) -like '*trace end*' }, 500)
        [AsyncJobs.Tests.Statement]::Render($small, 0).Trim() | Should -Be 'trace end @($a, $b, $c, $d)'
    }
}

# Skipped where the module that was built has no coroutines (Start-AsyncTask without -OnLoop), and only there.
Describe 'Random programs run plainly and as coroutines' -Tag Differential, Coroutine -Skip:(-not $hasEngine) {
    It 'are alike: seeds <From> to <To>' -ForEach $ranges {
        $differences = @(Compare-RandomProgramRange -From $From -To $To)
        if ($differences) { throw Format-Difference $differences }
    }
}
