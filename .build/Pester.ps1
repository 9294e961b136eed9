# Runs Pester test files and writes the counts to a JSON file. Started by build.ps1 in a PowerShell of its own, several at a
# time: each takes the next file that none of them has taken, and writes a line of its own behind what it has to say of it.
param([string] $Pester, [string] $RenderMode, [string] $Taken, [string] $ResultPath, [Parameter(ValueFromRemainingArguments)] [string[]] $Path)

# No $ErrorActionPreference here: the tests would see it, and are to run as in a session of a user's own.
. "$PSScriptRoot/Tools.ps1"
Import-Module $Pester -ErrorAction Stop

$configuration = New-PesterConfiguration
$configuration.Run.PassThru = $true
$configuration.Output.RenderMode = $RenderMode
$count = @{ Passed = 0; Failed = 0; Skipped = 0 }
for ($number = 0; $number -lt $Path.Count; $number++) {
    try {
        [IO.File]::Open("$Taken/$number", 'CreateNew').Dispose()
    } catch {
        # Another has it; whatever else it is, the run has gone wrong.
        if (Test-Path "$Taken/$number") { continue }
        throw
    }

    $configuration.Run.Path = $Path[$number]
    $run = Invoke-Pester -Configuration $configuration

    # A file that cannot be read and a BeforeAll that throws have failed, though no test of theirs may have; so has a file
    # that has nothing to do.
    $failed = $run.FailedCount + $run.FailedContainersCount
    $count.Failed += $failed -eq 0 -and ($run.Result -ne 'Passed' -or $run.TotalCount -eq 0) ? 1 : $failed
    $count.Passed += $run.PassedCount
    $count.Skipped += $run.SkippedCount + $run.InconclusiveCount
    '--'
}

$count | ConvertTo-Json | Set-Content $ResultPath
