#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Two tasks side by side take as long as the longer one, not as both.
#>
param([double] $Seconds = 1)

$tea = async { 'kettle on'; await (Start-AsyncSleep $Seconds); 'tea is ready' }
$toast = async { 'bread in'; await (Start-AsyncSleep $Seconds); 'toast is ready' }

# Both have begun; this waits for both, and writes what they wrote.
await $tea, $toast
