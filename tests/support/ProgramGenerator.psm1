# Random programs, held against themselves: run plainly, and as coroutines.

Import-Module $PSScriptRoot/Differential.psm1
# Both sources are compiled there, so that they are one assembly.

# Where a program's trace goes.
$script:setup = '$log = [AsyncJobs.Tests.Logs]::Begin()'

function New-RandomProgram {
    <# The text of the block that a seed gives. #>
    param([int] $Seed, [int] $Size = 30)
    [AsyncJobs.Tests.Statement]::Render([AsyncJobs.Tests.ProgramGenerator]::Generate($Seed, $Size), 1)
}

function Compare-RandomProgram {
    <#
    Runs the programs of the seeds, many at once. Writes an object for each that is not alike: Seed, Verdict and
    Explanation, which shows the smallest program found that still differs.

    -Plain compares plain runs with each other, which proves the programs fit for the test. -Attempts is how often a
    smaller program is tried.
    #>
    param([int[]] $Seed, [int] $Size = 30, [int] $BatchSize = 20, [switch] $Plain, [int] $Attempts = 300)
    $session = Get-DifferentialSession
    for ($at = 0; $at -lt $Seed.Count; $at += $BatchSize) {
        $batch = $Seed[$at..([Math]::Min($at + $BatchSize, $Seed.Count) - 1)]
        $programs = foreach ($one in $batch) { New-Program -Setup $script:setup -Script ([AsyncJobs.Tests.DifferentialSession]::TraceStart + (New-RandomProgram $one $Size)) }
        $results = if ($Plain) {
            foreach ($program in $programs) { $session.Compare($program, [AsyncJobs.Tests.RunMode[]] @('Plain')) }
        }
        else {
            $session.CompareTogether([AsyncJobs.Tests.Program[]] $programs)
        }
        for ($i = 0; $i -lt $batch.Count; $i++) {
            if ($results[$i].Verdict -eq 'Alike') { continue }
            $explanation = $results[$i].Explanation
            if (-not $Plain -and $Attempts -gt 0) {
                $smaller = [AsyncJobs.Tests.DifferentialSession]::Shrink($session, $batch[$i], $Size, $script:setup, $results[$i].Verdict, $explanation, $Attempts)
                # A difference that only shows among others is shown as it was found.
                if ($smaller) { $explanation = $smaller }
            }
            [pscustomobject] @{ Seed = $batch[$i]; Verdict = $results[$i].Verdict; Explanation = $explanation }
        }
    }
}

Export-ModuleMember -Function New-RandomProgram, Compare-RandomProgram
