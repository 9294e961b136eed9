#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A small TCP service in one script: hundreds of clients at once, on one thread.
.DESCRIPTION
Each client is a coroutine. It sends lines: "time" is answered with the time, "count" with how many clients there are, "stop" ends
the service, "quit" or the end of its input the client; any other line comes back in upper case. A client that sends nothing for
a while is sent away.
.PARAMETER Port
The port on the loopback address; 0 for any that is free.
.PARAMETER IdleSec
How long a client may be silent.
.PARAMETER OnListening
Is called with the port once clients can connect.
.EXAMPLE
./Start-LineServer.ps1 -Port 7000 -Verbose
#>
[CmdletBinding()]
param(
    [ValidateRange(0, 65535)] [int] $Port = 7000,
    [ValidateRange(0.1, 86400)] [double] $IdleSec = 60,
    [scriptblock] $OnListening = { param($port) Write-Verbose "Listening on port $port." }
)

$ErrorActionPreference = 'Stop'
$stop = New-AsyncEvent
$state = @{ Clients = 0; Served = 0; Most = 0 }

function Receive-Client([Net.Sockets.TcpClient] $Client) {
    $state.Most = [Math]::Max($state.Most, ++$state.Clients)
    try {
        $stream = $Client.GetStream()
        $reader = [IO.StreamReader]::new($stream)
        $writer = [IO.StreamWriter]::new($stream)
        $writer.AutoFlush = $true
        while ($null -ne ($line = Invoke-WithTimeout $IdleSec -Task $reader.ReadLineAsync())) {
            $answer = switch ($line) {
                'time' { Get-Date -Format o }
                'count' { $state.Clients }
                'quit' { return }
                'stop' { Set-AsyncEvent $stop; return }
                default { $line.ToUpperInvariant() }
            }
            await $writer.WriteLineAsync("$answer")
        }
    }
    catch [TimeoutException], [IO.IOException] {
        Write-Verbose "A client is gone: $_"
    }
    finally {
        $state.Clients--
        $state.Served++
        $Client.Dispose()
    }
}

$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $Port)
$listener.Start(512)
try {
    & $OnListening $listener.LocalEndpoint.Port
    $accepting = Start-AsyncTask -Name accept {
        while ($true) {
            $client = await $listener.AcceptTcpClientAsync()
            $null = Start-AsyncTask -Name client Receive-Client $client
        }
    }
    $null = Wait-AsyncTask -Any $accepting, (Start-AsyncTask { Wait-AsyncEvent $stop })
}
finally {
    # Also at Ctrl+C: nobody comes in any more, and those who are here are let go.
    $listener.Stop()
    Get-AsyncTask -Name accept, client | Stop-AsyncTask -Reason 'the service is ending' -Wait
}

[pscustomobject]@{ Served = $state.Served; MostAtOnce = $state.Most }
