# Compares the random programs of the seeds, a batch for each argument, and writes those that are not alike as JSON.

$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../output/AsyncJobs
Import-Module $PSScriptRoot/Differential.psm1
Import-Module $PSScriptRoot/ProgramGenerator.psm1

# Many programs at once, and other processes beside this one.
(Get-DifferentialSession).TimeoutSec = 120
$differences = foreach ($batch in $args) { Compare-RandomProgram -Seed ([int[]] ("$batch" -split ',')) }
Remove-DifferentialSession
ConvertTo-Json @($differences)
