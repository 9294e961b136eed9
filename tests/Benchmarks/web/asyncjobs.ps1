# Prints requests per second, and microseconds of processor time for each; of one large file the megabytes per second, the time
# for each, and how many of memory this process had at most.
param([string] $Kind, [string] $Address, [int] $Count, [int] $ThrottleLimit, [string] $File)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$own = [Diagnostics.Process]::GetCurrentProcess()

function Get-ProcessorSecond {
    $own.Refresh()
    $own.TotalProcessorTime.TotalSeconds
}

# The figures in a form that no culture changes.
function Write-Figure([double[]] $Value) {
    ($Value | ForEach-Object { $_.ToString('0.0', [cultureinfo]::InvariantCulture) }) -join ' '
}

Import-Module "$PSScriptRoot/../../../output/AsyncJobs/AsyncJobs.psd1"

if ($Kind -in 'down', 'up') {
    $with = $Kind -eq 'down' ? @{ OutFile = $File } : @{ Method = 'Put'; InFile = $File }
    $before = Get-ProcessorSecond
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = Start-AsyncRestMethod $Address @with | Wait-AsyncTask
    $seconds = $clock.Elapsed.TotalSeconds
    $processor = (Get-ProcessorSecond) - $before
    $size = (Get-Item $File).Length / 1MB
    Write-Figure ($size / $seconds), ($processor * 1e6 / $size), ($own.PeakWorkingSet64 / 1MB)
    return
}

$urls = foreach ($i in 0..($Count - 1)) {
    switch ($Kind) {
        session { "$Address/json/$($i % 1000).json" }
        hosts { $Address.Replace('127.0.0.1', "127.0.0.$($i % 100 + 1)") + "/pages/$($i % 1000).txt" }
        default { "$Address/pages/$($i % 1000).txt" }
    }
}
$with = @{ ThrottleLimit = $ThrottleLimit }
if ($Kind -eq 'session') {
    $with.WebSession = [Microsoft.PowerShell.Commands.WebRequestSession]::new()
    $with.Headers = @{ Authorization = 'Bearer token'; 'X-One' = 1; 'X-Two' = 2 }
} elseif ($Kind -eq 'http2') {
    $with += @{ HttpVersion = '2.0'; SkipCertificateCheck = $true }
}
$null = $urls | Start-AsyncRestMethod @with | Wait-AsyncGather

[GC]::Collect()
$before = Get-ProcessorSecond
$clock = [Diagnostics.Stopwatch]::StartNew()
$results = $urls | Start-AsyncRestMethod @with | Wait-AsyncGather
$seconds = $clock.Elapsed.TotalSeconds
$processor = (Get-ProcessorSecond) - $before

if ($results.Count -ne $Count) {
    throw "$($results.Count) of $Count results"
}

for ($i = 0; $i -lt $Count; $i++) {
    $isRight = $Kind -eq 'session' ? ($results[$i].number -eq $i % 1000 -and $results[$i].items.Count -eq 20)
        : ($results[$i].Length -eq 1024 -and $results[$i].StartsWith("$($i % 1000) "))
    if (-not $isRight) {
        throw "result $i is not that of $($urls[$i])"
    }
}

Write-Figure ($Count / $seconds), ($processor * 1e6 / $Count)
