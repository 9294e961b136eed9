# What Import-Module adds to the start of PowerShell, next to Microsoft.PowerShell.ThreadJob.
param([int] $Round = 9)

. "$PSScriptRoot/Common.ps1"

function Measure-Process([string] $Command) {
    Measure-Second { Invoke-PowerShell -Command $Command }
}

# ThreadJob has had more than one name.
$threadJob = (Get-Module -ListAvailable Microsoft.PowerShell.ThreadJob, ThreadJob | Select-Object -First 1).Path
$results = Measure-InTurn -Round $Round ([ordered]@{
    'nothing'   = { Measure-Process 'exit' }
    'ThreadJob' = { Measure-Process "Import-Module '$threadJob'" }
    'AsyncJobs' = { Measure-Process "Import-Module '$modulePath'" }
})

# "exit" alone does not even load the engine's module cmdlets, so the first import in a process pays for more than itself.
$nothing, $reference = $results[0].Median, $results[1].Median
Write-Host "Import: whole processes, medians of $Round in turn"
$results | Format-Table Name,
    @{ n = 'Process, ms'; e = { [int]($_.Median * 1000) } },
    @{ n = 'Import, ms'; e = { [int](($_.Median - $nothing) * 1000) } },
    @{ n = 'Against ThreadJob'; e = { if ($_.Median -gt $nothing) { '{0:0.00}' -f (($_.Median - $nothing) / ($reference - $nothing)) } } } -AutoSize
