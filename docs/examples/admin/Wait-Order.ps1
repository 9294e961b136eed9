#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Polls the orders of an API until each has come to its end, within one deadline for all of them.
.DESCRIPTION
Asks for each order again and again, side by side with the others, until its status is Succeeded or Failed. Between two
questions it waits: a little longer each time, and no longer than -LongestIntervalSec. Writes an object for each order, in the
order they were given; those that had not ended at the deadline have the status Late.
.PARAMETER Uri
Where the orders can be asked for; the answer is JSON with a property status.
.PARAMETER DeadlineSec
How long all of it may take.
.PARAMETER IntervalSec
How long to wait after the first answer.
.PARAMETER LongestIntervalSec
How long to wait between two questions at most.
.EXAMPLE
./Wait-Order.ps1 https://api.example.org/orders/17, https://api.example.org/orders/18 -DeadlineSec 900
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [uri[]] $Uri,
    [ValidateRange(0.1, 86400)] [double] $DeadlineSec = 600,
    [ValidateRange(0.01, 3600)] [double] $IntervalSec = 2,
    [ValidateRange(0.01, 3600)] [double] $LongestIntervalSec = 30
)

$ErrorActionPreference = 'Stop'

$orders = $Uri | Start-AsyncTask {
    for ($wait = $IntervalSec; ; $wait = [Math]::Min($wait * 1.5, $LongestIntervalSec)) {
        $order = await (Start-AsyncRestMethod $_ -MaximumRetryCount 3 -RetryIntervalSec $IntervalSec)
        if ($order.status -in 'succeeded', 'failed') {
            return $order.status
        }

        $null = await (Start-AsyncSleep $wait)
    }
}

# What has ended keeps its result; in the place of each other stands the TimeoutException.
$results = @(Wait-AsyncGather $orders -ReturnExceptions -TimeoutSec $DeadlineSec)
for ($i = 0; $i -lt $Uri.Count; $i++) {
    [pscustomobject]@{
        Uri    = $Uri[$i]
        Status = $results[$i] -is [TimeoutException] ? 'Late' : $results[$i] -is [Exception] ? 'Unknown' : $results[$i]
        Error  = $results[$i] -is [Exception] ? $results[$i].Message : $null
    }
}
