#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Follows a log file, hands its lines to several workers that report errors to a web address, and ends cleanly at Ctrl+C.
.DESCRIPTION
A thread reads what is appended to the file into a queue. The workers take lines from it and post those that match. At
Ctrl+C no more lines are read, and what is in the queue is still reported before the script ends. Then it tells how many
lines were read and how many were reported.

The workers are threads, too: Ctrl+C stops what the session itself is doing, and that may be the middle of a coroutine's step.
.PARAMETER Path
The log file.
.PARAMETER Uri
Where lines are reported to.
.PARAMETER Pattern
Which lines are reported.
.PARAMETER WorkerCount
How many workers report at once.
.PARAMETER SummaryPath
A file that is told the numbers at the end, too: a pipeline that is stopped writes no more output.
.EXAMPLE
./Watch-Log.ps1 /var/log/app.log https://alerts.example.org/hook
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [Parameter(Mandatory, Position = 1)] [uri] $Uri,
    [string] $Pattern = 'ERROR',
    [ValidateRange(1, 50)] [int] $WorkerCount = 4,
    [string] $SummaryPath
)

$ErrorActionPreference = 'Stop'
$queue = New-AsyncQueue -Capacity 1000

$reader = Start-AsyncTask -OnThread -Name reader {
    Get-Content -LiteralPath $Path -Wait -Tail 0 | Add-AsyncQueueItem $queue
}
$workers = 1..$WorkerCount | Start-AsyncTask -OnThread -Name worker {
    $count = [pscustomobject]@{ Read = 0; Reported = 0; Lost = 0 }
    Receive-AsyncQueueItem $queue -All | ForEach-Object {
        $count.Read++
        if ($_ -match $Pattern) {
            try {
                $null = Invoke-RestMethod $Uri -Method Post -Body $_ -MaximumRetryCount 3 -RetryIntervalSec 1
                $count.Reported++
            }
            catch {
                $count.Lost++
            }
        }
    }

    $count
}

try {
    Write-Verbose "Following $Path; Ctrl+C ends it."
    await $reader
}
finally {
    # Also at Ctrl+C. A queue that is closed gives out what it has, and then ends those who take from it.
    Close-AsyncQueue $queue
    $sum = @{}
    await $workers | Measure-Object Read, Reported, Lost -Sum | ForEach-Object { $sum[$_.Property] = $_.Sum }
    $summary = '{0} lines read, {1} reported, {2} lost' -f $sum.Read, $sum.Reported, $sum.Lost
    if ($SummaryPath) {
        Set-Content -LiteralPath $SummaryPath $summary
    }

    Write-Host $summary
}
