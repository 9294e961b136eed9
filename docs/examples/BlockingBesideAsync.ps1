#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A blocking function runs on a thread of its own and holds nothing up.
#>
param([int] $Milliseconds = 1000)

# There is no await in this block, so it runs on a thread, as everything that blocks should.
$report = async { [Threading.Thread]::Sleep($Milliseconds); 'the blocking function is done' }

$ticks = async {
    foreach ($i in 1..3) {
        await (Start-AsyncSleep 0.05)
        "tick $i"
    }
}

# Written as they come: the ticks do not wait for the report.
$report, $ticks | Receive-AsyncTask
