#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A chain: each task awaits the one before it, and several chains run at once.
#>
param([int[]] $Number = (1, 2, 3))

$chains = foreach ($n in $Number) {
    $read = async { param($n) await (Start-AsyncSleep 0.1 -Result $n) } -ArgumentList $n
    $squared = async { param($read) $value = await $read; $value * $value } -ArgumentList $read
    async { param($n, $squared) "the square of $n is $(await $squared)" } -ArgumentList $n, $squared
}
await $chains
