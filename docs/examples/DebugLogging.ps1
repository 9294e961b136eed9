#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Debug mode tells of a step that holds the loop too long, with the line it stands in.
#>
param([int] $Milliseconds = 300)

Set-AsyncLoop -DebugMode -SlowStepMilliseconds 50
try {
    # The callback runs on the loop, and sleeps where it should await: a warning says so.
    $null = Register-AsyncCallback -After 0:0:0.05 -Action { Start-Sleep -Milliseconds $Milliseconds }
    await (Start-AsyncSleep 0.1 -Result 'done')
}
finally {
    Set-AsyncLoop -DebugMode:$false -SlowStepMilliseconds 100
}
