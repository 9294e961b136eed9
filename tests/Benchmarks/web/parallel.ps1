param([string] $Address, [int] $Count, [int] $ThrottleLimit)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$urls = 0..($Count - 1) | ForEach-Object { "$Address/pages/$($_ % 1000).txt" }
$null = $urls | Select-Object -First ([int]($Count / 10)) | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel { Invoke-RestMethod $_ }

[GC]::Collect()
$clock = [Diagnostics.Stopwatch]::StartNew()
$results = $urls | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel { Invoke-RestMethod $_ }
$seconds = $clock.Elapsed.TotalSeconds

# It gives results as they come, so only their number and size can be checked.
if ($results.Count -ne $Count -or ($results | Measure-Object Length -Sum).Sum -ne 1024 * $Count) {
    throw "$($results.Count) of $Count results"
}

($Count / $seconds).ToString('0.0', [cultureinfo]::InvariantCulture)
