# Random programs, held against themselves: run plainly, and as coroutines.

. $PSScriptRoot/../../.build/PowerShellHost.ps1
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
    $path = $env:PATH
    # A command that nobody knows is looked for there, too, which takes longer than the rest of a program.
    $env:PATH = ''
    try {
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
                [pscustomobject] @{ Seed = $batch[$i]; Verdict = "$($results[$i].Verdict)"; Explanation = $explanation }
            }
        }
    }
    finally {
        $env:PATH = $path
    }
}

function Compare-RandomProgramRange {
    <#
    The same for all seeds of a range, shared out among a process for each processor. A batch is of the same seeds however
    many processes there are.
    #>
    param([int] $From, [int] $To, [int] $BatchSize = 20, [int] $TimeoutSec = 1800)
    $batches = for ($at = $From; $at -le $To; $at += $BatchSize) { , ($at..[Math]::Min($at + $BatchSize - 1, $To)) }
    $count = [Math]::Min([Environment]::ProcessorCount, @($batches).Count)
    $processes = foreach ($number in 0..($count - 1)) {
        $start = New-PowerShellStartInfo '-File', "$PSScriptRoot/Compare-Programs.ps1"
        $start.RedirectStandardError = $true
        for ($i = $number; $i -lt @($batches).Count; $i += $count) { $start.ArgumentList.Add($batches[$i] -join ',') }
        # Code that runs once is worth no second thoughts, and a process that ends soon little tidying.
        $start.Environment['DOTNET_TieredPGO'] = '0'
        $start.Environment['DOTNET_gcConcurrent'] = '0'
        $start.Environment['DOTNET_GCgen0size'] = '8000000'
        $process = [Diagnostics.Process]::Start($start)
        @{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Errors = $process.StandardError.ReadToEndAsync() }
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        foreach ($one in $processes) {
            $left = [Math]::Max(0, $TimeoutSec * 1000 - $watch.ElapsedMilliseconds)
            if (-not $one.Process.WaitForExit([int] $left)) { throw "The programs did not end within $TimeoutSec s." }
            if ($one.Process.ExitCode -ne 0) { throw "The programs could not be compared: $($one.Errors.Result)" }
            $one.Output.Result | ConvertFrom-Json
        }
    }
    finally {
        $processes | ForEach-Object { if (-not $_.Process.HasExited) { $_.Process.Kill($true) }; $_.Process.Dispose() }
    }
}

Export-ModuleMember -Function New-RandomProgram, Compare-RandomProgram, Compare-RandomProgramRange
