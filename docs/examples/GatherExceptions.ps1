#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Gathers all results where some tasks fail: each exception stands in the place of its result.
#>
param([int[]] $Divisor = (1, 0, 4))

$tasks = $Divisor | Start-AsyncTask {
    await (Start-AsyncSleep 0.1)
    if ($_ -eq 0) { throw [DivideByZeroException]::new('nothing can be divided by 0') }
    12 / $_
}

foreach ($result in Wait-AsyncGather $tasks -ReturnExceptions) {
    $result -is [Exception] ? "failed: $($result.Message)" : "result: $result"
}
