# 20,000 thread tasks that complete, fail, time out, are stopped, change their runspace or start tasks of their own, with
# output of all sizes on all streams. Fails if a task ends in the wrong state, a record is lost or comes twice, or
# runspaces, threads, handles or memory do not come back.
param([int] $Count = 20000, [int] $Seed = [Environment]::TickCount, [int] $TimeoutSec = 3600)

. "$PSScriptRoot/Common.ps1"
Set-StrictMode -Off
# The tasks take preferences along, and are to go on after an error.
$ErrorActionPreference = 'Continue'
Import-Module $modulePath
Import-Module "$PSScriptRoot/../Support/Soak.psm1"

# Workers go when they have been idle for ten seconds; threads of the thread pool take longer.
function Wait-Idle {
    $deadline = [DateTime]::UtcNow.AddSeconds(60)
    while ((Get-AsyncLoop).Threads -gt 0 -and [DateTime]::UtcNow -lt $deadline) {
        Start-Sleep 1
    }
    Start-Sleep 5
    Measure-Soak
}

Write-Host "Soak: $Count tasks, seed $Seed"
$problems = @(Invoke-Soak 1000 -Seed 0 -TimeoutSec $TimeoutSec)
$before = Wait-Idle
$seconds = Measure-Second { $script:problems += @(Invoke-Soak $Count -Seed $Seed -TimeoutSec $TimeoutSec) }
$after = Wait-Idle

[pscustomobject]@{ When = 'after the first 1000'; Runspaces = $before.Runspaces; Threads = $before.Threads; Handles = $before.Handles; MB = $before.MB },
[pscustomobject]@{ When = "after $Count more, $([int]$seconds) s"; Runspaces = $after.Runspaces; Threads = $after.Threads; Handles = $after.Handles; MB = $after.MB } |
    Format-Table -AutoSize

$loop = Get-AsyncLoop
if ($after.Runspaces -gt 1 -or $loop.Threads -or $loop.AbandonedThreads -or $loop.PendingTasks) {
    $problems += "$($after.Runspaces) runspaces, $($loop.Threads) threads, $($loop.AbandonedThreads) abandoned, $($loop.PendingTasks) tasks are left."
}
if ($after.Threads -gt $before.Threads + 20) { $problems += "Threads went from $($before.Threads) to $($after.Threads)." }
if ($after.Handles -gt $before.Handles * 1.2 + 50) { $problems += "Handles went from $($before.Handles) to $($after.Handles)." }
if ($after.MB -gt $before.MB * 1.2 + 20) { $problems += "Memory went from $($before.MB) MB to $($after.MB) MB." }

$problems | Select-Object -First 20 | Write-Host
if ($problems) { throw "$($problems.Count) things did not hold." }
Write-Host 'Every task ended as it should, every record came once, and everything came back.'
