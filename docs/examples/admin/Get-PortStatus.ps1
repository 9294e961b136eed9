#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
Checks the TCP ports of many hosts at once and writes a row for each host: which are open, closed or silent.
.DESCRIPTION
All hosts are tested side by side, so many at a time, and all ports of a host at once, with a progress bar. A closed port is
one where the host itself says that nobody listens; a silent one did not answer in time, as behind a firewall, or cannot be
reached. A host whose name cannot be resolved gives a row with its error. The rows come in the order of the hosts.
.PARAMETER ComputerName
The hosts, names or addresses; a column ComputerName of a table will do.
.PARAMETER TcpPort
The ports.
.PARAMETER ThrottleLimit
How many hosts are tested at once.
.PARAMETER TimeoutSec
How long a port may take to answer.
.EXAMPLE
Get-Content hosts.txt | ./Get-PortStatus.ps1 -TcpPort 22, 443 | Where-Object Closed | Format-Table
.EXAMPLE
Import-Csv hosts.csv | ./Get-PortStatus.ps1 | Export-Csv ports.csv
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipeline, ValueFromPipelineByPropertyName)] [string[]] $ComputerName,
    [ValidateRange(1, 65535)] [int[]] $TcpPort = (22, 80, 443),
    [ValidateRange(1, 5000)] [int] $ThrottleLimit = 300,
    [ValidateRange(0.1, 600)] [double] $TimeoutSec = 3
)

begin {
    $hosts = [Collections.Generic.List[string]]::new()
}
process {
    $hosts.AddRange($ComputerName)
}
end {
    $hosts | ForEach-Async -ThrottleLimit $ThrottleLimit -PassThru -Total $hosts.Count {
        $name = $_
        $tests = foreach ($port in $TcpPort) {
            Start-AsyncConnectionTest $name -TcpPort $port -TimeoutSeconds $TimeoutSec -Detailed
        }
        Wait-AsyncGather $tests
    } | ForEach-Object {
        $closed, $silent = $_.Output.Where({ -not $_.Connected }).Where({ $_.Status -eq 'ConnectionRefused' }, 'Split')
        [pscustomobject]@{
            ComputerName = $_.Input
            Address      = $_.Output.TargetAddress | Select-Object -First 1
            Open         = $_.Output.Where({ $_.Connected }).Port -join ', '
            Closed       = $closed.Port -join ', '
            Silent       = $silent.Port -join ', '
            Error        = $_.Error.Exception.Message
        }
    }
}
