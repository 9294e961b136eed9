#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A lock around a counter: between reading and writing it, no other task comes in.
#>
param([int] $Count = 10)

$lock = New-AsyncLock
$counter = @{ Value = 0 }

$tasks = 1..$Count | Start-AsyncTask {
    Use-AsyncLock $lock {
        $value = $counter.Value
        await (Start-AsyncSleep 0.01)
        $counter.Value = $value + 1
    }
}
$null = Wait-AsyncGather $tasks

"counted to $($counter.Value)"
