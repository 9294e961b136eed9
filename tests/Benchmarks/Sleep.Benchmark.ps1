# Ten thousand sleeps of one second, gathered: how long it takes, and whether threads and handles are given back.
param([int] $Count = 10000)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

function Get-Footprint {
    $process = Get-Process -Id $PID
    $handles = $IsWindows ? $process.HandleCount : @(Get-ChildItem /proc/self/fd -ErrorAction Ignore).Count
    [pscustomobject]@{ Threads = $process.Threads.Count; Handles = $handles; MB = [Math]::Round($process.WorkingSet64 / 1MB) }
}

# Pool threads end when they have been idle for some twenty seconds; nothing tells when.
function Wait-Settled([int] $Thread) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    do {
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        Start-Sleep -Milliseconds 500
        $now = Get-Footprint
    } while ($now.Threads -gt $Thread -and $clock.Elapsed.TotalSeconds -lt 60)
    $now
}

1..100 | ForEach-Object { Start-AsyncSleep 0.01 } | Wait-AsyncGather | Out-Null
$before = Get-Footprint
$seconds = Measure-Second {
    $script:tasks = 1..$Count | ForEach-Object { Start-AsyncSleep 1 }
    $script:during = Get-Footprint
    $script:tasks | Wait-AsyncGather
}
$tasks = $null
$after = Wait-Settled $before.Threads

Write-Host "Sleep: $Count times Start-AsyncSleep 1, gathered"
[pscustomobject]@{
    Seconds = [Math]::Round($seconds, 3)
    'Threads before, during, after' = "$($before.Threads), $($during.Threads), $($after.Threads)"
    'Handles before, during, after' = "$($before.Handles), $($during.Handles), $($after.Handles)"
    'Memory before, during, after, MB' = "$($before.MB), $($during.MB), $($after.MB)"
} | Format-List
