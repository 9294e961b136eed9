# A module of the kind that one has: blocking functions, written without a thought of tasks.

function Get-AgentReport {
    <#
    .SYNOPSIS
    Asks the agent of a computer for its system and cores; blocks until it has answered.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [int] $Port)

    $client = [Net.Sockets.TcpClient]::new()
    try {
        $client.Connect($Name, $Port)
        $stream = $client.GetStream()
        $writer = [IO.StreamWriter]::new($stream)
        $writer.WriteLine($Name)
        $writer.Flush()
        $line = [IO.StreamReader]::new($stream).ReadLine()
        if (-not $line) {
            throw [IO.IOException]::new("The agent of $Name hung up.")
        }

        $system, $cores = $line -split ';'
        [pscustomobject]@{ ComputerName = $Name; System = $system; Cores = [int] $cores }
    }
    finally {
        $client.Dispose()
    }
}

Export-ModuleMember -Function Get-AgentReport
