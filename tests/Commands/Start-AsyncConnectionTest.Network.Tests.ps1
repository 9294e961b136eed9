# What silent, far and unknown hosts give, in networks that the tests make.

BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/NetworkNamespace.psm1
    $lack = Get-NetworkNamespaceLack
    if ($lack) {
        Write-Warning "The tests of silent and far hosts are skipped: $lack."
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../Support/NetworkNamespace.psm1
}

Describe 'Start-AsyncConnectionTest in a network of its own' -Skip:([bool]$lack) {
    It 'tests 5,000 targets, a thousand at once, of which half are silent, <Scenario>' -TestCases @(
        @{ Scenario = 'by ping'; With = '-Quiet -Count 1' }
        @{ Scenario = 'by TCP'; With = '-TcpPort $listener.LocalEndpoint.Port' }
    ) {
        $written = Invoke-InNetworkNamespace -TimeoutSec 120 "
            `$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Any, 0)
            `$listener.Start(8192)
            function Get-HandleCount { [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count }
            `$targets = 0..2499 | ForEach-Object {
                `$end = '{0}.{1}' -f [Math]::Floor(`$_ / 250), (`$_ % 250 + 1)
                `"127.1.`$end`", `"10.9.`$end`"
            }
            `$null = `$targets[0..9] | Start-AsyncConnectionTest $With -TimeoutSeconds 0.1 | Wait-AsyncGather
            `$before = Get-HandleCount
            `$watch = [Diagnostics.Stopwatch]::StartNew()
            `$tasks = `$targets | Start-AsyncConnectionTest $With -TimeoutSeconds 2 -ThrottleLimit 1000
            `$answers = `$tasks | Wait-AsyncGather -TimeoutSec 100
            `$watch.Elapsed.TotalSeconds
            (`$tasks.Duration.TotalSeconds | Measure-Object -Maximum).Maximum
            (0..4999).Where({ `$answers[`$_] -ne (`$_ % 2 -eq 0) }).Count
            (Get-HandleCount) - `$before"
        $total, $longest, $wrong, $handles = [double[]]$written

        # 2,500 silent ones, a thousand at once, are three times the limit; the rest is for a slow machine, on which one that
        # answers may also take a second to be heard.
        $longest | Should -BeLessThan 4
        $total | Should -BeLessThan 15
        $wrong | Should -Be 0
        $handles | Should -BeLessOrEqual 10
    }

    It 'gives the status of hosts that are silent, out of reach, and in no network' {
        Invoke-InNetworkNamespace '
            foreach ($target in "10.9.0.1", "10.8.0.1", "10.7.0.1") {
                $ping = await (Start-AsyncConnectionTest $target -Count 1 -TimeoutSeconds 0.5)
                $tcp = await (Start-AsyncConnectionTest $target -TcpPort 80 -Detailed -TimeoutSeconds 0.5)
                "$($ping.DisplayAddress) $($ping.Status) $($tcp.Status) $(await (Start-AsyncConnectionTest $target -Quiet -TimeoutSeconds 0.5))"
            }' | Should -Be @(
            '* TimedOut TimedOut False'
            '* DestinationHostUnreachable HostUnreachable False'
            '* DestinationNetworkUnreachable NetworkUnreachable False')
    }

    It 'finds the way to a host behind a router, and how large a ping may be' {
        Invoke-InNetworkNamespace -Route '
            $hops = await (Start-AsyncConnectionTest 10.2.0.2 -Traceroute -TimeoutSeconds 2)
            $hops | Where-Object Status -NE TimedOut | Select-Object Hop, HopAddress, Status -Unique | ForEach-Object { "$($_.Hop) $($_.HopAddress) $($_.Status)" }
            await (Start-AsyncConnectionTest 10.2.0.2 -Traceroute -Quiet -TimeoutSeconds 2)
            try { $null = await (Start-AsyncConnectionTest 10.2.0.2 -Traceroute -MaxHops 1 -TimeoutSeconds 1) } catch { "$_" }
            (await (Start-AsyncConnectionTest 10.2.0.2 -MtuSize -TimeoutSeconds 1)).MtuSize
            (await (Start-AsyncConnectionTest 10.2.0.2 -Count 1 -DontFragment -BufferSize 1400 -TimeoutSeconds 1)).Status' |
            Should -Be '1 10.1.0.2 TtlExpired', '2 10.2.0.2 Success', 'True', "The connection to '10.2.0.2' cannot be tested: it is more than 1 hops away.", '1272', 'PacketTooBig'
    }

    It 'pings without the right to raw sockets, and starts no program for it' {
        Invoke-InNetworkNamespace -Drop net_raw '
            $env:PATH = ""
            foreach ($target in "127.0.0.1", "::1", "10.9.0.1", "10.8.0.1") {
                (await (Start-AsyncConnectionTest $target -Count 1 -BufferSize 100 -TimeoutSeconds 0.5)).Status
            }
            $answers = 1..200 | ForEach-Object { "127.3.0.$_" } | Start-AsyncConnectionTest -Count 1 -Quiet | Wait-AsyncGather
            ($answers -eq $true).Count' | Should -Be 'Success', 'Success', 'TimedOut', 'DestinationHostUnreachable', '200'
    }

    It 'keeps -TimeoutSeconds for a name that no name server answers for' {
        $written = Invoke-InNetworkNamespace -Resolver '
            $silent = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([Net.IPAddress]::Loopback, 53))
            $watch = [Diagnostics.Stopwatch]::StartNew()
            try { await (Start-AsyncConnectionTest web.silent -TimeoutSeconds 0.5) } catch { $_.FullyQualifiedErrorId; "$_" }
            await (Start-AsyncConnectionTest web.silent -TimeoutSeconds 0.5 -Quiet)
            $watch.Elapsed.TotalSeconds -lt 4'
        $written[0] | Should -BeLike 'TestConnectionException*'
        $written[1..3] | Should -Be "The connection to 'web.silent' cannot be tested: its name was not resolved within 0.5 s.", 'False', 'True'
    }
}
