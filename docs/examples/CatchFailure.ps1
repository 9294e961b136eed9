#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
What a task fails with is thrown where it is awaited, and can be caught by its type.
#>
param()

$backup = async {
    'copying'
    await (Start-AsyncSleep 0.1)
    throw [IO.IOException]::new('the disk is full')
}

try {
    await $backup
}
catch [IO.IOException] {
    "caught: $($_.Exception.Message)"
}
"the task is $($backup.State)"
