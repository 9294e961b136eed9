# Invoke-AsyncDbTransaction, with a real server, PostgreSQL, which starts here, and with SQLite.

BeforeDiscovery {
    Import-Module $PSScriptRoot/../Support/Database.psm1
    $servers = @(
        @{ Name = 'SQLite'; IsAbsent = $false }
        @{ Name = (Find-PostgreSql) ? 'PostgreSQL' : 'PostgreSQL (skipped: it is not installed, or nobody but root could run it)'; IsAbsent = -not (Find-PostgreSql) }
    )
}

Describe 'Transactions: <Name>' -ForEach $servers -Skip:($_.IsAbsent) {
    BeforeAll {
        Import-Module $PSScriptRoot/../../output/AsyncJobs
        Import-Module $PSScriptRoot/../Support/Database.psm1
        Import-Module $PSScriptRoot/../Support/Interruption.psm1
        if ($Name -eq 'SQLite') {
            $provider = Get-DatabaseProvider Microsoft.Data.Sqlite
            $text = "Data Source=$(Join-Path $TestDrive transactions.db)"
        }
        else {
            $server = Start-TestPostgreSql
            $provider = Get-DatabaseProvider Npgsql
            $text = "$($server.ConnectionString);Application Name=transactions"
        }

        $source = New-AsyncDbSource $provider $text
        await (Start-AsyncDbQuery $source 'create table items(id integer primary key)')
        function Get-Kept { (await (Start-AsyncDbQuery $source 'select id from items order by id')).id }
        function Start-Insert([int] $Id, $Transaction) { Start-AsyncDbQuery $source 'insert into items values (@id)' -Parameters @{ id = $Id } -Transaction $Transaction -As NonQuery }
    }

    BeforeEach {
        await (Start-AsyncDbQuery $source 'delete from items')
    }

    AfterEach {
        Wait-Until { $source.ConnectionCount -eq 0 }
    }

    AfterAll {
        $source.Dispose()
        Stop-TestPostgreSql $server
    }

    It 'are committed at the end of the block, which runs in the caller''s scope' {
        $written = Invoke-AsyncDbTransaction $source {
            $transaction = $_
            $_.State | Should -Be Running
            await (Start-Insert 1 $_)
            await (Start-Insert 2 $_)
            'written'
        }
        $written | Should -Be 1, 1, written
        $transaction.State | Should -Be Committed
        Get-Kept | Should -Be 1, 2
    }

    It 'are committed where the block is left by <Way>' -TestCases @(
        @{ Way = 'return'; Block = { foreach ($i in 1) { Invoke-AsyncDbTransaction $source { $null = await (Start-Insert 1 $_); return; throw 'no' } } } }
        @{ Way = 'break'; Block = { foreach ($i in 1, 2) { Invoke-AsyncDbTransaction $source { $null = await (Start-Insert 1 $_); break } } } }
        @{ Way = 'continue'; Block = { foreach ($i in 1) { Invoke-AsyncDbTransaction $source { $null = await (Start-Insert 1 $_); continue }; throw 'no' } } }
    ) {
        . $Block
        Get-Kept | Should -Be 1
        await (Start-AsyncDbQuery $source 'delete from items')
        await (Start-AsyncTask ([scriptblock]::Create("function Start-Insert { ${function:Start-Insert} }; $Block")))
        Get-Kept | Should -Be 1
    }

    It 'are rolled back by an error, which is thrown on' {
        $failure = {
            Invoke-AsyncDbTransaction $source {
                $script:transaction = $_
                await (Start-Insert 1 $_)
                throw [IO.IOException]::new('the disk is full')
            }
        } | Should -Throw -ExceptionType ([IO.IOException]) -ExpectedMessage 'the disk is full' -PassThru
        $failure.ScriptStackTrace | Should -BeLike '*Database.Transactions.Tests.ps1*'
        $transaction.State | Should -Be RolledBack
        Get-Kept | Should -Be $null
        { Invoke-AsyncDbTransaction $source { await (Start-Insert 1 $_); await (Start-Insert 1 $_) } } | Should -Throw -ErrorId DbQueryFailed
        Get-Kept | Should -Be $null
    }

    It 'are a part of a coroutine' {
        $tasks = 1..3 | ForEach-Object {
            Start-AsyncTask {
                $id = $_
                try {
                    Invoke-AsyncDbTransaction $source {
                        $own = $_
                        $null = await (Start-Insert $id $_)
                        await (Start-AsyncSleep 0.01)
                        if ($id -eq 2) { throw "no $id" }
                        "in $id"
                    }
                }
                catch { "caught $_" }
                "$($own.State) $($_)"
            }
        }
        $tasks.Kind | Select-Object -Unique | Should -Be Coroutine
        $tasks | Wait-AsyncGather | ForEach-Object { $_ -join ', ' } | Should -Be 'in 1, Committed 1', 'caught no 2, RolledBack 2', 'in 3, Committed 3'
        Get-Kept | Should -Be 1, 3
    }

    It 'are rolled back where the coroutine is stopped: <Way>' -TestCases @(
        @{ Way = 'by Stop-AsyncTask'; Stop = { Stop-AsyncTask $task -Wait; $task.State | Should -Be Stopped } }
        @{ Way = 'by a time-out'; Stop = { { Invoke-WithTimeout 0.1 -Task $task } | Should -Throw -ErrorId AsyncTimeout } }
    ) {
        $seen = @{}
        $task = Start-AsyncTask { Invoke-AsyncDbTransaction $source { $seen.own = $_; $null = await (Start-Insert 1 $_); $seen.isIn = $true; await (Start-AsyncSleep 60) } }
        Wait-Until { await (Start-AsyncSleep 0.01); $seen.isIn }
        . $Stop
        $seen.own.State | Should -Be RolledBack
        Get-Kept | Should -Be $null
    }

    It 'are rolled back at Ctrl+C <Where>' -TestCases @(
        @{ Where = 'in plain script'; Script = 'Invoke-AsyncDbTransaction $source { $null = await (Start-AsyncDbQuery $source "insert into items values (1)" -Transaction $_); $own.Add($_); $signal.Set(); await (Start-AsyncSleep 60) }' }
        @{ Where = 'in a blocking step'; Script = 'Invoke-AsyncDbTransaction $source { $null = await (Start-AsyncDbQuery $source "insert into items values (1)" -Transaction $_); $own.Add($_); $signal.Set(); Start-Sleep 60 }' }
        @{ Where = 'in a coroutine'; Script = '$t = Start-AsyncTask { Invoke-AsyncDbTransaction $source { $null = await (Start-AsyncDbQuery $source "insert into items values (1)" -Transaction $_); $own.Add($_); $signal.Set(); await (Start-AsyncSleep 60) } }; await $t' }
        @{ Where = 'in a step of a coroutine'; Script = '$t = Start-AsyncTask { Invoke-AsyncDbTransaction $source { $null = await (Start-AsyncDbQuery $source "insert into items values (1)" -Transaction $_); $own.Add($_); $signal.Set(); while ($true) { Start-Sleep -Milliseconds 10 } } }; await $t' }
    ) {
        $session = New-TestSession
        $own = [Collections.Generic.List[object]]::new()
        try {
            $took = Stop-InSession $session $Script -Variable @{ source = $source; own = $own }
            $took.TotalSeconds | Should -BeLessThan 10
            $own[0].State | Should -Be RolledBack
        }
        finally {
            Remove-TestSession $session
        }

        Get-Kept | Should -Be $null
    }

    It 'are rolled back at Select-Object -First, and at exit of the block''s pipeline' {
        Invoke-AsyncDbTransaction $source { $script:own = $_; $null = await (Start-Insert 1 $_); 1; 2; 3 } | Select-Object -First 2 | Should -Be 1, 2
        $own.State | Should -Be RolledBack
    }

    It 'run queries that are started at once one after the other' {
        $results = Invoke-AsyncDbTransaction $source {
            $queries = 1..20 | Start-AsyncDbQuery $source 'insert into items values (@id)' -Transaction $_ -As NonQuery
            $queries += Start-AsyncDbQuery $source 'select count(*) from items' -Transaction $_ -As Scalar
            $queries | Wait-AsyncGather
        }
        $results | Should -Be (@(1) * 20 + 20)
    }

    It 'wait at their end for queries that nobody awaited' {
        Invoke-AsyncDbTransaction $source { $script:queries = 1..20 | Start-AsyncDbQuery $source 'insert into items values (@id)' -Transaction $_ -As NonQuery }
        $queries.State | Select-Object -Unique | Should -Be Completed
        Get-Kept | Should -Be (1..20)
    }

    It 'are rolled back where nobody awaited a query that failed: <Scenario>' -TestCases @(
        @{ Scenario = 'on the server'; Sql = 'insert into none values (@id)'; Parameters = @{ id = 2 } }
        @{ Scenario = 'for its parameters'; Sql = 'insert into items values (@id)'; Parameters = @{ other = 2 } }
    ) {
        {
            Invoke-AsyncDbTransaction $source {
                $script:queries = (Start-Insert 1 $_), (Start-AsyncDbQuery $source $Sql -Parameters $Parameters -Transaction $_), (Start-Insert 3 $_)
            }
        } | Should -Throw -ErrorId DbTransactionFailed* -ExpectedMessage '*nobody awaited*'
        ($queries | Wait-AsyncGather -ReturnExceptions)[1] | Should -BeOfType Exception
        Get-Kept | Should -Be $null
    }

    It 'are committed where somebody awaited a query that failed' {
        Invoke-AsyncDbTransaction $source {
            $null = Start-Insert 1 $_
            $null = Start-AsyncDbQuery $source 'insert into items values (@id)' -Parameters @{ other = 2 } -Transaction $_ | Wait-AsyncGather -ReturnExceptions
        }
        Get-Kept | Should -Be 1
    }

    It 'cannot be used after their end, or for another source' {
        Invoke-AsyncDbTransaction $source { $ended = $_ }
        { await (Start-Insert 1 $ended) } | Should -Throw -ErrorId DbTransactionEnded -ExpectedMessage '*Committed*over*'
        Get-Kept | Should -Be $null
        $other = New-AsyncDbSource $provider $text
        Invoke-AsyncDbTransaction $other { { Start-AsyncDbQuery $source 'select 1' -Transaction $_ } | Should -Throw -ErrorId 'InvalidArgument,*' -ExpectedMessage '*another source*' }
        $other.Dispose()
    }

    It 'take no query while a stream of theirs is open, and close it at the end' {
        Invoke-AsyncDbTransaction $source {
            $null = 1..3 | Start-AsyncDbQuery $source 'insert into items values (@id)' -Transaction $_ -As NonQuery | Wait-AsyncGather
            (Start-AsyncDbQuery $source 'select id from items' -Transaction $_ -Stream | Receive-AsyncTask).id | Should -Be 1, 2, 3
            $stream = Start-AsyncDbQuery $source 'select id from items' -Transaction $_ -Stream
            $null = Wait-AsyncTask $stream -PassThru
            { await (Start-Insert 4 $_) } | Should -Throw -ErrorId DbTransactionBusy
        }

        Get-Kept | Should -Be 1, 2, 3
    }

    It 'begin with the isolation asked for, or say why not' {
        Invoke-AsyncDbTransaction $source -IsolationLevel Serializable { $_.IsolationLevel | Should -Be Serializable }
        { Invoke-AsyncDbTransaction $source { throw 'never' } -IsolationLevel Chaos } | Should -Throw -ErrorId DbTransactionFailed -ExpectedMessage '*Chaos*'
    }

    It 'fail where there is no connection' {
        $closed = New-AsyncDbSource $provider $text
        $closed.Dispose()
        { Invoke-AsyncDbTransaction $closed { throw 'never' } } | Should -Throw -ErrorId DbSourceClosed
    }

    It 'leave no query under way after a rollback' {
        { Invoke-AsyncDbTransaction $source { $script:queries = 1..50 | Start-AsyncDbQuery $source 'insert into items values (@id)' -Transaction $_ -As NonQuery; throw 'no' } } | Should -Throw no
        Wait-AsyncTask $queries -PassThru | Should -HaveCount 50
        $queries.State | Should -Not -Contain Running
        Get-Kept | Should -Be $null
    }

    if ($_.Name -ne 'SQLite') { Context 'Of PostgreSQL alone' {
        It 'are not said to be committed where the server has rolled back' {
            # After a query that failed the server makes a rollback of the commit, and does not say so.
            $failure = {
                Invoke-AsyncDbTransaction $source {
                    await (Start-Insert 1 $_)
                    try { await (Start-Insert 1 $_) } catch { 'passed over' }
                }
            } | Should -Throw -ErrorId DbTransactionFailed -ExpectedMessage '*rolled back, not committed*' -PassThru
            $failure.Exception.SqlState | Should -Be 25P02
        }

        It 'are committed after a failure behind a savepoint' {
            Invoke-AsyncDbTransaction $source {
                $transaction = $_
                $null = await (Start-Insert 1 $transaction)
                await (Start-AsyncDbQuery $source 'savepoint before_it' -Transaction $transaction)
                try { await (Start-Insert 1 $transaction) } catch { await (Start-AsyncDbQuery $source 'rollback to before_it' -Transaction $transaction) }
                $null = await (Start-Insert 2 $transaction)
            }
            Get-Kept | Should -Be 1, 2
        }

        It 'fail at the commit with the server''s code' {
            await (Start-AsyncDbQuery $source 'create table if not exists later(id int references items(id) deferrable initially deferred)')
            $failure = { Invoke-AsyncDbTransaction $source { await (Start-AsyncDbQuery $source 'insert into later values (7)' -Transaction $_) } } | Should -Throw -ErrorId DbTransactionFailed -PassThru
            $failure.Exception.SqlState | Should -Be 23503
        }

        It 'name the phase in which they did not begin' {
            $small = New-AsyncDbSource $provider "$text;Maximum Pool Size=1"
            $task = Start-AsyncDbQuery $small 'select pg_sleep(60)'
            { Invoke-AsyncDbTransaction $small { throw 'never' } -TimeoutSec 0.5 } | Should -Throw -ErrorId DbTimeout -ExpectedMessage '*0.5 s (phase Connecting).'
            Stop-AsyncTask $task -Wait
            Invoke-AsyncDbTransaction $small { 'begun' } | Should -Be begun
            $small.Dispose()
        }

        It 'end on the server with the session' {
            $watcher = New-AsyncDbSource $provider $server.ConnectionString
            $session = New-TestSession
            try {
                Invoke-InSession $session '$s = New-AsyncDbSource $provider $text; $null = Start-AsyncTask { Invoke-AsyncDbTransaction $s { await (Start-AsyncDbQuery $s "insert into items values (9)" -Transaction $_); await (Start-AsyncSleep 60) } }; await (Start-AsyncSleep 0.5); Remove-Module AsyncJobs' -Variable @{ provider = $provider; text = $text.Replace('transactions', 'ending') }
            }
            finally {
                Remove-TestSession $session
            }

            Wait-Until { (await (Start-AsyncDbQuery $watcher "select count(*) from pg_stat_activity where application_name = 'ending'" -As Scalar)) -eq 0 } -TimeoutSec 15
            Get-Kept | Should -Be $null
            $watcher.Dispose()
        }
    } }
}
