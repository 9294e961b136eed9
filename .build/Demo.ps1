<#
The main job on a small scale: several hundred pages fetched at once from a web server that is not always well, stored,
read back, and accounted for. The server is a small one of its own on a free loopback port, so nothing leaves the machine. What
each task did meanwhile, and what it waited for, is in a trace that a browser shows.
#>
param([int] $PageCount = 400, [int] $ThrottleLimit = 50, [double] $TimeoutSec = 2, [string] $TracePath = "$PSScriptRoot/../output/demo-trace.html")

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$ProgressPreference = 'SilentlyContinue'
. "$PSScriptRoot/Tools.ps1"
Import-Module "$PSScriptRoot/../output/AsyncJobs/AsyncJobs.psd1"
Add-Type -Path "$PSScriptRoot/DemoServer.cs" -IgnoreWarnings -WarningAction Ignore

$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-demo-$PID")
$server = [DemoServer]::new()
try {
    Write-Host "Fetching $PageCount pages from $($server.BaseAddress), at most $ThrottleLimit at once, at most $TimeoutSec s each"
    Start-AsyncTrace
    $clock = [Diagnostics.Stopwatch]::StartNew()

    $urls = 1..$PageCount | ForEach-Object { "$($server.BaseAddress)/pages/$_" }
    $fetches = $urls | Start-AsyncRestMethod -ThrottleLimit $ThrottleLimit -TimeoutSec $TimeoutSec
    $bodies = $fetches | Wait-AsyncGather -ReturnExceptions
    $fetched = $clock.Elapsed

    # One write and one read for every page that came; the semaphore limits both kinds together.
    $limit = New-AsyncSemaphore -Count 20
    $pages = @(0..($PageCount - 1) | Where-Object { $bodies[$_] -isnot [Exception] })
    $pages | ForEach-Object { Start-AsyncFileWrite "$folder/$($_ + 1).txt" -Value $bodies[$_] -NoNewline -Semaphore $limit } | Wait-AsyncTask
    $contents = @($pages | ForEach-Object { Start-AsyncFileRead "$folder/$($_ + 1).txt" -Semaphore $limit } | Wait-AsyncGather)
    $stored = $clock.Elapsed - $fetched

    # Four coroutines get the pages from a queue and add each to an index, which only one writes at a time; a fifth puts them.
    $queue = New-AsyncQueue -Name pages -Capacity 4
    $index = New-AsyncLock -Name index
    $indexers = 1..4 | Start-AsyncTask -Name indexer {
        foreach ($page in Receive-AsyncQueueItem $queue -All) {
            $hash = await (Start-AsyncFileHash "$folder/$page.txt")
            Use-AsyncLock $index { await (Start-AsyncFileWrite "$folder/index.txt" -Value "$page $($hash.Hash)" -Append) }
        }
    }
    $feeder = Start-AsyncTask -Name feeder { foreach ($i in $pages | Select-Object -First 40) { Add-AsyncQueueItem $queue ($i + 1) }; Close-AsyncQueue $queue }
    Wait-AsyncGather (@($feeder) + $indexers)
    $trace = Stop-AsyncTrace -LiteralPath $TracePath -PassThru

    $readBack = @{}
    for ($i = 0; $i -lt $pages.Count; $i++) {
        $readBack[$pages[$i]] = $contents[$i] -ceq [DemoServer]::TextOf($pages[$i] + 1)
    }

    $groups = 0..($PageCount - 1) | Group-Object { [DemoServer]::GroupOf($_ + 1) } | Sort-Object Count -Descending | ForEach-Object {
        $failed = @($_.Group | Where-Object { $bodies[$_] -is [Exception] })
        [pscustomobject]@{
            Pages         = $_.Name
            Number        = $_.Count
            Fetched       = $_.Count - $failed.Count
            'Read back'   = @($_.Group | Where-Object { $readBack[$_] }).Count
            Failed        = $failed.Count
            'For example' = $failed ? $bodies[$failed[0]].Message -replace '\s+', ' ' : $null
        }
    }
    $groups | Format-Table Pages, Number, Fetched, 'Read back', Failed -AutoSize
    $groups | Where-Object Failed | ForEach-Object { Write-Host ('{0,-12} {1}' -f $_.Pages, $_.'For example') }
    Write-Host

    $oneByOne = ($fetches | ForEach-Object { $_.Duration.TotalSeconds } | Measure-Object -Sum).Sum
    $ratio = $oneByOne / $fetched.TotalSeconds
    Write-Host ('Fetched in {0:0.0} s, up to {1} at once; one at a time it would have been {2:0} s, {3:0} times as long.' -f $fetched.TotalSeconds, $server.MostAtOnce, $oneByOne, $ratio)
    Write-Host ('Wrote and read back {0} files in {1:0.00} s.' -f $pages.Count, $stored.TotalSeconds)
    Write-Host ('What the {0} tasks did, and what they waited for: {1}' -f $trace.TaskCount, (Convert-Path -LiteralPath $TracePath))

    $healthy = @(1..$PageCount | Where-Object { [DemoServer]::GroupOf($_) -in 'quick', 'slow' }).Count
    if ($pages.Count -ne $healthy -or $readBack.Values -contains $false) {
        throw "Of $healthy healthy pages $($pages.Count) came, and $(@($readBack.Values -eq $true).Count) of them were read back as sent."
    }
} finally {
    $server.Dispose()
    Remove-Item $folder -Recurse -Force
}
