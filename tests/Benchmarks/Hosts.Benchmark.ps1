<#
Tests of many targets on this machine, a thousand at once: connections to an open port, the same with half of the targets
silent, and pings. Beside AsyncJobs: a plain loop in C#, asyncio (where there is a python3), and fping (where it is
installed; on Debian and Ubuntu: apt-get install fping). Pings need the right to send them, as root has it.

A silent target is a port whose queue is full. With half of them silent nobody can be faster than their time-outs, which are
those of as many rounds as the limit makes.
#>
param([int] $Count = 5000, [int] $ThrottleLimit = 1000, [int] $Round = 3, [double] $TimeoutSec = 1)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath
Add-Type -Path "$PSScriptRoot/hosts/Hosts.cs"
$python = Get-Command python3 -CommandType Application -ErrorAction Ignore | Select-Object -First 1
$fping = Get-Command fping, /usr/bin/fping -CommandType Application -ErrorAction Ignore | Select-Object -First 1

$targets = [string[]](0..($Count - 1) | ForEach-Object { '127.1.{0}.{1}' -f [Math]::Floor($_ / 250), ($_ % 250 + 1) })
$list = New-TemporaryFile
Set-Content $list $targets

function New-Listener([int] $Backlog) {
    $socket = [Net.Sockets.Socket]::new('InterNetwork', 'Stream', 'Tcp')
    $socket.Bind([Net.IPEndPoint]::new([Net.IPAddress]::Any, 0))
    $socket.Listen($Backlog)
    $socket
}

$open = New-Listener 4096
[AsyncJobsBenchmarks.Hosts]::Serve($open)
$silent = New-Listener 0
$queued = 1..8 | ForEach-Object {
    $client = [Net.Sockets.TcpClient]::new()
    $null = $client.ConnectAsync([Net.IPAddress]::Loopback, $silent.LocalEndPoint.Port).Wait(200)
    $client
}

# Seconds for a block that gives how many answered.
function Measure-Answer([scriptblock] $Block) {
    [GC]::Collect()
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $answered = . $Block
    $seconds = $clock.Elapsed.TotalSeconds
    if ($answered -ne $expected) {
        throw "$answered of $expected answered: $Block"
    }

    $seconds
}

function Measure-Python {
    $answered, $seconds = (& $python "$PSScriptRoot/hosts/connect.py" $list ($ports -join ',') $ThrottleLimit $TimeoutSec) -split ' '
    if ($answered -ne $expected) {
        throw "$answered of $expected answered in Python."
    }

    [double]::Parse($seconds, [cultureinfo]::InvariantCulture)
}

# The ports of the targets, in turn, and how many answer.
$ports = [int[]]@($open.LocalEndPoint.Port)
$expected = $Count
$connections = [ordered]@{
    'C#, Socket.ConnectAsync' = { Measure-Answer { [AsyncJobsBenchmarks.Hosts]::Connect($targets, $ports, $ThrottleLimit, $TimeoutSec) } }
    'AsyncJobs'               = {
        $inputs = $ports.Count -eq 1 ? $targets : $(foreach ($i in 0..($Count - 1)) { [pscustomobject]@{ TargetName = $targets[$i]; TcpPort = $ports[$i % $ports.Count] } })
        $with = $ports.Count -eq 1 ? @{ TcpPort = $ports[0] } : @{}
        Measure-Answer { ($inputs | Start-AsyncConnectionTest @with -ThrottleLimit $ThrottleLimit -TimeoutSeconds $TimeoutSec | Wait-AsyncGather).Where({ $_ }).Count }
    }
}
if ($python) {
    $connections['Python, asyncio'] = { Measure-Python }
}

$pings = [ordered]@{
    'C#, Ping.SendPingAsync' = { Measure-Answer { [AsyncJobsBenchmarks.Hosts]::Ping($targets, $ThrottleLimit, $TimeoutSec) } }
    'AsyncJobs'              = {
        Measure-Answer { ($targets | Start-AsyncConnectionTest -Count 1 -Quiet -ThrottleLimit $ThrottleLimit -TimeoutSeconds $TimeoutSec | Wait-AsyncGather).Where({ $_ }).Count }
    }
}
if ($fping) {
    # Knows no limit at once; one ping after the other without a pause.
    $pings['fping'] = { Measure-Answer { @(& $fping -a -q -i 0 -r 1 -t ([int]($TimeoutSec * 1000)) -f $list 2>$null).Count } }
}

# Rounds differ more than contenders do within a round, so the ratio is taken in each.
function Show-Result([string] $Title, [System.Collections.IDictionary] $Contender) {
    $results = Measure-InTurn $Contender $Round
    Write-Host "$Title, medians of $Round in turn"
    $results | Format-Table @{ n = 'Client'; e = { $_.Name } },
        @{ n = 'Seconds'; e = { '{0:0.000}' -f $_.Median }; a = 'right' },
        @{ n = 'Microseconds each'; e = { '{0:0}' -f ($_.Median / $Count * 1e6) }; a = 'right' },
        @{ n = 'Against C#'; e = { $all = $_.All; '{0:0.00}' -f (Get-Median (0..($all.Count - 1) | ForEach-Object { $all[$_] / $results[0].All[$_] })) }; a = 'right' } -AutoSize |
        Out-String -Width 120 | Write-Host
}

try {
    Show-Result "Hosts: $Count connections, at most $ThrottleLimit at once" $connections
    $ports += $silent.LocalEndPoint.Port
    $expected = [int]($Count / 2)
    Show-Result "Hosts: the same, half of them silent for $TimeoutSec s" $connections
    $expected = $Count
    if (Test-Connection 127.0.0.1 -Count 1 -Quiet -ErrorAction Ignore) {
        Show-Result "Hosts: $Count pings, at most $ThrottleLimit at once" $pings
    } else {
        Write-Host 'Hosts: no pings, since this user can send none'
    }
} finally {
    $open.Dispose()
    $silent.Dispose()
    $queued | ForEach-Object Dispose
    Remove-Item $list
}
