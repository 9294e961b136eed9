<#
Queries of a PostgreSQL on this machine, through AsyncJobs and through what else one could use: a plain C# program on Npgsql and,
where it is installed, Python's asyncpg. First many small queries, twenty at a time; then one of many rows.

Needs PostgreSQL; on Debian and Ubuntu: apt-get install postgresql python3-asyncpg

Every contender is a program of its own under database/. It warms up with a tenth of the work, times the rest itself, without its
start, checks what it got, and prints queries or rows per second.
#>
param([int] $QueryCount = 5000, [int] $RowCount = 200000, [int] $Round = 5)

. "$PSScriptRoot/Common.ps1"
Import-Module "$PSScriptRoot/../Support/Database.psm1"
if (-not (Find-PostgreSql)) {
    throw 'PostgreSQL is missing. Install what this benchmark compares with, e.g.: apt-get install postgresql python3-asyncpg'
}

$provider = Get-DatabaseProvider Npgsql
$pwsh = Get-PowerShellHost
$baseline = "$PSScriptRoot/database/Baseline"
Invoke-Program dotnet @('build', $baseline, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--disable-build-servers') | Out-Null
$python = 'python3', '/usr/bin/python3' | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore } | Where-Object {
    & $_ -c 'import asyncpg' *>&1 | Out-Null
    $LASTEXITCODE -eq 0
} | Select-Object -First 1

function Invoke-Client([string] $Program, [string[]] $Argument) {
    $rate = & $Program @Argument
    if ($LASTEXITCODE -ne 0 -or "$rate" -notmatch '^[\d.]+$') {
        throw "$Program $Argument failed: $rate"
    }

    [double]::Parse($rate, [cultureinfo]::InvariantCulture)
}

function Invoke-Ours([string] $Work, [int] $Count) {
    Invoke-Client $pwsh.FilePath ($pwsh.ArgumentList + '-NoProfile', '-File', "$PSScriptRoot/database/asyncjobs.ps1", $Work, $Count, $provider)
}

function Show-Result([string] $Title, [string] $Unit, [System.Collections.IDictionary] $Contender) {
    $results = Measure-InTurn $Contender $Round -NoWarmUp
    Write-Host "Database: $Title, medians of $Round rounds in turn"
    # Rounds differ more than contenders do within a round, so the ratio is taken in each.
    $results | Format-Table @{ n = 'Client'; e = { $_.Name } },
        @{ n = $Unit; e = { [int]$_.Median } },
        @{ n = 'Against C#'; e = { $row = $_; '{0:0.000}' -f (Get-Median (0..($Round - 1) | ForEach-Object { $row.All[$_] / $results[0].All[$_] })) }; a = 'right' },
        @{ n = 'Each run'; e = { ($_.All | ForEach-Object { [int]$_ }) -join ', ' } } -AutoSize | Out-String -Width 140
}

$server = Start-TestPostgreSql
$env:ASYNCJOBS_DATABASE = $server.ConnectionString
try {
    $queries = [ordered]@{
        'C#, Npgsql and Parallel.ForEachAsync' = { Invoke-Client dotnet "$baseline/bin/Release/net8.0/Baseline.dll", queries, $QueryCount }
        'AsyncJobs, Start-AsyncDbQuery'        = { Invoke-Ours queries $QueryCount }
    }
    $rows = [ordered]@{
        'C#, Npgsql, a list of tuples' = { Invoke-Client dotnet "$baseline/bin/Release/net8.0/Baseline.dll", rows, $RowCount }
        'AsyncJobs, objects'           = { Invoke-Ours rows $RowCount }
        'AsyncJobs, -As DataTable'     = { Invoke-Ours table $RowCount }
        'AsyncJobs, -Stream'           = { Invoke-Ours stream $RowCount }
    }
    if ($python) {
        $queries['Python, asyncpg'] = { Invoke-Client $python "$PSScriptRoot/database/asyncpg_client.py", queries, $QueryCount }
        $rows['Python, asyncpg'] = { Invoke-Client $python "$PSScriptRoot/database/asyncpg_client.py", rows, $RowCount }
    }

    Show-Result "$QueryCount small queries, at most 20 at once" 'Queries/s' $queries
    Show-Result "$RowCount rows of one query" 'Rows/s' $rows
} finally {
    Remove-Item Env:ASYNCJOBS_DATABASE
    Stop-TestPostgreSql $server
}
