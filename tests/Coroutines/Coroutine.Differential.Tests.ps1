BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Differential.psm1
    $groups = @(Get-DifferentialCase)
    # Only a module that has no coroutines at all is let off.
    $hasEngine = Test-CoroutineEngine
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Differential.psm1
}

AfterAll {
    Remove-DifferentialSession
}

Describe 'The differential tester' -Tag Differential {
    It 'finds a difference in <Stream>' -TestCases @(
        @{ Stream = 'output'; One = '1; 2'; Other = '1; "2"' }
        @{ Stream = 'output'; One = ', @(1, 2)'; Other = '1, 2' }
        @{ Stream = 'output'; One = '$null'; Other = '' }
        @{ Stream = 'errors'; One = '1 / 0'; Other = ' 1 / 0' }
        @{ Stream = 'errors'; One = 'Write-Error a'; Other = 'Write-Error b' }
        @{ Stream = 'terminating error'; One = 'throw 1'; Other = 'Write-Error 1' }
        @{ Stream = 'warnings'; One = 'Write-Warning a'; Other = '' }
        @{ Stream = 'verbose'; One = 'Write-Verbose a -Verbose'; Other = '' }
        @{ Stream = 'debug'; One = 'Write-Debug a -Debug'; Other = '' }
        @{ Stream = 'information'; One = 'Write-Information a'; Other = 'Write-Information b' }
        @{ Stream = '$Error'; One = 'try { throw 1 } catch { }'; Other = '' }
    ) {
        $result = (Get-DifferentialSession).CompareTexts("$One`n#", "$Other`n#")
        $result.Verdict | Should -Be 'Different'
        $result.Explanation | Should -BeLike "*$Stream*, item *"
    }

    It 'ends a block that hangs, and goes on' {
        $session = Get-DifferentialSession
        $session.TimeoutSec = 2
        try {
            $session.CompareTexts('while ($true) { }', '1').Explanation | Should -BeLike 'first did not end in time'
        }
        finally {
            $session.TimeoutSec = 20
        }
        (Compare-Run '1' -Mode Plain).Verdict | Should -Be 'Alike'
    }

    It 'finds every block of "<Group>" alike when it is run plainly twice' -ForEach $groups {
        $differences = foreach ($case in $Cases) {
            $program = $case.Program
            $result = Compare-Run @program -Mode Plain
            if ($result.Verdict -ne 'Alike') { "$($case.Name): $($result.Explanation)" }
        }
        $differences | Should -BeNullOrEmpty
    }
}

# Skipped where the module that was built has no coroutines (Start-AsyncTask without -OnLoop), and only there.
Describe 'A block run plainly and as a coroutine' -Tag Differential, Coroutine -Skip:(-not $hasEngine) {
    Context '<Group>' -ForEach $groups {
        It '<Name> (<Expected>)' -ForEach $Cases {
            $result = Compare-Run @Program
            if ($result.Verdict -ne $Expected) { throw "$($result.Verdict): $($result.Explanation)" }
        }
    }
}
