# Runs Pester test files and writes the counts to a JSON file. Started by build.ps1 in a PowerShell of its own.
param([string] $Pester, [string] $ResultPath, [Parameter(ValueFromRemainingArguments)] [string[]] $Path)

# No $ErrorActionPreference here: the tests would see it, and are to run as in a session of a user's own.
. "$PSScriptRoot/Tools.ps1"
Import-Module $Pester -ErrorAction Stop

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.RenderMode = [Console]::IsOutputRedirected ? 'Plaintext' : 'Auto'
$run = Invoke-Pester -Configuration $configuration

# A file that cannot be read and a BeforeAll that throws have failed, though no test of theirs may have; so has a run
# that found nothing to do.
$failed = $run.FailedCount + $run.FailedContainersCount
if ($failed -eq 0 -and ($run.Result -ne 'Passed' -or $run.TotalCount -eq 0)) {
    $failed = 1
}

@{ Passed = $run.PassedCount; Failed = $failed; Skipped = $run.SkippedCount + $run.InconclusiveCount } |
    ConvertTo-Json | Set-Content $ResultPath
