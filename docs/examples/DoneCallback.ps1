#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Callbacks hear of the end of a future, whether it was given a result, an exception or was cancelled.
#>
param()

$heard = [Collections.Generic.List[string]]::new()
$futures = 'first', 'second', 'third' | ForEach-Object { New-Future $_ }
$futures | Register-AsyncCallback -Action {
    param($future)
    $heard.Add("$($future.Name) is $($future.State): $($future.Result)$($future.Exception.Message)")
} | Out-Null

# Somebody completes them in a moment, each in its own way.
$null = Register-AsyncCallback -After 0:0:0.1 -Action {
    Complete-Future $futures[0] -Result 42
    Complete-Future $futures[1] -Exception ([IO.IOException]::new('the line is dead'))
    Complete-Future $futures[2] -Cancel
}

# Callbacks run while the loop turns: here. Those of a future come before whoever waits for it.
$null = Wait-AsyncTask $futures -PassThru
$heard
