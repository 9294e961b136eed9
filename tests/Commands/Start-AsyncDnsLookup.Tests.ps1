BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/NetworkNamespace.psm1
    $lack = Get-NetworkNamespaceLack
    if ($lack) {
        Write-Warning "The tests with a name server are skipped: $lack."
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/NetworkNamespace.psm1
    $server = "Add-Type -Path '$(Convert-Path $PSScriptRoot/../Support/DnsTestServer.cs)'; `$server = [AsyncJobsTests.DnsTestServer]::new(53)"
}

Describe 'Start-AsyncDnsLookup' {
    Context 'Results' {
        It 'finds the addresses that .NET finds for a name' {
            $records = await (Start-AsyncDnsLookup localhost) -TimeoutSec 60
            $records | Should -BeOfType AsyncJobs.DnsRecord
            "$($records.IPAddress)" | Should -Be "$([Net.Dns]::GetHostEntry('localhost').AddressList)"
            $records | Where-Object { $_.Type -ne ($_.IPAddress.AddressFamily -eq 'InterNetwork' ? 'A' : 'AAAA') } | Should -Be $null
        }

        It 'finds the name that .NET finds for an address' {
            $record = await (Start-AsyncDnsLookup 127.0.0.1) -TimeoutSec 60
            $record.Name | Should -Be '127.0.0.1'
            $record.Type | Should -Be 'PTR'
            $record.NameHost | Should -Be ([Net.Dns]::GetHostEntry('127.0.0.1').HostName)
            $record.IPAddress | Should -Be $null
        }

        It 'finds only IPv4 addresses with -IPv4' {
            $records = await (Start-AsyncDnsLookup localhost -IPv4) -TimeoutSec 60
            $records.Type | Select-Object -Unique | Should -Be 'A'
        }

        It 'goes both ways through the pipeline' {
            $names = Start-AsyncDnsLookup localhost -IPv4 | Wait-AsyncTask -TimeoutSec 60 | Start-AsyncDnsLookup | Wait-AsyncTask -TimeoutSec 60
            $names[0].Name | Should -Be '127.0.0.1'
            $names[0].NameHost | Should -Not -BeNullOrEmpty
        }

        It 'shows name, type and what was found' {
            $shown = await (Start-AsyncDnsLookup 127.0.0.1) -TimeoutSec 60 | Out-String -Width 200
            $shown | Should -Match 'Name +Type +IPAddress +NameHost'
            $shown | Should -Match '127\.0\.0\.1 +PTR'
        }
    }

    Context 'Failures' {
        It 'fails the task of <Scenario>' -TestCases @(
            @{ Scenario = 'a name that is none'; HostName = 'no such name!' }
            @{ Scenario = 'a name that is too long'; HostName = 'a' * 300 }
            @{ Scenario = 'an address of nobody'; HostName = '0.0.0.0' }
        ) {
            $failure = Get-Failure { await (Start-AsyncDnsLookup $HostName) -TimeoutSec 60 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'HostNotFound*'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.Exception | Should -BeOfType Net.Sockets.SocketException
            $failure.Exception.HostName | Should -Be $HostName
            $failure.TargetObject | Should -Be $HostName
            "$failure" | Should -BeLike "*'$HostName'*"
        }

        It 'refuses an empty name' {
            { Start-AsyncDnsLookup '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'writes the error of one and the results of the others' {
            $records = 'localhost', 'no such name!' | Start-AsyncDnsLookup -IPv4 |
                Receive-AsyncTask -TimeoutSec 60 -ErrorVariable failures -ErrorAction SilentlyContinue
            $records[0].IPAddress | Should -Be ([Net.IPAddress]::Loopback)
            $failures.Count | Should -Be 1
        }
    }

    Context 'Tasks' {
        It 'starts an IO task for each host, with its name' {
            $tasks = 'localhost', [Net.IPAddress]::Loopback | Start-AsyncDnsLookup -Name find
            $tasks.Kind | Should -Be 'IO', 'IO'
            $tasks.Name | Should -Be 'find', 'find'
            $tasks.InputObject | Should -Be 'localhost', '127.0.0.1'
            ($tasks | Wait-AsyncGather -TimeoutSec 60).Count | Should -Be 2
        }

        It 'takes hosts from properties' {
            $tasks = [pscustomobject]@{ ComputerName = 'localhost' }, [pscustomobject]@{ HostName = '127.0.0.1' } | Start-AsyncDnsLookup
            $tasks.InputObject | Should -Be 'localhost', '127.0.0.1'
            $null = $tasks | Wait-AsyncGather -TimeoutSec 60
        }

        It 'runs in a coroutine' {
            $task = Start-AsyncTask { (await (Start-AsyncDnsLookup 127.0.0.1)).NameHost }
            $task.Kind | Should -Be 'Coroutine'
            await $task -TimeoutSec 60 | Should -Be ([Net.Dns]::GetHostEntry('127.0.0.1').HostName)
        }

        It 'waits for its permit and its rate' {
            $semaphore = New-AsyncSemaphore -Count 1
            Enter-AsyncSemaphore $semaphore
            $limiter = New-AsyncRateLimiter -PermitLimit 1 -Window 3600
            $held = Start-AsyncDnsLookup localhost -Semaphore $semaphore
            $null = await (Start-AsyncDnsLookup localhost -RateLimiter $limiter) -TimeoutSec 60
            $late = Start-AsyncDnsLookup localhost -RateLimiter $limiter
            $held.State, $late.State | Should -Be 'NotStarted', 'NotStarted'
            Exit-AsyncSemaphore $semaphore
            $null = await $held -TimeoutSec 60
            Stop-AsyncTask $late -Wait
        }
    }

    Context 'With a name server of its own' -Skip:([bool]$lack) {
        It 'gives aliases, addresses and names as the server does, and tells no such name from no answer' {
            Invoke-InNetworkNamespace -Resolver -Before $server '
                $show = { process { "$($_.Name) $($_.Type) $_" } }
                await (Start-AsyncDnsLookup web.known) | & $show
                await (Start-AsyncDnsLookup web.alias -IPv4) | & $show
                await (Start-AsyncDnsLookup 127.3.4.5) | & $show
                try { await (Start-AsyncDnsLookup web.nowhere) } catch { $_.FullyQualifiedErrorId }
                $server.Dispose()
                try { await (Start-AsyncDnsLookup other.known) } catch { $_.FullyQualifiedErrorId }' | Should -Be @(
                'web.known A 127.9.0.1', 'web.known AAAA fd00::9'
                'web.alias CNAME web.known', 'web.known A 127.9.0.1'
                '127.3.4.5 PTR host-5-4.known'
                'HostNotFound', 'HostLookupFailed')
        }

        It 'looks up a thousand names at once of which half get no answer, while the thread pool goes on' {
            $written = Invoke-InNetworkNamespace -Resolver -Before $server -TimeoutSec 120 '
                $null = await (Start-AsyncDnsLookup first.known)
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $tasks = 1..500 | ForEach-Object { "a$_.known"; "a$_.silent" } | Start-AsyncDnsLookup -TimeoutSec 2

                # What else this process does meanwhile.
                $other = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
                $other.Start(1000)
                $answers = @("127.0.0.1") * 500 | Start-AsyncConnectionTest -TcpPort $other.LocalEndpoint.Port | Wait-AsyncGather
                "$(($answers -eq $true).Count) $($watch.Elapsed.TotalSeconds -lt 10)"
                $results = $tasks | Wait-AsyncGather -ReturnExceptions -TimeoutSec 60
                $results.Where({ $_ -is [TimeoutException] }).Count
                $results.Where({ $_ -is [object[]] -and $_[0].IPAddress -eq "127.9.0.1" }).Count
                ($tasks.Duration.TotalSeconds | Measure-Object -Maximum).Maximum -lt 6'
            $written[0] | Should -Be '500 True'
            $written[-3..-1] | Should -Be '500', '500', 'True'
        }

        It 'asks once for a name that many ask for at the same time' {
            Invoke-InNetworkNamespace -Resolver -Before $server '
                $results = 1..200 | ForEach-Object { "web.silent" } | Start-AsyncDnsLookup -TimeoutSec 1 | Wait-AsyncGather -ReturnExceptions
                $results.Where({ $_ -is [TimeoutException] }).Count
                $server.AskedFor("web.silent") -le 4
                [Diagnostics.Process]::GetCurrentProcess().Threads.Count -lt 100' | Should -Be '200', 'True', 'True'
        }
    }
}
