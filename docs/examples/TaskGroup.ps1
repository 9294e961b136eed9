#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A group waits for all tasks started in its block; the first failure cancels the others.
#>
param()

Invoke-AsyncTaskGroup {
    async { await (Start-AsyncSleep 0.1); 'first' }
    async { await (Start-AsyncSleep 0.05); 'second' }
}

try {
    Invoke-AsyncTaskGroup {
        $slow = Start-AsyncSleep 60 -Name slow
        async { await (Start-AsyncSleep 0.1); throw [IO.IOException]::new('the line is dead') }
    }
}
catch [AsyncJobs.TaskGroupException] {
    "failed: $($_.Exception.InnerExceptions.Message)"
}
"the other task is $($slow.State)"
