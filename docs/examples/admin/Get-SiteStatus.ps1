#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Checks many web addresses at once and writes a row for each: status, time, or what went wrong.
.DESCRIPTION
All addresses are asked side by side, so many at a time, with a progress bar. Any answer of a server counts as an answer; a
server that does not answer in time, or is not there, gives a row with its error. The rows come in the order of the addresses.
.PARAMETER Uri
The addresses.
.PARAMETER ThrottleLimit
How many are asked at once.
.PARAMETER TimeoutSec
How long each may take.
.EXAMPLE
Get-Content sites.txt | ./Get-SiteStatus.ps1 | Where-Object Status -NE 200 | Format-Table
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline)] [uri[]] $Uri,
    [ValidateRange(1, 500)] [int] $ThrottleLimit = 50,
    [ValidateRange(0.1, 600)] [double] $TimeoutSec = 10
)

begin {
    $sites = [Collections.Generic.List[uri]]::new()
}
process {
    $sites.AddRange($Uri)
}
end {
    $sites | ForEach-Async -ThrottleLimit $ThrottleLimit -TimeoutSec $TimeoutSec -PassThru -Total $sites.Count {
        await (Start-AsyncWebRequest $_ -Method Get -SkipHttpErrorCheck -MaximumRetryCount 0)
    } | ForEach-Object {
        [pscustomobject]@{
            Uri          = $_.Input
            Status       = $_.Output.StatusCode
            Milliseconds = [int] $_.Duration.TotalMilliseconds
            Error        = $_.Error.Exception.Message
        }
    }
}
