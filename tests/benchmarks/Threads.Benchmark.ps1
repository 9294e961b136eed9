# Script blocks that do next to nothing, as thread tasks: what starting, running and collecting one costs.
param([int] $Count = 2000, [int] $ThrottleLimit = 8, [int] $Round = 3)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath
Get-Module -ListAvailable Microsoft.PowerShell.ThreadJob, ThreadJob | Select-Object -First 1 | Import-Module

# Fails the run when results are missing: a fast wrong answer is no figure.
function Measure-Rate([int] $Number, [scriptblock] $Work) {
    $script:written = $null
    $seconds = Measure-Second { $script:written = @(. $Work) }
    if ($written.Count -ne $Number -or ($written | Measure-Object -Sum).Sum -ne $Number * ($Number + 1)) {
        throw "$($written.Count) of $Number results arrived: $Work"
    }

    $Number / $seconds
}

$few = [int]($Count / 10)
$results = Measure-InTurn -Round $Round ([ordered]@{
    'ForEach-Object -Parallel'     = { Measure-Rate $Count { 1..$Count | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel { $_ * 2 } } }
    'Invoke-AsyncForEach'          = { Measure-Rate $Count { 1..$Count | Invoke-AsyncForEach -ThrottleLimit $ThrottleLimit { $_ * 2 } } }
    'Start-AsyncTask, gathered'    = { Measure-Rate $Count { 1..$Count | Start-AsyncTask -ThrottleLimit $ThrottleLimit { $_ * 2 } | Wait-AsyncGather } }
    'Start-ThreadJob, Receive-Job' = { Measure-Rate $few { 1..$few | ForEach-Object { Start-ThreadJob -ThrottleLimit $ThrottleLimit { $using:_ * 2 } } | Receive-Job -Wait -AutoRemoveJob } }
})

$reference = $results[0].Median
Write-Host "Threads: $Count blocks, at most $ThrottleLimit at once; Start-ThreadJob $few; medians of $Round in turn"
$results | Format-Table Name,
    @{ n = 'Blocks/s'; e = { [int]$_.Median }; a = 'right' },
    @{ n = 'Against -Parallel'; e = { '{0:0.00}' -f ($_.Median / $reference) }; a = 'right' } -AutoSize
