#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Calls a blocking function of one's own for many computers, and keeps failures beside their inputs.
.DESCRIPTION
Get-AgentReport of AgentTools.psm1 knows nothing of tasks: it connects, waits and returns, one computer at a time. Here it
runs on many threads, is tried again where it fails, and given up where it takes too long. What came is written; what failed is written to a
file, with the computer, the error and how often it was tried, from which a second run can start.
.PARAMETER ComputerName
The computers.
.PARAMETER Port
The port at which their agents answer.
.PARAMETER FailurePath
The CSV file for those that failed; it is only made if there are any.
.PARAMETER ThrottleLimit
How many are asked at once.
.EXAMPLE
Get-Content computers.txt | ./Get-Inventory.ps1 -FailurePath failed.csv | Export-Csv inventory.csv
.EXAMPLE
(Import-Csv failed.csv).ComputerName | ./Get-Inventory.ps1 -FailurePath failed-again.csv
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline)] [string[]] $ComputerName,
    [ValidateRange(1, 65535)] [int] $Port = 7001,
    [Parameter(Mandatory)] [string] $FailurePath,
    [ValidateRange(1, 200)] [int] $ThrottleLimit = 25
)

begin {
    Import-Module $PSScriptRoot/AgentTools.psm1 -Verbose:$false
    $names = [Collections.Generic.List[string]]::new()
}
process {
    $names.AddRange($ComputerName)
}
end {
    $limits = @{ ThrottleLimit = $ThrottleLimit; TimeoutSec = 30; MaximumRetryCount = 2; RetryIntervalSec = 0.1 }
    $results = $names | ForEach-Async @limits -PassThru -Total $names.Count {
        Get-AgentReport $_ $Port
    }
    $results | Where-Object State -EQ Completed | ForEach-Object Output
    $failed = @($results | Where-Object State -NE Completed | Select-Object @(
            @{ Name = 'ComputerName'; Expression = { $_.Input } }
            @{ Name = 'Error'; Expression = { $_.Error.Exception.Message } }
            'Attempts'
        ))
    if ($failed) {
        $failed | Export-Csv $FailurePath
        Write-Warning "$($failed.Count) of $($names.Count) computers failed; see $FailurePath."
    }
}
