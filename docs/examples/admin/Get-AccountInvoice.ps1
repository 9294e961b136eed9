#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Reads all pages of several accounts from an API that allows only so many requests.
.DESCRIPTION
The accounts are read side by side, the pages of each one after the other, since every page names the next. All requests pass
one rate limiter. Where the server answers 429 nevertheless, the request is tried again when the server says, and so long
every other request to it waits, too.
.PARAMETER BaseUri
The address of the API; an account's first page is at accounts/<name>/invoices below it.
.PARAMETER Account
The names of the accounts.
.PARAMETER RequestsPerSecond
How many requests the API allows in a second.
.EXAMPLE
./Get-AccountInvoice.ps1 https://api.example.org north, south, east, west, hq | Export-Csv invoices.csv
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [uri] $BaseUri,
    [Parameter(Mandatory, Position = 1)] [string[]] $Account,
    [ValidateRange(1, 1000)] [int] $RequestsPerSecond = 10
)

$ErrorActionPreference = 'Stop'
$limiter = New-AsyncRateLimiter $RequestsPerSecond -Window 0:0:1

# An account that cannot be read to its end is an error of its own, and the others go on.
$Account | ForEach-Async -ErrorAction Continue {
    $name = $_
    $next = "$($BaseUri.AbsoluteUri.TrimEnd('/'))/accounts/$name/invoices"
    while ($next) {
        $page = await (Start-AsyncRestMethod $next -RateLimiter $limiter -MaximumRetryCount 5 -RetryIntervalSec 1)
        $page.items | Select-Object @{ Name = 'Account'; Expression = { $name } }, *
        $next = $page.next
    }
}
