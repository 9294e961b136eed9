# The example of the coroutines: thousands of addresses of a server in another process, each fetched by a coroutine that
# tries again after a time-out; some are slow, some fail, some never answer. Checks every result; prints the time and
# this process's threads and handles before, at their highest and after. Beside it ForEach-Object -Parallel, with the
# same function, on a part of the addresses.
param([int] $Count = 5000, [int] $ParallelCount = 500, [int] $ThrottleLimit = 50)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath, "$PSScriptRoot/../Support/Fetch.psm1"

$start = New-PowerShellStartInfo '-Command', "`$server = & '$PSScriptRoot/../Support/Start-TestServer.ps1'; `$server.BaseUri; `$null = [Console]::In.ReadLine()"
$start.RedirectStandardInput = $true
$server = [Diagnostics.Process]::Start($start)

$fetch = {
    param($url)
    foreach ($attempt in 1..3) {
        try { $page = await (Start-AsyncRestMethod $url -TimeoutSec 2); return $page.title }
        catch [TimeoutException] { await (Start-AsyncSleep ($attempt * 0.1)) }
    }
    throw "gave up on $url"
}

$fetchOnThread = {
    $url = $_
    foreach ($attempt in 1..3) {
        try { return (Invoke-RestMethod $url -TimeoutSec 2 -ErrorAction Stop).title }
        catch [TimeoutException], [Threading.Tasks.TaskCanceledException] { Start-Sleep -Milliseconds ($attempt * 100) }
        catch { return $_.Exception }
    }
    [Exception]::new("gave up on $url")
}

function Measure-Fetch([string] $Name, $Address, [scriptblock] $Run) {
    [GC]::Collect()
    $before = [AsyncJobs.Testing.ProcessWatch]::ThreadCount(), [AsyncJobs.Testing.ProcessWatch]::HandleCount()
    $watch = Start-Watch
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $pages = @($Address.Uri | & $Run)
    $seconds = $clock.Elapsed.TotalSeconds
    $watch.Dispose()
    $mistakes = @(Get-FetchMistake $Address $pages)
    [pscustomobject]@{
        Name = $Name
        Addresses = $Address.Count
        Seconds = [Math]::Round($seconds, 1)
        Wrong = $mistakes.Count
        Threads = "$($before[0]), $($watch.Threads), $([AsyncJobs.Testing.ProcessWatch]::ThreadCount())"
        Handles = "$($before[1]), $($watch.Handles), $([AsyncJobs.Testing.ProcessWatch]::HandleCount())"
    }

    $mistakes | Select-Object -First 5 | Write-Warning
}

try {
    $baseUri = $server.StandardOutput.ReadLine()
    (Start-Watch).Dispose()
    $addresses = @(New-FetchAddress $baseUri $Count)

    # Once before, so that what is loaded and compiled at first use counts for neither.
    $null = $addresses[0..19].Uri | ForEach-Object { Start-AsyncTask $fetch -ArgumentList $_ } | Wait-AsyncGather -ReturnExceptions
    $null = $addresses[0..19].Uri | ForEach-Object -Parallel $fetchOnThread -ThrottleLimit 2

    Write-Host "Fetch: a coroutine for each address; threads and handles before, highest, after"
    $some = @($addresses | Select-Object -First $ParallelCount)
    $coroutines = { $input | ForEach-Object { Start-AsyncTask $fetch -ArgumentList $_ } | Wait-AsyncGather -ReturnExceptions }
    $text = $fetchOnThread.ToString()
    & {
        Measure-Fetch coroutines $addresses $coroutines
        Measure-Fetch coroutines $some $coroutines

        # It does not keep the order, so what it gives is sorted by what it was given for.
        Measure-Fetch "ForEach-Object -Parallel, limit $ThrottleLimit" $some {
            $found = @{}
            $input | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
                [pscustomobject]@{ Uri = $_; Page = & ([scriptblock]::Create($using:text)) }
            } | ForEach-Object { $found[$_.Uri] = $_.Page }
            foreach ($address in $some) { $found[$address.Uri] }
        }
    } | Format-Table -AutoSize
} finally {
    $server.StandardInput.Close()
    $server.WaitForExit(5000) | Out-Null
    if (-not $server.HasExited) { $server.Kill() }
}
