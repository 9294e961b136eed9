#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A future is a result that somebody sets later; whoever needs it awaits it.
#>
param()

$answer = New-Future answer
$reader = async { "the answer is $(await $answer)" }

# A callback sets it in a moment. A task, an event handler or another thread could as well.
$null = Register-AsyncCallback -After 0:0:0.2 -Action { Complete-Future $answer -Result 42 }

"the answer is there: $($answer.IsCompleted)"
await $reader
