#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Waits for work only so long, and cancels it then.
#>
param([double] $Seconds = 0.2)

try {
    Invoke-WithTimeout $Seconds {
        try {
            await (Start-AsyncSleep 60)
            'never written'
        }
        finally {
            'cleaning up'
        }
    }
}
catch [TimeoutException] {
    'too slow'
}

# A task that is under way can be limited, too.
Invoke-WithTimeout 60 -Task (Start-AsyncSleep 0.1 -Result 'fast enough')
