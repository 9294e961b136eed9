#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A periodic task runs beside the script, and is stopped after a while.
#>
param([timespan] $Every = '0:0:0.1', [double] $Seconds = 1)

$beats = [Collections.Concurrent.ConcurrentQueue[string]]::new()
$heart = Start-AsyncTask -Name heart -Every $Every { $beats.Enqueue('beat') }

await (Start-AsyncSleep $Seconds)
Stop-AsyncTask $heart

try { await $heart }
catch [OperationCanceledException] { "the heart has stopped after several beats: $($beats.Count -gt 1)" }
