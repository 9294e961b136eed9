param([string] $Work, [int] $Count, [string] $Provider)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module "$PSScriptRoot/../../../output/AsyncJobs/AsyncJobs.psd1"
$source = New-AsyncDbSource $Provider "$env:ASYNCJOBS_DATABASE;Maximum Pool Size=20"

$query = "select @id::int as id, 'name ' || @id::int as name"
$all = "select i as id, 'name ' || i as name from generate_series(1, @count) i"
$run = @{
    queries = { param($n) 1..$n | Start-AsyncDbQuery $source $query -ThrottleLimit 20 | Wait-AsyncGather }
    rows    = { param($n) await (Start-AsyncDbQuery $source $all -Parameters @{ count = $n }) }
    table   = { param($n) , (await (Start-AsyncDbQuery $source $all -Parameters @{ count = $n } -As DataTable)).Rows }
    stream  = { param($n) Start-AsyncDbQuery $source $all -Parameters @{ count = $n } -Stream | Receive-AsyncTask }
}[$Work]
$null = & $run ([int]($Count / 10))

[GC]::Collect()
$clock = [Diagnostics.Stopwatch]::StartNew()
$results = & $run $Count
$seconds = $clock.Elapsed.TotalSeconds

if ($results.Count -ne $Count) {
    throw "$($results.Count) of $Count results"
}

for ($i = 0; $i -lt $Count; $i += 7) {
    if ($results[$i].id -ne $i + 1 -or $results[$i].name -ne "name $($i + 1)") {
        throw "result $i is $($results[$i])"
    }
}

($Count / $seconds).ToString('0.0', [cultureinfo]::InvariantCulture)
