#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Reads hosts from a database, checks their ports, fetches a page from those that answer, and writes the results back at once.
.DESCRIPTION
The table hosts has the columns id, name and port. All hosts are checked side by side, so many at a time. Those whose port takes a
connection are asked for a page. The results go to the table results (host_id, state, status, length, checked_at) in one
transaction: somebody who reads it meanwhile sees the results of one run or of the other, never some of both. One row is written
for each state, with the number of its hosts.

The database may be any that there is a provider for; its DLL is given by its path.
.PARAMETER Provider
The path of the provider's DLL, such as ./providers/Npgsql.dll.
.PARAMETER ConnectionString
Where the database is, in the provider's keywords.
.PARAMETER Page
The page to fetch.
.PARAMETER ThrottleLimit
How many hosts are checked at once.
.PARAMETER TimeoutSec
How long connecting may take, and then the page.
.EXAMPLE
./Update-HostStatus.ps1 ./providers/Microsoft.Data.Sqlite.dll "Data Source=$PWD/hosts.db"
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Provider,
    [Parameter(Mandatory)] [string] $ConnectionString,
    [string] $Page = '/',
    [ValidateRange(1, 1000)] [int] $ThrottleLimit = 100,
    [ValidateRange(0.1, 600)] [double] $TimeoutSec = 5
)

$ErrorActionPreference = 'Stop'
$source = New-AsyncDbSource $Provider $ConnectionString
try {
    $hosts = @(await (Start-AsyncDbQuery $source 'select id, name, port from hosts order by id'))
    $results = @($hosts | ForEach-Async -ThrottleLimit $ThrottleLimit -Total $hosts.Count {
        $result = [pscustomobject]@{ Id = $_.id; State = 'silent'; Status = $null; Length = $null; At = [DateTimeOffset]::UtcNow }
        try {
            if (await (Start-AsyncConnectionTest $_.name -TcpPort $_.port -TimeoutSeconds $TimeoutSec)) {
                $result.State = 'no page'
                $answer = await (Start-AsyncWebRequest "http://$($_.name):$($_.port)$Page" -TimeoutSec $TimeoutSec)
                $result.State, $result.Status, $result.Length = 'up', $answer.StatusCode, $answer.RawContentLength
            }
        } catch {
            Write-Verbose "Host $($result.Id): $_"
        }
        $result
    })

    Invoke-AsyncDbTransaction $source {
        await (Start-AsyncDbQuery $source 'delete from results' -Transaction $_)
        $insert = 'insert into results(host_id, state, status, length, checked_at) values (@id, @state, @status, @length, @at)'
        $null = $results | Start-AsyncDbQuery $source $insert -Transaction $_ | Wait-AsyncGather
    }

    $results | Group-Object State -NoElement | Sort-Object Name
} finally {
    $source.Dispose()
}
