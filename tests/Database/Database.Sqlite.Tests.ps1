# Sources, parameters and results, with SQLite, whose provider's calls block.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Database.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    $provider = Get-DatabaseProvider Microsoft.Data.Sqlite
    $file = Join-Path $TestDrive data.db
    $source = New-AsyncDbSource $provider "Data Source=$file" -Name files
    # The file is there before the first block, whose files Pester removes.
    await (Start-AsyncDbQuery $source 'create table first(x)')

    function Invoke-Query([string] $Sql, $Parameters, [AsyncJobs.DbResultKind] $As = 'PSObject') {
        await (Start-AsyncDbQuery $source $Sql -Parameters $Parameters -As $As)
    }
}

AfterAll {
    $source.Dispose()
}

Describe 'New-AsyncDbSource' {
    It 'takes <Scenario>' -TestCases @(
        @{ Scenario = 'a path'; Find = { $provider } }
        @{ Scenario = 'a path relative to where the script is'; Find = { Set-Location (Split-Path $provider); './Microsoft.Data.Sqlite.dll' } }
        @{ Scenario = 'a file'; Find = { Get-Item $provider } }
        @{ Scenario = 'the name of an assembly that is loaded'; Find = { 'Microsoft.Data.Sqlite' } }
        @{ Scenario = 'a factory'; Find = { Get-Factory } }
        @{ Scenario = 'the type of a factory'; Find = { (Get-Factory).GetType() } }
        @{ Scenario = 'a data source'; Find = { (Get-Factory).CreateDataSource('Data Source=:memory:') }; IsWhole = $true }
        @{ Scenario = 'a name registered with DbProviderFactories'; Find = { [Data.Common.DbProviderFactories]::RegisterFactory('our.files', (Get-Factory)); 'our.files' } }
    ) {
        function Get-Factory {
            $assembly = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Microsoft.Data.Sqlite' })[0]
            $assembly.GetType('Microsoft.Data.Sqlite.SqliteFactory').GetField('Instance').GetValue($null)
        }

        Push-Location
        try {
            $with = @{ Provider = & $Find }
            if (-not $IsWhole) { $with.ConnectionString = 'Data Source=:memory:' }
            $made = New-AsyncDbSource @with
        }
        finally {
            Pop-Location
        }

        await (Start-AsyncDbQuery $made 'select 7' -As Scalar) | Should -Be 7
        $made.Provider | Should -Be Microsoft.Data.Sqlite
        $made.Dispose()
        $made.IsClosed | Should -BeTrue
        { await (Start-AsyncDbQuery $made 'select 7') } | Should -Throw -ErrorId DbSourceClosed
    }

    It 'loads a provider and what it needs apart from the rest' {
        $loaded = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -in 'Microsoft.Data.Sqlite', 'SQLitePCLRaw.core' })
        $loaded.Count | Should -Be 2
        foreach ($assembly in $loaded) {
            [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($assembly).Name | Should -Be 'AsyncJobs: Microsoft.Data.Sqlite'
        }

        # The same path is the same provider, and so the same pool.
        (New-AsyncDbSource $provider 'Data Source=:memory:').Dispose()
        [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Microsoft.Data.Sqlite' }).Count | Should -Be 1
    }

    It 'loads one whose folder has no deps.json, natives included' {
        $bare = New-Item -ItemType Directory (Join-Path $TestDrive bare)
        $folder = Split-Path $provider
        Copy-Item "$folder/Microsoft.Data.Sqlite.dll", "$folder/SQLitePCLRaw.*.dll" $bare
        Copy-Item "$folder/runtimes" $bare -Recurse
        $made = New-AsyncDbSource "$bare/Microsoft.Data.Sqlite.dll" 'Data Source=:memory:'
        await (Start-AsyncDbQuery $made 'select 8' -As Scalar) | Should -Be 8
        $made.Dispose()
    }

    It 'says what is wrong with <Scenario>' -TestCases @(
        @{ Scenario = 'a name that there is not'; With = @{ Provider = 'No.Such.Provider' }; Id = 'DbProviderNotFound'; Message = '*No.Such.Provider*path of its DLL*' }
        @{ Scenario = 'a file that there is not'; With = @{ Provider = './no/such.dll' }; Id = 'DbProviderNotFound'; Message = '*such.dll*' }
        @{ Scenario = 'a file that is no assembly'; With = @{ Provider = "$PSScriptRoot/Database.Sqlite.Tests.ps1" }; Id = 'DbProviderInvalid'; Message = '*cannot be loaded*' }
        @{ Scenario = 'an assembly without a provider'; With = @{ Provider = 'System.Management.Automation' }; Id = 'DbProviderInvalid'; Message = '*System.Management.Automation has no provider*' }
        @{ Scenario = 'a type that is no factory'; With = @{ Provider = [string] }; Id = 'DbProviderInvalid'; Message = '*System.String*' }
        @{ Scenario = 'a value that is no provider'; With = @{ Provider = 42 }; Id = 'DbProviderInvalid'; Message = '*System.Int32*' }
        @{ Scenario = 'a keyword that there is not'; With = @{ ConnectionString = 'Dta Source=secret-file' }; Id = 'DbConnectionStringInvalid'; Message = "*'Dta Source'*" }
        @{ Scenario = 'a value that does not fit'; With = @{ ConnectionString = 'Data Source=x;Default Timeout=secret' }; Id = 'DbConnectionStringInvalid'; Message = "*'Default Timeout'*" }
        @{ Scenario = 'a password with a semicolon'; With = @{ ConnectionString = 'Password=se;secret=1' }; Id = 'DbConnectionStringInvalid'; Message = "*behind 'password'*quotes*" }
        @{ Scenario = 'no list of pairs'; With = @{ ConnectionString = 'secret' }; Id = 'DbConnectionStringInvalid'; Message = '*key=value*' }
        @{ Scenario = 'no connection string'; With = @{ ConnectionString = $null }; Id = 'DbConnectionStringInvalid'; Message = '*needs a connection string*' }
    ) {
        $given = @{ Provider = $provider; ConnectionString = 'Data Source=:memory:' } + @{}
        $With.GetEnumerator() | ForEach-Object { $given[$_.Key] = $_.Value }
        if (-not $given.ConnectionString) { $given.Remove('ConnectionString') }
        $errors = { New-AsyncDbSource @given } | Should -Throw -ErrorId "$Id,*" -ExpectedMessage $Message -PassThru
        $errors | Format-List * -Force | Out-String | Should -Not -BeLike '*secret*'
        $errors.Exception | Format-List * -Force | Out-String | Should -Not -BeLike '*secret*'
    }

    It 'refuses a connection string beside a data source' {
        $data = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Microsoft.Data.Sqlite' })[0].GetType('Microsoft.Data.Sqlite.SqliteFactory').GetField('Instance').GetValue($null).CreateDataSource('Data Source=:memory:')
        { New-AsyncDbSource $data 'Data Source=x' } | Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'gives its file back when it is disposed, and at Remove-Module' -Skip:(-not $IsLinux) {
        function Get-OpenFile([string] $Path) { @(Get-ChildItem /proc/self/fd -ErrorAction Ignore | Where-Object LinkTarget -EQ $Path).Count }
        $path = Join-Path $TestDrive given-back.db
        $made = New-AsyncDbSource $provider "Data Source=$path"
        1..20 | Start-AsyncDbQuery $made 'select @x' -As Scalar | Wait-AsyncGather | Should -Be (1..20)
        Get-OpenFile $path | Should -BeGreaterThan 0 -Because 'the provider keeps what it has opened for the next'
        $made.Dispose()
        Get-OpenFile $path | Should -Be 0

        $session = New-TestSession
        try {
            Invoke-InSession $session '$s = New-AsyncDbSource $provider "Data Source=$path"; await (Start-AsyncDbQuery $s "select 1") ; Remove-Module AsyncJobs; $s.IsClosed' -Variable @{ provider = $provider; path = $path } |
                Select-Object -Last 1 | Should -BeTrue
        }
        finally {
            Remove-TestSession $session
        }

        Get-OpenFile $path | Should -Be 0
    }

    It 'can be used by thread tasks' {
        $tasks = 1..4 | ForEach-Object { Start-AsyncTask -OnThread { await (Start-AsyncDbQuery $using:source 'select @x * 2' -Parameters @{ x = $using:_ } -As Scalar) } }
        $tasks | Wait-AsyncGather | Should -Be 2, 4, 6, 8
    }
}

Describe 'Parameters of Start-AsyncDbQuery' {
    It 'are taken by name from <Scenario>' -TestCases @(
        @{ Scenario = 'a table'; Parameters = @{ id = 4; name = "o'brien" } }
        @{ Scenario = 'an ordered table'; Parameters = [ordered]@{ name = "o'brien"; id = 4 } }
        @{ Scenario = 'a table whose names are spelled in another case'; Parameters = @{ ID = 4; Name = "o'brien" } }
        @{ Scenario = 'a table whose names have the mark'; Parameters = @{ '@id' = 4; '$name' = "o'brien" } }
        @{ Scenario = 'an object that has more'; Parameters = [pscustomobject]@{ Id = 4; Name = "o'brien"; Other = Get-Date } }
        @{ Scenario = 'wrapped values'; Parameters = @{ id = [psobject] 4; name = Write-Output "o'brien" } }
    ) {
        $row = Invoke-Query 'select @id as id, $name as name' $Parameters
        $row.id | Should -Be 4
        $row.name | Should -BeExactly "o'brien"
    }

    It 'are values, whatever stands in them' {
        $evil = "x'); drop table h; --"
        Invoke-Query 'select @x' @{ x = $evil } Scalar | Should -BeExactly $evil
    }

    It 'are taken by position where the text has numbers' {
        Invoke-Query 'select ?2 || ?1' ('a', 'b') Scalar | Should -Be ba
    }

    It 'may be <Name>' -TestCases @(
        @{ Name = 'null'; Value = $null; Expected = $null }
        @{ Name = 'DBNull'; Value = [DBNull]::Value; Expected = $null }
        @{ Name = 'an empty text'; Value = ''; Expected = '' }
        @{ Name = 'a switch'; Value = [switch] $true; Expected = 1 }
        @{ Name = 'a long'; Value = 5000000000; Expected = 5000000000 }
        @{ Name = 'a double'; Value = 0.25; Expected = 0.25 }
        @{ Name = 'a guid'; Value = [guid]'11111111-2222-3333-4444-555555555555'; Expected = '11111111-2222-3333-4444-555555555555' }
        @{ Name = 'bytes'; Value = [byte[]] (1, 2, 255); Expected = [byte[]] (1, 2, 255) }
        @{ Name = 'a time with offset'; Value = [DateTimeOffset]'2026-01-02T03:04:05+02:00'; Expected = '2026-01-02 03:04:05+02:00' }
    ) {
        , (Invoke-Query 'select @x' @{ x = $Value } Scalar) | Should -Be (, $Expected)
    }

    It 'may be one of the provider''s own' {
        $assembly = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Microsoft.Data.Sqlite' })[0]
        $parameter = $assembly.GetType('Microsoft.Data.Sqlite.SqliteFactory').GetField('Instance').GetValue($null).CreateParameter()
        $parameter.Value = 3
        Invoke-Query 'select @x + 1' @{ x = $parameter } Scalar | Should -Be 4
        Invoke-Query 'select @x + 2' @{ x = $parameter } Scalar | Should -Be 5
    }

    It 'are a mistake that is named: <Scenario>' -TestCases @(
        @{ Scenario = 'a name that the text does not have'; Sql = 'select @name'; Parameters = @{ nmae = 1 }; Message = "*'nmae'*@name*" }
        @{ Scenario = 'a name where the text has none'; Sql = 'select 1'; Parameters = @{ id = 1 }; Message = "*'id'*has none*" }
        @{ Scenario = 'a name without value'; Sql = 'select @a + @b'; Parameters = @{ a = 1 }; Message = '*No value was given for @b.*' }
        @{ Scenario = 'too many by position'; Sql = 'select ?1'; Parameters = 1, 2; Message = '*?1 to ?1*2 values*' }
        @{ Scenario = 'too few by position'; Sql = 'select ?1, ?3'; Parameters = 1, 2; Message = '*?1 to ?3*2 values*' }
        @{ Scenario = 'an object without such properties'; Sql = 'select @a'; Parameters = [pscustomobject]@{ b = 1 }; Message = '*no property*@a*' }
        @{ Scenario = 'an object as a value'; Sql = 'select @a'; Parameters = @{ a = [pscustomobject]@{ b = 'secret' } }; Message = '*@a*PSCustomObject*' }
        @{ Scenario = 'a secret as a value'; Sql = 'select @a'; Parameters = @{ a = [securestring]::new() }; Message = '*@a*SecureString*' }
        @{ Scenario = 'a type that the provider does not know'; Sql = 'select @a, @b'; Parameters = @{ a = 1; b = [Diagnostics.Stopwatch]::new() }; Message = '*@b (System.Diagnostics.Stopwatch)*' }
    ) {
        $task = Start-AsyncDbQuery $source $Sql -Parameters $Parameters
        { await $task } | Should -Throw -ErrorId DbParameterInvalid -ExceptionType ([ArgumentException]) -ExpectedMessage $Message
        $task.Exception.Message | Should -Not -BeLike '*secret*'
    }

    It 'are found only where the text has them' {
        $row = Invoke-Query @'
select 'a@b' as mail, "x", @id as id -- no @comment
from (select 1 as "x") /* nor @this */
'@ @{ id = 2 }
        $row.mail, $row.x, $row.id | Should -Be 'a@b', 1, 2
        { Invoke-Query "select '@x', @y" @{} } | Should -Throw -ExpectedMessage '*No value was given for @y.*'
    }
}

Describe 'Results of Start-AsyncDbQuery' {
    It 'are an object for each row, with the columns in their order' {
        $rows = Invoke-Query "select 1 as b, 'x' as a, null as c union all select 2, 'y', 3"
        $rows.Count | Should -Be 2
        $rows[0].psobject.Properties.Name | Should -Be b, a, c
        $rows[0].c | Should -Be $null
        $rows[1].a | Should -Be y
    }

    It 'are nothing, or one object, where there are no more rows' {
        @(Invoke-Query 'select 1 where 1 = 0').Count | Should -Be 0
        (Invoke-Query 'select 5 as five').five | Should -Be 5
    }

    It 'have a name for each column' {
        (Invoke-Query 'select 1 as id, 2 as ID, 3 as id, 4 as "", 5 as id1').psobject.Properties.Name | Should -Be id, ID1, id2, Column4, id11
        (Invoke-Query 'select 1 as id, 2 as ID, 3 as ""' -As DataTable).Columns.ColumnName | Should -Be id, ID1, Column3
    }

    It 'come from all sets of rows' {
        $rows = Invoke-Query 'select 1 as a; create table if not exists z(x); select 2 as b union all select 3'
        $rows[0].a, $rows[1].b, $rows[2].b | Should -Be 1, 2, 3
        $tables = Invoke-Query 'select 1 as a; select 2 as b union all select 3' -As DataTable
        $tables.Count | Should -Be 2
        $tables[1].Rows.Count | Should -Be 2
    }

    It 'are a table' {
        $table = Invoke-Query "select 1 as n, 'x' as t union all select null, 'y' union all select 'text', 'z'" -As DataTable
        , $table | Should -BeOfType ([Data.DataTable])
        $table.Rows[0].n, $table.Rows[0].t | Should -Be 1, x
        $table.Rows[1].IsNull('n') | Should -BeTrue
        $table.Rows[2].n | Should -Be text -Because 'values of SQLite may be of any type'
    }

    It 'are a value, or the number of rows changed' {
        Invoke-Query 'select null' -As Scalar | Should -Be $null
        Invoke-Query 'select 3, 4' -As Scalar | Should -Be 3
        Invoke-Query 'create table counted(x)' -As NonQuery | Should -Be 0
        Invoke-Query 'insert into counted values (1), (2), (3)' -As NonQuery | Should -Be 3
        Invoke-Query 'insert into counted values (4)' | Should -Be $null
    }

    It 'fail with the server''s code, and the input as the target' {
        Invoke-Query 'create table strict_ids(id integer primary key)'
        Invoke-Query 'insert into strict_ids values (1)'
        $failure = { await (7, 1 | Start-AsyncDbQuery $source 'insert into strict_ids values (@id)') } | Should -Throw -ErrorId DbQueryFailed -ExceptionType ([Data.Common.DbException]) -PassThru
        $failure.Exception.ServerCode | Should -Be 1555
        $failure.Exception.Message | Should -BeLike '*UNIQUE constraint failed: strict_ids.id*'
        $failure.TargetObject | Should -Be 1
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        { Invoke-Query 'selec 1' } | Should -Throw -ErrorId DbQueryFailed -ExpectedMessage '*syntax error*'
    }

    It 'are a stream that is read once' {
        $task = Start-AsyncDbQuery $source 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i from n; select 0 as i' -Stream
        $rows = $task | Receive-AsyncTask
        $rows.Count | Should -Be 5001
        $rows[4999].i, $rows[5000].i | Should -Be 5000, 0
        { $task | Receive-AsyncTask -ErrorAction Stop } | Should -Throw -ExpectedMessage '*only once*'
        $source.ConnectionCount | Should -Be 0
    }

    It 'are a stream of which no more is read than is asked for' {
        $first = Start-AsyncDbQuery $source 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n' -Stream | Receive-AsyncTask | Select-Object -First 3
        $first.i | Should -Be 1, 2, 3
        Wait-Until { $source.ConnectionCount -eq 0 }
    }

    It 'are refused as a stream of anything but objects' {
        { Start-AsyncDbQuery $source 'select 1' -Stream -As Scalar } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}

Describe 'Input of Start-AsyncDbQuery' {
    BeforeAll {
        # A file of its own: with a writer about, SQLite does not look again for a table that it does not know yet.
        $source = New-AsyncDbSource $provider "Data Source=$(Join-Path $TestDrive hosts.db)"
        Invoke-Query 'create table hosts(id integer, name text, port integer)'
    }

    BeforeEach {
        Invoke-Query 'delete from hosts'
    }

    AfterAll {
        $source.Dispose()
    }

    It 'gives each query its parameters: <Scenario>' -TestCases @(
        @{ Scenario = 'objects'; Rows = 1..3 | ForEach-Object { [pscustomobject]@{ Name = "h$_"; Id = $_; Other = 'x' } } }
        @{ Scenario = 'tables'; Rows = 1..3 | ForEach-Object { @{ id = $_; name = "h$_"; other = 'x' } } }
    ) {
        $Rows | Start-AsyncDbQuery $source 'insert into hosts(id, name, port) values (@id, @name, @port)' -Parameters @{ port = 80 } -As NonQuery | Wait-AsyncGather | Should -Be 1, 1, 1
        $read = Invoke-Query 'select * from hosts order by id'
        $read.name | Should -Be h1, h2, h3
        $read.port | Should -Be 80, 80, 80
    }

    It 'may be rows that were read, and keeps them apart' {
        Invoke-Query 'insert into hosts(id, name) values (1, ''a''), (2, ''b'')'
        Invoke-Query 'select id, name from hosts' | Start-AsyncDbQuery $source 'insert into hosts(id, name, port) values (@id + 10, @name, 1)' | Wait-AsyncGather
        (Invoke-Query 'select name from hosts where port = 1 order by id').name | Should -Be a, b
    }

    It 'may be plain values for the only parameter, or lists by position' {
        1..3 | Start-AsyncDbQuery $source 'select @x * 10' -As Scalar | Wait-AsyncGather | Should -Be 10, 20, 30
        (1, 2), (3, 4) | Start-AsyncDbQuery $source 'select ?1 + ?2' -As Scalar | Wait-AsyncGather | Should -Be 3, 7
    }

    It 'fails the task of what does not fit, and no other' {
        $results = [pscustomobject]@{ id = 1 }, 2, [pscustomobject]@{ id = 3 } | Start-AsyncDbQuery $source 'insert into hosts(id, name) values (@id, @name)' -Parameters @{ name = 'n' } -As NonQuery | Wait-AsyncGather -ReturnExceptions
        $results | Should -Be 1, 1, 1
        $results = [pscustomobject]@{ id = 1; name = 'x' }, [pscustomobject]@{ no = 2 } | Start-AsyncDbQuery $source 'insert into hosts(id, name) values (@id, @name)' -As NonQuery | Wait-AsyncGather -ReturnExceptions
        $results[0] | Should -Be 1
        $results[1] | Should -BeOfType ([AsyncJobs.DbParameterException])
    }

    It 'obeys -ThrottleLimit, -Semaphore and -Name' {
        $semaphore = New-AsyncSemaphore -Count 2
        $tasks = 1..20 | Start-AsyncDbQuery $source 'select @x' -As Scalar -ThrottleLimit 3 -Semaphore $semaphore -Name numbers
        $tasks | Wait-AsyncGather | Should -Be (1..20)
        $tasks[0].Name | Should -Be numbers
        $tasks[0].Kind | Should -Be IO
        $semaphore.CurrentCount | Should -Be 2
    }
}

Describe 'A provider whose calls block' {
    It 'holds neither the loop nor the pool''s threads' {
        # A writer that waits for another holds its thread for as long as it waits.
        Invoke-Query 'create table if not exists busy(x)'
        Invoke-AsyncDbTransaction $source {
            await (Start-AsyncDbQuery $source 'insert into busy values (0)' -Transaction $_)
            $waiting = 1..12 | Start-AsyncDbQuery $source 'insert into busy values (@x)' -As NonQuery
            $watch = [Diagnostics.Stopwatch]::StartNew()
            1..50 | ForEach-Object { Start-AsyncTask -OnThread { 1 } } | Wait-AsyncGather | Should -HaveCount 50
            await (Start-AsyncSleep 0.1 -Result slept) | Should -Be slept
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
            $waiting.IsCompleted | Should -Not -Contain $true
        }

        $waiting | Wait-AsyncGather | Should -HaveCount 12
        Invoke-Query 'select count(*) from busy' -As Scalar | Should -Be 13
    }

    It 'is left to itself where it cannot be stopped, and gives its connection back later' {
        Invoke-AsyncDbTransaction $source {
            await (Start-AsyncDbQuery $source 'insert into first values (0)' -Transaction $_)
            $late = Start-AsyncDbQuery $source 'insert into first values (1)' -TimeoutSec 0.2
            { await $late } | Should -Throw -ErrorId DbTimeout -ExceptionType ([TimeoutException]) -ExpectedMessage '*0.2 s (phase Executing).'
            $late.Exception.Phase, $late.Exception.Limit.TotalSeconds | Should -Be Executing, 0.2

            # The provider looks for the lock for 30 s, and nobody can tell it to leave off.
            $stopped = Start-AsyncDbQuery $source 'insert into first values (2)'
            await (Start-AsyncSleep 0.2)
            $watch = [Diagnostics.Stopwatch]::StartNew()
            Stop-AsyncTask $stopped -Wait
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 15
            $stopped.State | Should -Be Stopped
        }

        Wait-Until { $source.ConnectionCount -eq 0 } -TimeoutSec 60
    }
}
