# Queries, streams and failures with a real server, PostgreSQL, which starts here.

BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Database.psm1
    $reason = (Find-PostgreSql) ? '' : ' (skipped: PostgreSQL is not installed, or nobody but root could run it)'
}

Describe 'Databases: PostgreSQL<_>' -ForEach @($reason) -Skip:($reason -ne '') {
    BeforeAll {
        Import-Module $PSScriptRoot/../../output/AsyncJobs
        Import-Module $PSScriptRoot/../Support/Database.psm1
        Import-Module $PSScriptRoot/../Support/Interruption.psm1
        $server = Start-TestPostgreSql
        $provider = Get-DatabaseProvider Npgsql
        $source = New-AsyncDbSource $provider "$($server.ConnectionString);Application Name=queries;Include Error Detail=true;Maximum Pool Size=30" -Name main

        # Looks in through a connection of its own.
        $watcher = New-AsyncDbSource $provider "$($server.ConnectionString);Application Name=watcher"
        function Get-Activity([string] $Text = '%') {
            @(await (Start-AsyncDbQuery $watcher "select query, state from pg_stat_activity where application_name = 'queries' and query like @text" -Parameters @{ text = $Text }))
        }

        function Get-Active([string] $Text) { @(Get-Activity $Text).Where({ $_.state -ne 'idle' }).Count }

        function Invoke-Query([string] $Sql, $Parameters, [AsyncJobs.DbResultKind] $As = 'PSObject') {
            await (Start-AsyncDbQuery $source $Sql -Parameters $Parameters -As $As)
        }
    }

    AfterAll {
        $source.Dispose()
        $watcher.Dispose()
        Stop-TestPostgreSql $server
    }

    Context 'Parameters and results' {
        It 'reads and writes <Name>' -TestCases @(
            @{ Name = 'a number'; Sql = 'select @x::int'; Value = 5; Expected = 5 }
            @{ Name = 'null'; Sql = 'select @x::int'; Value = $null; Expected = $null }
            @{ Name = 'a decimal'; Sql = 'select @x'; Value = 1.5d; Expected = 1.5d }
            @{ Name = 'a guid'; Sql = 'select @x'; Value = [guid]'11111111-2222-3333-4444-555555555555'; Expected = [guid]'11111111-2222-3333-4444-555555555555' }
            @{ Name = 'a time'; Sql = 'select @x'; Value = [DateTimeOffset]'2026-01-02T03:04:05+00:00'; Expected = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc) }
            @{ Name = 'a length of time'; Sql = 'select @x'; Value = [timespan]'1:02:03'; Expected = [timespan]'1:02:03' }
            @{ Name = 'an address'; Sql = 'select @x'; Value = [ipaddress]'10.1.2.3'; Expected = [ipaddress]'10.1.2.3' }
            @{ Name = 'an array'; Sql = 'select 2 = any(@x)'; Value = 1, 2, 3; Expected = $true }
            @{ Name = 'an array of several number types'; Sql = 'select @x'; Value = @(1, 5000000000); Expected = @(1, 5000000000) }
            @{ Name = 'an array with null'; Sql = 'select array_length(@x, 1)'; Value = @(1, $null); Expected = 2 }
            @{ Name = 'an array of texts'; Sql = 'select array_to_string(@x, @y)'; Value = 'a', "b'"; Expected = "a-b'" }
            @{ Name = 'an empty array'; Sql = 'select count(*) from pg_class where relname = any(@x)'; Value = @(); Expected = 0 }
        ) {
            $parameters = @{ x = $Value }
            if ($Sql -like '*@y*') { $parameters.y = '-' }
            , (Invoke-Query $Sql $parameters Scalar) | Should -Be (, $Expected)
        }

        It 'takes values by position' {
            Invoke-Query 'select $1 || $2' ('a', 'b') Scalar | Should -Be ab
            { Invoke-Query 'select $1::int + $2::int' (, 1) } | Should -Throw -ErrorId DbParameterInvalid -ExpectedMessage '*$1 to $2*1 values*'
        }

        It 'leaves casts, operators and texts alone' {
            $row = Invoke-Query @'
select '{"a": 1}'::jsonb ? 'a' as has, @ -5 as abs, $body$ @nothing $1 $body$ as text, array[1,2] @> array[@x::int] as within, a[@x] as element
from (select array[7, 8]) t(a)
'@ @{ x = 2 }
            $row.has, $row.abs, $row.text.Trim(), $row.within, $row.element | Should -Be $true, 5, '@nothing $1', $true, 8
        }

        It 'names the parameter of <Scenario>' -TestCases @(
            @{ Scenario = 'a value of the wrong type'; Sql = 'select @id::int'; Parameters = @{ id = 'abc' }; Id = 'DbQueryFailed'; State = '22P02'; Message = '*"abc"*@id (System.String)*' }
            @{ Scenario = 'a type that does not fit'; Sql = 'select 1 where relname = @id from pg_class'; Parameters = @{ id = 1 }; Id = 'DbQueryFailed'; State = '42601'; Message = '*@id (System.Int32)*' }
            @{ Scenario = 'a missing value'; Sql = 'select @id::int + @other::int'; Parameters = @{ id = 1 }; Id = 'DbQueryFailed'; State = '42703'; Message = '*No value was given for @other.*' }
            @{ Scenario = 'a type that there is not'; Sql = 'select @id'; Parameters = @{ id = [Diagnostics.Stopwatch]::new() }; Id = 'DbParameterInvalid'; Message = '*@id (System.Diagnostics.Stopwatch)*' }
        ) {
            $failure = { Invoke-Query $Sql $Parameters } | Should -Throw -ErrorId $Id -ExpectedMessage $Message -PassThru
            if ($State) { $failure.Exception.SqlState | Should -Be $State }
        }

        It 'takes a parameter of the provider''s own, for any number of queries' {
            $assembly = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Npgsql' })[0]
            $parameter = $assembly.GetType('Npgsql.NpgsqlParameter').GetConstructor(@()).Invoke(@())
            $parameter.Value = '{"a": 1}'
            $parameter.DataTypeName = 'jsonb'
            1..20 | Start-AsyncDbQuery $source 'select pg_typeof(@j)::text || @x' -Parameters @{ j = $parameter } -As Scalar | Wait-AsyncGather | Should -Be (1..20).ForEach{ "jsonb$_" }
        }

        It 'gives handles and connections back' {
            $handles = { [Diagnostics.Process]::GetCurrentProcess().HandleCount }
            $round = {
                $made = New-AsyncDbSource $provider "$($server.ConnectionString);Application Name=counted;Maximum Pool Size=20"
                $null = 1..200 | Start-AsyncDbQuery $made 'select @x' | Wait-AsyncGather
                1..5 | ForEach-Object { Start-AsyncDbQuery $made 'select i from generate_series(1, 100000) i' -Stream | Receive-AsyncTask | Select-Object -First 1 } | Should -HaveCount 5
                $made.Dispose()
                Wait-Until { $made.ConnectionCount -eq 0 }
            }
            . $round
            $before = & $handles
            . $round
            . $round
            Wait-Until { (& $handles) -le $before + 5 }
            Wait-Until { (await (Start-AsyncDbQuery $watcher "select count(*) from pg_stat_activity where application_name = 'counted'" -As Scalar)) -eq 0 } -TimeoutSec 10
        }

        It 'runs many queries at once, each with its own result' {
            $results = 1..500 | Start-AsyncDbQuery $source 'select @x * 2' -As Scalar | Wait-AsyncGather
            $results | Should -Be (1..500).ForEach{ $_ * 2 }
            $source.ConnectionCount, $source.WaitingCount | Should -Be 0, 0
        }

        It 'waits for a connection of the pool, however long, in order' {
            $small = New-AsyncDbSource $provider "$($server.ConnectionString);Maximum Pool Size=2;Timeout=1;Application Name=small"
            $tasks = 1..10 | Start-AsyncDbQuery $small 'select pg_sleep(0.4)::text, @x' -As NonQuery
            $tasks | Wait-AsyncGather | Should -HaveCount 10
            $small.Dispose()
        }
    }

    Context 'Failures' {
        It 'have SQLSTATE, position, detail and constraint' {
            Invoke-Query 'create table accounts(id int primary key, balance int check (balance >= 0))'
            Invoke-Query 'insert into accounts values (1, 10)'
            $failure = { Invoke-Query 'insert into accounts values (1, 20)' } | Should -Throw -ErrorId DbQueryFailed -ExceptionType ([Data.Common.DbException]) -PassThru
            $failure.Exception.SqlState, $failure.Exception.ConstraintName, $failure.Exception.TableName | Should -Be '23505', 'accounts_pkey', 'accounts'
            $failure.Exception.Detail | Should -BeLike '*already exists*'
            $failure.Exception.Message | Should -BeLike '23505: duplicate key value*'
            $failure.Exception.InnerException.GetType().Name | Should -Be PostgresException
            $failure = { Invoke-Query 'select nothing from accounts' } | Should -Throw -PassThru
            $failure.Exception.SqlState, $failure.Exception.Position | Should -Be '42703', 8
        }

        It 'name who could not be connected, and no password' {
            $bad = New-AsyncDbSource $provider "Host=127.0.0.1;Port=$($server.Port);Username=postgres;Password=wrong-secret;Database=postgres"
            $failure = { await (Start-AsyncDbQuery $bad 'select 1') } | Should -Throw -ErrorId DbConnectionFailed -ExpectedMessage '*no connection. 28P01*' -PassThru
            $failure.CategoryInfo.Category | Should -Be ConnectionError
            "$($failure | Format-List * -Force | Out-String) $($failure.Exception | Format-List * -Force | Out-String)" | Should -Not -BeLike '*wrong-secret*'
            $dead = New-AsyncDbSource $provider 'Host=127.0.0.1;Port=1;Username=u;Password=wrong-secret'
            { await (Start-AsyncDbQuery $dead 'select 1') } | Should -Throw -ErrorId DbConnectionFailed -ExpectedMessage '*127.0.0.1:1*'
        }

        It 'show no secret of a source, a task or a transaction' {
            $task = Start-AsyncDbQuery $source 'select pg_sleep(30)'
            Invoke-AsyncDbTransaction $source { $transaction = $_ }
            $shown = $source, $task, $transaction, (Get-AsyncTask) | ForEach-Object { "$_"; $_ | Format-List * -Force | Out-String -Width 500; $_ | Format-Table | Out-String -Width 500; $_ | ConvertTo-Json -Depth 3 -WarningAction Ignore }
            "$shown" | Should -Not -BeLike "*$($server.Password)*"
            "$shown" | Should -BeLike '*Npgsql*'
            Stop-AsyncTask $task -Wait
        }

        It 'is logged in by -Credential' {
            $credential = [pscredential]::new('postgres', (ConvertTo-SecureString $server.Password -AsPlainText -Force))
            $made = New-AsyncDbSource $provider "Host=127.0.0.1;Port=$($server.Port);Database=postgres" -Credential $credential
            await (Start-AsyncDbQuery $made 'select current_user' -As Scalar) | Should -Be postgres
            $made.Dispose()
        }
    }

    Context 'Stops and limits' {
        It 'ends the query on the server when its task is <Scenario>' -TestCases @(
            @{ Scenario = 'stopped'; End = { Stop-AsyncTask $task -Wait; $task.State | Should -Be Stopped } }
            @{ Scenario = 'late for its waiter'; End = { { Invoke-WithTimeout 0.2 -Task $task } | Should -Throw -ErrorId AsyncTimeout } }
        ) {
            $task = Start-AsyncDbQuery $source "select pg_sleep(60) /* $Scenario */"
            Wait-Until { (Get-Active "%$Scenario%") -eq 1 }
            . $End
            Wait-Until { (Get-Active "%$Scenario%") -eq 0 } -TimeoutSec 10
            $source.ConnectionCount | Should -Be 0
            Invoke-Query 'select 1' -As Scalar | Should -Be 1
        }

        It 'ends it at Ctrl+C' {
            $session = New-TestSession
            try {
                $variables = @{ provider = $provider; text = "$($server.ConnectionString);Application Name=queries" }
                $took = Stop-InSession $session '$s = New-AsyncDbSource $provider $text; $t = Start-AsyncDbQuery $s "select pg_sleep(60) /* interrupted */"; $signal.Set(); await $t' -Variable $variables -WaitMilliseconds 1000
                $took.TotalSeconds | Should -BeLessThan 10
                Wait-Until { (Get-Active '%interrupted%') -eq 0 } -TimeoutSec 10
            }
            finally {
                Remove-TestSession $session
            }
        }

        It 'names the phase that took too long: <Phase>' -TestCases @(
            @{ Phase = 'Connecting'; Sql = 'select 1' }
            @{ Phase = 'Executing'; Sql = 'select pg_sleep(60)' }
            @{ Phase = 'Reading'; Sql = 'select pg_sleep(0.02), i from generate_series(1, 5000) i' }
        ) {
            $from = $source
            if ($Phase -eq 'Connecting') {
                # Somebody who takes connections and says nothing.
                $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
                $listener.Start()
                $from = New-AsyncDbSource $provider "Host=127.0.0.1;Port=$($listener.LocalEndpoint.Port);Username=u"
            }

            $task = Start-AsyncDbQuery $from $Sql -TimeoutSec 1
            $failure = { await $task } | Should -Throw -ErrorId DbTimeout -ExceptionType ([TimeoutException]) -ExpectedMessage "*1 s (phase $Phase)." -PassThru
            $failure.Exception.Phase | Should -Be $Phase
            $failure.CategoryInfo.Category | Should -Be OperationTimeout
            Wait-Until { $from.ConnectionCount -eq 0 }
            if ($Phase -eq 'Connecting') { $listener.Stop() }
        }

        It 'names the phase where it was the provider''s own limit' {
            $short = New-AsyncDbSource $provider "$($server.ConnectionString);Command Timeout=1"
            { await (Start-AsyncDbQuery $short 'select pg_sleep(60)') } | Should -Throw -ErrorId DbTimeout -ExpectedMessage '*provider*own (phase Executing).'
            { await (Start-AsyncDbQuery $short 'select pg_sleep(1.5)' -TimeoutSec 60) } | Should -Not -Throw -Because 'what was asked for counts'
            $short.Dispose()
        }

        It 'ends what is under way when the source is closed' {
            $closing = New-AsyncDbSource $provider "$($server.ConnectionString);Application Name=queries"
            $task = Start-AsyncDbQuery $closing 'select pg_sleep(60) /* closing */'
            Wait-Until { (Get-Active '%closing%') -eq 1 }
            $closing.Dispose()
            { await $task } | Should -Throw -ErrorId DbSourceClosed
            Wait-Until { @(Get-Activity '%closing%').Count -eq 0 } -TimeoutSec 10
        }

        It 'leaves no connection behind: after Remove-Module, and after a session' {
            $count = { await (Start-AsyncDbQuery $watcher "select count(*) from pg_stat_activity where application_name = 'left'" -As Scalar) }
            foreach ($end in 'Remove-Module AsyncJobs', '') {
                $session = New-TestSession
                try {
                    $variables = @{ provider = $provider; text = "$($server.ConnectionString);Application Name=left"; count = $count; watcher = $watcher }
                    Invoke-InSession $session "`$s = New-AsyncDbSource `$provider `$text; `$null = 1..5 | Start-AsyncDbQuery `$s 'select @x' | Wait-AsyncGather; `$t = Start-AsyncDbQuery `$s 'select 1 from generate_series(1, 1000000)' -Stream; await (Start-AsyncSleep 0.2); $end" -Variable $variables
                }
                finally {
                    Remove-TestSession $session
                }

                Wait-Until { (& $count) -eq 0 } -TimeoutSec 10
            }
        }
    }

    Context 'Streams' {
        It 'read all rows of all sets' {
            $rows = Start-AsyncDbQuery $source 'select i from generate_series(1, 20000) i; select 0 as i' -Stream | Receive-AsyncTask
            $rows.Count | Should -Be 20001
            ($rows | Measure-Object i -Sum).Sum | Should -Be 200010000
        }

        It 'obey -TimeoutSec at their beginning' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $first = Start-AsyncDbQuery $source 'select i, case when i = 1 then null else pg_sleep(3600) end from generate_series(1, 2) i; select 1' -Stream -TimeoutSec 3 |
                Receive-AsyncTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'DbTimeout*'
        }

        It 'hold up the server, end early, and give the connection back' {
            # A server that sends as fast as it can would be done at once with a few rows.
            $big = "select i, repeat('x', 1000) as filler from generate_series(1, 3000000) i /* big */"
            $n = 0
            Start-AsyncDbQuery $source $big -Stream | Receive-AsyncTask | ForEach-Object {
                if (++$n -eq 300) {
                    Wait-Until { (Get-Active '%big%') -eq 1 }
                    $_
                }
            } | Select-Object -First 1 | ForEach-Object i | Should -Be 300
            Wait-Until { (Get-Active '%big%') -eq 0 } -TimeoutSec 10
            Wait-Until { $source.ConnectionCount -eq 0 }
        }

        It 'end when the coroutine that reads them is stopped' {
            $seen = [Collections.Generic.List[int]]::new()
            $task = Start-AsyncTask { Start-AsyncDbQuery $source "select i, repeat('x', 9000), pg_sleep(0.01) from generate_series(1, 100000) i /* coroutine */" -Stream | Receive-AsyncTask | ForEach-Object { $seen.Add($_.i) } }
            Wait-Until { await (Start-AsyncSleep 0.01); $seen.Count -gt 10 }
            Stop-AsyncTask $task -Wait
            Wait-Until { (Get-Active '%coroutine%') -eq 0 } -TimeoutSec 10
            Wait-Until { $source.ConnectionCount -eq 0 }
        }
    }
}
