BeforeDiscovery {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $parameters = foreach ($parameter in (Get-Command Test-Connection).Parameters.Values | Where-Object Name -NotIn $common) {
        @{ Name = $parameter.Name; Parameter = $parameter }
    }

    # Where a user may send no pings, Test-Connection fails, too.
    $canPing = Test-Connection 127.0.0.1 -Count 1 -Quiet -ErrorAction Ignore
    if (-not $canPing) {
        Write-Warning 'The tests of pings are skipped: this user can send none.'
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1

    $open = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $open.Start(1000)
    $openPort = $open.LocalEndpoint.Port

    # Nobody listens where somebody has just stopped to.
    $closed = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $closed.Start()
    $closedPort = $closed.LocalEndpoint.Port
    $closed.Stop()

    # One whose queue is full answers nobody any more.
    $full = [Net.Sockets.Socket]::new('InterNetwork', 'Stream', 'Tcp')
    $full.Bind([Net.IPEndPoint]::new([Net.IPAddress]::Loopback, 0))
    $full.Listen(0)
    $fullPort = $full.LocalEndPoint.Port
    $queued = 1..8 | ForEach-Object {
        $client = [Net.Sockets.TcpClient]::new()
        $null = $client.ConnectAsync([Net.IPAddress]::Loopback, $fullPort).Wait(200)
        $client
    }
}

AfterAll {
    $open.Stop()
    $full.Dispose()
    $queued | ForEach-Object Dispose
}

Describe 'Start-AsyncConnectionTest' {
    Context 'The parameters of Test-Connection' {
        It 'has -<Name>, with its type, aliases and parameter sets' -TestCases $parameters.Where({ $_.Name -ne 'Source' }) {
            $our = (Get-Command Start-AsyncConnectionTest).Parameters[$Name]
            $our | Should -Not -BeNullOrEmpty

            # Seconds may have fractions.
            $our.ParameterType | Should -Be ($Name -in 'Delay', 'TimeoutSeconds' ? [double] : $Parameter.ParameterType)

            # What was short for -TimeoutSeconds is no longer, beside -TimeoutSec.
            $our.Aliases | Should -Be @($Parameter.Aliases; $Name -eq 'TimeoutSeconds' ? 'Timeout' : @())
            $all = '__AllParameterSets'
            if (-not $our.ParameterSets.ContainsKey($all) -and -not $Parameter.ParameterSets.ContainsKey($all)) {
                $our.ParameterSets.Keys | Sort-Object | Should -Be @($Parameter.ParameterSets.Keys | Sort-Object)
            }

            foreach ($set in $Parameter.ParameterSets.GetEnumerator()) {
                $same = $our.ParameterSets[$our.ParameterSets.ContainsKey($set.Key) ? $set.Key : $all]
                $same.Position | Should -Be $set.Value.Position
                $same.IsMandatory | Should -Be $set.Value.IsMandatory
                $same.ValueFromPipeline | Should -Be $set.Value.ValueFromPipeline
            }
        }

        It 'has no -Source, which Test-Connection has and nobody can give' {
            { Test-Connection 127.0.0.1 -TcpPort 1 -Source here } | Should -Throw
            (Get-Command Start-AsyncConnectionTest).Parameters.Keys | Should -Not -Contain Source
        }

        It 'refuses <Scenario>' -TestCases @(
            @{ Scenario = 'an empty name'; Start = { Start-AsyncConnectionTest '' } }
            @{ Scenario = 'no test at all'; Start = { Start-AsyncConnectionTest 127.0.0.1 -Count 0 } }
            @{ Scenario = 'a negative limit'; Start = { Start-AsyncConnectionTest 127.0.0.1 -TimeoutSeconds -1 } }
            @{ Scenario = 'a port that is none'; Start = { Start-AsyncConnectionTest 127.0.0.1 -TcpPort 65536 } }
            @{ Scenario = 'no hop'; Start = { Start-AsyncConnectionTest 127.0.0.1 -MaxHops 0 } }
            @{ Scenario = 'a ping that is too large'; Start = { Start-AsyncConnectionTest 127.0.0.1 -BufferSize 65501 } }
        ) {
            $Start | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }
    }

    Context 'Results' {
        It 'has in <Type> the properties of what Test-Connection writes' -TestCases @(
            @{ Type = 'PingStatus' }, @{ Type = 'PingMtuStatus' }, @{ Type = 'TraceStatus' }, @{ Type = 'TcpPortStatus' }
        ) {
            $theirs = "Microsoft.PowerShell.Commands.TestConnectionCommand+$Type" -as [type]
            $ours = "AsyncJobs.$Type" -as [type]
            $describe = { "$($_.Name) $($_.PropertyType)" }
            $ours.GetProperties() | ForEach-Object $describe | Sort-Object |
                Should -Be @($theirs.GetProperties() | ForEach-Object $describe | Sort-Object)
        }

        It 'shows <Type> in the columns of Test-Connection' -TestCases @(
            @{ Type = 'PingStatus'; Skip = -not $canPing; With = @{ Count = 1 } }
            @{ Type = 'TcpPortStatus'; Skip = $false; With = @{ TcpPort = 1; Detailed = $true } }
            @{ Type = 'PingMtuStatus'; Skip = -not $canPing; With = @{ MtuSize = $true } }
            @{ Type = 'TraceStatus'; Skip = -not $canPing; With = @{ Traceroute = $true } }
        ) {
            if ($Skip) {
                Set-ItResult -Skipped -Because 'this user can send no pings'
            }

            $ours = await (Start-AsyncConnectionTest 127.0.0.1 @With) -TimeoutSec 30
            $columns = { param($Value) (($Value | Out-String -Width 200) -split '\r?\n').Where({ $_ -match '^ *(Target|Destination|Ping|Source|Hop|Id)\b|ms|^-|^ -' }) }
            & $columns $ours | Should -Be (& $columns (Test-Connection 127.0.0.1 @With))
        }

        It 'pings four times unless told otherwise' -Skip:(-not $canPing) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $statuses = await (Start-AsyncConnectionTest 127.0.0.1 -Delay 0.02) -TimeoutSec 30
            $statuses.Ping | Should -Be 1, 2, 3, 4
            $statuses.Status | Should -Be (@('Success') * 4)
            $statuses[0] | Should -BeOfType AsyncJobs.PingStatus
            $statuses[0].Source | Should -Be ([Net.Dns]::GetHostName())
            $statuses[0].Destination | Should -Be '127.0.0.1'
            $statuses[0].Address | Should -Be ([Net.IPAddress]::Loopback)
            $statuses[0].BufferSize | Should -Be 32
            $statuses[0].Reply | Should -BeOfType Net.NetworkInformation.PingReply
            $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.05
        }

        It 'gives what Test-Connection gives for <Scenario>' -TestCases @(
            @{ Scenario = 'an address'; With = @{ TargetName = '127.0.0.1'; Count = 1 } }
            @{ Scenario = 'a name'; With = @{ TargetName = 'localhost'; Count = 1 } }
            @{ Scenario = 'another size'; With = @{ TargetName = '127.0.0.1'; Count = 1; BufferSize = 100 } }
            @{ Scenario = 'few hops'; With = @{ TargetName = '127.0.0.1'; Count = 1; Ttl = 3 } }
            @{ Scenario = 'undivided pings'; With = @{ TargetName = '127.0.0.1'; Count = 1; DontFragment = $true } }
            @{ Scenario = 'the full name'; With = @{ TargetName = '127.0.0.1'; Count = 1; ResolveDestination = $true } }
            @{ Scenario = 'IPv4'; With = @{ TargetName = 'localhost'; Count = 1; IPv4 = $true } }
            @{ Scenario = '-Quiet'; With = @{ TargetName = '127.0.0.1'; Count = 1; Quiet = $true } }
            @{ Scenario = '-MtuSize -Quiet'; With = @{ TargetName = '127.0.0.1'; MtuSize = $true; Quiet = $true } }
            @{ Scenario = '-Traceroute -Quiet'; With = @{ TargetName = '127.0.0.1'; Traceroute = $true; Quiet = $true } }
        ) -Skip:(-not $canPing) {
            # The way and the time an answer takes differ from run to run.
            $facts = { param($Result) $Result | Select-Object * -ExcludeProperty Latency, Reply | ConvertTo-Json -Depth 1 -WarningAction Ignore }
            $ours = await (Start-AsyncConnectionTest @With) -TimeoutSec 30
            & $facts $ours | Should -Be (& $facts (Test-Connection @With))
        }

        It 'gives what Test-Connection gives for a port, <Scenario>' -TestCases @(
            @{ Scenario = 'open'; With = { @{ TargetName = '127.0.0.1'; TcpPort = $openPort } } }
            @{ Scenario = 'closed'; With = { @{ TargetName = 'localhost'; TcpPort = $closedPort; IPv4 = $true } } }
            @{ Scenario = 'open, -Quiet'; With = { @{ TargetName = '127.0.0.1'; TcpPort = $openPort; Quiet = $true } } }
            @{ Scenario = 'open, -Detailed'; With = { @{ TargetName = 'localhost'; TcpPort = $openPort; Detailed = $true; IPv4 = $true; Count = 2 } } }
            @{ Scenario = 'closed, -Detailed'; With = { @{ TargetName = '127.0.0.1'; TcpPort = $closedPort; Detailed = $true } } }
            @{ Scenario = 'silent, -Detailed'; With = { @{ TargetName = '127.0.0.1'; TcpPort = $fullPort; TimeoutSeconds = 1; Detailed = $true } } }
        ) {
            $with = & $With
            $facts = { param($Result) $Result -is [bool] ? $Result : ($Result | Select-Object * -ExcludeProperty Latency | ConvertTo-Json -Depth 1 -WarningAction Ignore) }
            $ours = await (Start-AsyncConnectionTest @with) -TimeoutSec 30
            & $facts $ours | Should -Be (& $facts (Test-Connection @with))
        }

        It 'says of several connections without -Detailed whether there were all' {
            await (Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -Count 3 -Delay 0.01) -TimeoutSec 30 | Should -BeTrue
            await (Start-AsyncConnectionTest 127.0.0.1 -TcpPort $closedPort -Count 3 -Delay 0.01) -TimeoutSec 30 | Should -BeFalse
        }

        It 'tests with -Repeat for as long as the stream is read' {
            $statuses = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -Repeat -Detailed -Delay 0.01 |
                Receive-AsyncTask -TimeoutSec 30 | Select-Object -First 5
            $statuses.Id | Should -Be 1, 2, 3, 4, 5
            $answers = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $closedPort -Continuous -Delay 0.01 |
                Receive-AsyncTask -TimeoutSec 30 | Select-Object -First 3
            $answers | Should -Be $false, $false, $false
        }

        It 'reads the streams of several targets together' -Skip:(-not $canPing) {
            $statuses = Start-AsyncConnectionTest 127.0.0.1, 127.0.0.2 -Repeat -Delay 0.01 |
                Receive-AsyncTask -TimeoutSec 30 | Select-Object -First 10
            $statuses.Destination | Sort-Object -Unique | Should -Be '127.0.0.1', '127.0.0.2'
        }

        It 'gives results while it goes on, with Receive-AsyncTask -Live' {
            # A day between two: what is read came before the end.
            $task = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -Detailed -Count 2 -Delay 86400
            $first = $task | Receive-AsyncTask -Live -TimeoutSec 30 | Select-Object -First 1
            $first.Id | Should -Be 1
            Stop-AsyncTask $task -Wait
        }

        It 'keeps what it has when it is stopped' {
            $task = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -Detailed -Count 2 -Delay 86400 -TimeoutSec 0.5
            $written = [Collections.Generic.List[object]]::new()
            $failure = Get-Failure { await $task -TimeoutSec 30 | ForEach-Object { $written.Add($_) } }
            $failure.FullyQualifiedErrorId | Should -BeLike 'AsyncTimeout*'
            $written.Id | Should -Be 1
        }
    }

    Context 'Targets that cannot be tested' {
        It 'fails the task with the id of Test-Connection for <Scenario>' -TestCases @(
            @{ Scenario = 'a name that is none'; With = @{ TargetName = 'no such name!' } }
            @{ Scenario = 'a name that is too long'; With = @{ TargetName = 'a' * 300 } }
            @{ Scenario = 'an address of the other kind'; With = @{ TargetName = '127.0.0.1'; IPv6 = $true } }
            @{ Scenario = 'a name that is none, by TCP'; With = @{ TargetName = 'no such name!'; TcpPort = 1 } }
            @{ Scenario = 'a name that is none, -Traceroute'; With = @{ TargetName = 'no such name!'; Traceroute = $true } }
        ) {
            $failure = Get-Failure { await (Start-AsyncConnectionTest @With) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TestConnectionException*'
            $failure.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
            $failure.Exception | Should -BeOfType Net.NetworkInformation.PingException
            $failure.Exception.TargetName | Should -Be $With.TargetName
            $failure.TargetObject | Should -Be $With.TargetName
            "$failure" | Should -BeLike "*'$($With.TargetName)'*"
        }

        It 'gives <Value> for them with -Quiet and <Scenario>' -TestCases @(
            @{ Scenario = 'a ping'; With = @{ }; Value = $false }
            @{ Scenario = 'a port'; With = @{ TcpPort = 1 }; Value = $false }
            @{ Scenario = 'a port, -Detailed'; With = @{ TcpPort = 1; Detailed = $true }; Value = $false }
            @{ Scenario = 'a route'; With = @{ Traceroute = $true }; Value = $false }
            @{ Scenario = 'a size'; With = @{ MtuSize = $true }; Value = -1 }
        ) {
            await (Start-AsyncConnectionTest 'no such name!' -Quiet @With) -TimeoutSec 30 | Should -Be $Value
        }

        It 'writes the error of one and the results of the others' {
            $answers = '127.0.0.1', 'no such name!', '127.0.0.1' | Start-AsyncConnectionTest -TcpPort $openPort |
                Receive-AsyncTask -TimeoutSec 30 -ErrorVariable failures -ErrorAction SilentlyContinue
            $answers | Should -Be $true, $true
            $failures.Count | Should -Be 1
        }
    }

    Context 'Tasks' {
        It 'starts an IO task for each target, with its name' {
            $tasks = Start-AsyncConnectionTest 127.0.0.1, 127.0.0.2 -TcpPort $closedPort -Name check
            $tasks.Kind | Should -Be 'IO', 'IO'
            $tasks.Name | Should -Be 'check', 'check'
            $tasks.InputObject | Should -Be '127.0.0.1', '127.0.0.2'
            $tasks | Wait-AsyncGather -TimeoutSec 30 | Should -Be $false, $false
        }

        It 'takes targets and ports from properties' {
            $inputs = @(
                [pscustomobject]@{ TargetName = '127.0.0.1'; TcpPort = $openPort }
                [pscustomobject]@{ ComputerName = '127.0.0.1'; TcpPort = "$closedPort" }
            )
            $inputs | Start-AsyncConnectionTest | Wait-AsyncGather -TimeoutSec 30 | Should -Be $true, $false
        }

        It 'runs in a coroutine, where await suspends' {
            $order = [Collections.Generic.List[string]]::new()
            $waiting = Start-AsyncTask { $order.Add("test $(await (Start-AsyncConnectionTest 127.0.0.1 -TcpPort $fullPort -TimeoutSeconds 1))") }
            $waiting.Kind | Should -Be 'Coroutine'
            await (Start-AsyncTask { $order.Add('other'); await (Start-AsyncSleep 0) })
            await $waiting -TimeoutSec 30
            $order | Should -Be 'other', 'test False'
        }

        It 'runs at most -ThrottleLimit at once' {
            $tasks = Start-AsyncConnectionTest 127.0.0.1, 127.0.0.1, 127.0.0.1 -TcpPort $fullPort -TimeoutSeconds 0.5 -ThrottleLimit 1
            $tasks.State | Should -Be 'Running', 'NotStarted', 'NotStarted'
            $tasks | Wait-AsyncGather -TimeoutSec 30 | Should -Be $false, $false, $false
        }

        It 'holds a permit of -Semaphore, and passes -RateLimiter' {
            $semaphore = New-AsyncSemaphore -Count 1
            $limiter = New-AsyncRateLimiter -PermitLimit 2 -Window 3600
            $first = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $fullPort -TimeoutSeconds 60 -Semaphore $semaphore -RateLimiter $limiter
            $second = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -Semaphore $semaphore -RateLimiter $limiter
            $third = Start-AsyncConnectionTest 127.0.0.1 -TcpPort $openPort -RateLimiter $limiter
            $first.State, $second.State, $third.State | Should -Be 'Running', 'NotStarted', 'NotStarted'
            Stop-AsyncTask $first -Wait
            await $second -TimeoutSec 30 | Should -BeTrue
            $third.State | Should -Be 'NotStarted'
            Stop-AsyncTask $third -Wait
        }

        It 'fails with TimeoutException past its own -TimeoutSec, <Scenario>' -TestCases @(
            @{ Scenario = 'while it connects'; With = { @{ TcpPort = $fullPort } } }
            @{ Scenario = 'between two tests'; With = { @{ TcpPort = $openPort; Count = 2; Delay = 3600; Detailed = $true } } }
        ) {
            $with = & $With
            $failure = Get-Failure { await (Start-AsyncConnectionTest 127.0.0.1 @with -TimeoutSec 0.3) -TimeoutSec 30 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'AsyncTimeout*'
            "$failure" | Should -BeLike '*127.0.0.1*0.3 s*'
        }

        It 'is stopped at once, <Scenario>' -TestCases @(
            @{ Scenario = 'while it connects'; With = { @{ TcpPort = $fullPort; TimeoutSeconds = 3600 } } }
            @{ Scenario = 'between two tests'; With = { @{ TcpPort = $openPort; Count = 2; Delay = 86400 } } }
        ) {
            $with = & $With
            $task = Start-AsyncConnectionTest 127.0.0.1 @with
            Stop-AsyncTask $task -Wait
            $task.State | Should -Be 'Stopped'
        }

        It 'stops the tests of its pipeline when a later command has had enough' {
            $first = 1..3 | ForEach-Object { '127.0.0.1' } | Start-AsyncConnectionTest -TcpPort $fullPort -TimeoutSeconds 3600 | Select-Object -First 1
            { await $first -TimeoutSec 60 } | Should -Throw -ErrorId 'AsyncCanceled*'
        }

        It 'leaves no handles behind' {
            function Get-HandleCount { [Diagnostics.Process]::GetCurrentProcess().HandleCount }
            $test = { 1..50 | ForEach-Object { '127.0.0.1' } | Start-AsyncConnectionTest -TcpPort $fullPort -TimeoutSeconds 0.2 | Wait-AsyncGather -TimeoutSec 30 }
            $null = & $test
            $before = Get-HandleCount
            $null = & $test
            Get-HandleCount | Should -BeLessOrEqual ($before + 10)
        }
    }
}
