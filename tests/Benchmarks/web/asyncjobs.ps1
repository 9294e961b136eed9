param([string] $Address, [int] $Count, [int] $ThrottleLimit)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module "$PSScriptRoot/../../../output/AsyncJobs/AsyncJobs.psd1"

$urls = 0..($Count - 1) | ForEach-Object { "$Address/$($_ % 1000).txt" }
$null = $urls | Select-Object -First ([int]($Count / 10)) | Start-AsyncRestMethod -ThrottleLimit $ThrottleLimit | Wait-AsyncGather

[GC]::Collect()
$clock = [Diagnostics.Stopwatch]::StartNew()
$results = $urls | Start-AsyncRestMethod -ThrottleLimit $ThrottleLimit | Wait-AsyncGather
$seconds = $clock.Elapsed.TotalSeconds

if ($results.Count -ne $Count) {
    throw "$($results.Count) of $Count results"
}

for ($i = 0; $i -lt $Count; $i++) {
    if ($results[$i].Length -ne 1024 -or -not $results[$i].StartsWith("$($i % 1000) ")) {
        throw "result $i is not that of $($urls[$i])"
    }
}

($Count / $seconds).ToString('0.0', [cultureinfo]::InvariantCulture)
