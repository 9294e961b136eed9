# Set-AsyncLoop -Inline: what would run on threads runs on the loop, one after the other, for the tests of scripts.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Set-AsyncLoop -Inline
    $here = [Environment]::CurrentManagedThreadId

    function Get-Remote([string] $Of) { "real $Of" }
    function Get-Both { Get-Remote a; Get-Remote b }
    $null = New-Module InlineCaller { function Get-Inner { 'real' }; function Get-Outer { 1..2 | ForEach-Async { Get-Inner } } } | Import-Module -PassThru
}

AfterAll {
    Set-AsyncLoop -Inline:$false
    Remove-Module InlineCaller
}

Describe 'Set-AsyncLoop -Inline' {
    It 'shows in Get-AsyncLoop, and is turned off again' {
        (Get-AsyncLoop).Inline | Should -BeTrue
        Set-AsyncLoop -Inline:$false
        try {
            (Get-AsyncLoop).Inline | Should -BeFalse
            await (async { [Environment]::CurrentManagedThreadId }) | Should -Not -Be $here
        }
        finally {
            Set-AsyncLoop -Inline
        }
        Set-AsyncLoop -ThreadLimit 256
        (Get-AsyncLoop).Inline | Should -BeTrue -Because 'what is not given stays'
    }

    It 'runs on the thread of the session: <Scenario>' -TestCases @(
        @{ Scenario = 'a task'; Call = { await (async { [Environment]::CurrentManagedThreadId }) } }
        @{ Scenario = 'a task with -OnThread'; Call = { await (async -OnThread { [Environment]::CurrentManagedThreadId }) } }
        @{ Scenario = 'one that awaits, with -OnThread'; Call = { await (async -OnThread { await (Start-AsyncSleep 0); [Environment]::CurrentManagedThreadId }) } }
        @{ Scenario = 'ForEach-Async'; Call = { 1 | ForEach-Async { [Environment]::CurrentManagedThreadId } } }
        @{ Scenario = 'ForEach-Async in a coroutine'; Call = { await (async { 1 | ForEach-Async { [Environment]::CurrentManagedThreadId } }) } }
        @{ Scenario = 'Invoke-WithTimeout'; Call = { Invoke-WithTimeout 60 { [Environment]::CurrentManagedThreadId } } }
        @{ Scenario = 'a group'; Call = { Invoke-AsyncTaskGroup { async { [Environment]::CurrentManagedThreadId } } } }
        @{ Scenario = 'a task of a task'; Call = { await (async { await (async { [Environment]::CurrentManagedThreadId }) }) } }
    ) {
        & $Call | Should -Be $here
    }

    It 'runs one after the other, in order, whatever the limit' {
        $seen = [Collections.Generic.List[string]]::new()
        1..4 | ForEach-Async -ThrottleLimit 2 { $seen.Add("begin $_"); Start-Sleep -Milliseconds (10 * (5 - $_)); $seen.Add("end $_") }
        $seen | Should -Be (1..4 | ForEach-Object { "begin $_"; "end $_" })
    }

    It 'has a task ended when it is started, unless it awaits' {
        $task = async { 'done' }
        $task.IsCompleted | Should -BeTrue
        await $task | Should -Be 'done'
    }

    It 'gives the same results: <Scenario>' -TestCases @(
        @{ Scenario = 'nothing'; Block = { } }
        @{ Scenario = 'null'; Block = { $null } }
        @{ Scenario = 'several'; Block = { 1; 'two'; , (3, 4) } }
        @{ Scenario = 'return'; Block = { 1; return 2; 3 } }
        @{ Scenario = 'exit'; Block = { 1; exit; 2 } }
        @{ Scenario = 'a function that it defines'; Block = { function Get-Two { 2 }; Get-Two } }
        @{ Scenario = 'parameters'; Block = { param($a, [int] $b = 5) $a, $b } }
        @{ Scenario = 'a pipeline of cmdlets'; Block = { 3, 1, 2 | Sort-Object | Select-Object -First 2 } }
        @{ Scenario = 'loops'; Block = { foreach ($i in 1..5) { if ($i -eq 3) { continue }; if ($i -eq 5) { break }; $i } } }
        @{ Scenario = 'try'; Block = { try { throw 'x' } catch { "caught $_" } finally { 'finally' } } }
    ) {
        $inline = ConvertTo-Json @(await (async $Block -ArgumentList 7))
        Set-AsyncLoop -Inline:$false
        try {
            $onThread = ConvertTo-Json @(await (async $Block -ArgumentList 7))
        }
        finally {
            Set-AsyncLoop -Inline
        }
        $inline | Should -Be $onThread
    }

    It 'gives each task the variables as they were, and keeps what it assigns to itself' {
        $number = 1
        $task = async { $number; $number = 10; $number }
        $number = 2
        await $task | Should -Be 1, 10
        $number | Should -Be 2
    }

    It 'fails and retries as threads do' {
        $count = @{ Of = 0 }
        await (async -MaximumRetryCount 3 -RetryIntervalSec 0.01 { $count.Of++; if ($count.Of -lt 3) { throw 'not yet' }; $count.Of }) | Should -Be 3
        (Get-Failure { await (async { throw [IO.IOException]::new('gone') }) }).Exception | Should -BeOfType IO.IOException
        (Get-Failure { await (async { 1 / 0 }) }).Exception.InnerException | Should -BeOfType DivideByZeroException
        $results = 1..3 | ForEach-Async -PassThru { if ($_ -eq 2) { throw [IO.IOException]::new("no $_") }; $_ }
        $results.State | Should -Be Completed, Failed, Completed
        $results[1].Error.Exception | Should -BeOfType IO.IOException
        $gathered = 1..2 | ForEach-Object { $n = $_; async { if ($n -eq 1) { throw 'x' }; $n } } | Wait-AsyncGather -ReturnExceptions
        $gathered[0].Message, $gathered[1] | Should -Be 'x', 2
    }

    It 'writes what goes to other streams while it runs, and goes on' {
        $seen = @(& { 1..2 | ForEach-Async { Write-Error "e$_"; "o$_" } } 2>&1)
        $seen.ForEach{ "$_" } | Sort-Object | Should -Be e1, e2, o1, o2
        $seen = @(& { $task = async { Write-Warning w; 'out' }; 'started'; await $task } 3>&1)
        $seen.ForEach{ "$_" } | Should -Be w, started, out
    }

    It 'cannot stop what blocks, but says that it was too late' {
        $failure = Get-Failure { await (async -TimeoutSec 0.05 { Start-Sleep -Milliseconds 300; 'late' }) }
        $failure.Exception | Should -BeOfType TimeoutException
        $failure = Get-Failure { await (async -TimeoutSec 0.05 { await (Start-AsyncSleep 60) }) }
        $failure.Exception | Should -BeOfType TimeoutException
    }

    It 'tells nobody that the loop is held' {
        $slow = @(& { 1 | ForEach-Async { Start-Sleep -Milliseconds 1200 } } 3>&1)
        $slow | Should -Be $null
    }

    It 'runs an initialization script, too' {
        await (async { $prepared; [Environment]::CurrentManagedThreadId -eq $using:here } -InitializationScript { $prepared = 'yes' }) | Should -Be 'yes', $true
    }

    It 'leaves jobs on their threads, since who waits for a job turns no loop' {
        $job = Start-AsyncTask -AsJob { [Environment]::CurrentManagedThreadId }
        try {
            Receive-Job $job -Wait | Should -Not -Be $here
        }
        finally {
            Remove-Job $job -Force
        }
    }
}

Describe 'A mock where tasks run inline' {
    It 'is called and counted: <Scenario>' -TestCases @(
        @{ Scenario = 'a task'; Call = { await (async { Get-Remote a }) }; Count = 1 }
        @{ Scenario = 'with -OnThread'; Call = { await (async -OnThread { Get-Remote a }) }; Count = 1 }
        @{ Scenario = 'a function that calls it'; Call = { await (async { Get-Both }) }; Count = 2 }
        @{ Scenario = 'for many items'; Call = { 1..3 | ForEach-Async { Get-Remote $_ } }; Count = 3 }
        @{ Scenario = 'with a time limit'; Call = { Invoke-WithTimeout 60 { Get-Remote a } }; Count = 1 }
        @{ Scenario = 'by a computed name'; Call = { await (async { $verb = 'Get'; & "$verb-Remote" a }) }; Count = 1 }
        @{ Scenario = 'beside awaits'; Call = { await (async { await (Start-AsyncSleep 0); Get-Remote a; await (async { Get-Remote b }) }) }; Count = 2 }
    ) {
        Mock Get-Remote { 'mock' }
        & $Call | Should -Be (@('mock') * $Count)
        Should -Invoke Get-Remote -Times $Count -Exactly
    }

    It 'is chosen by its filter' {
        Mock Get-Remote { 'mock' }
        Mock Get-Remote { 'mock b' } -ParameterFilter { $Of -eq 'b' }
        'a', 'b' | ForEach-Async { Get-Remote $_ } | Should -Be 'mock', 'mock b'
        Should -Invoke Get-Remote -Times 1 -Exactly -ParameterFilter { $Of -eq 'b' }
    }

    It 'is called in the module that it was made in' {
        Mock Get-Inner { 'mock' } -ModuleName InlineCaller
        Get-Outer | Should -Be mock, mock
        await (async { Get-Outer }) | Should -Be mock, mock
        Should -Invoke Get-Inner -ModuleName InlineCaller -Times 4 -Exactly
        InModuleScope InlineCaller {
            await (async { Get-Inner }) | Should -Be mock
        }
    }

    It 'may stand for cmdlets' {
        Mock Invoke-RestMethod { [pscustomobject]@{ name = "of $Uri" } }
        $names = 'http://a/', 'http://b/' | ForEach-Async { (Invoke-RestMethod -Uri $_).name }
        $names | Should -Be 'of http://a/', 'of http://b/'
        Should -Invoke Invoke-RestMethod -Times 2 -Exactly
    }

    It 'throws what retries and errors are about' {
        $script:calls = 0
        Mock Get-Remote { if (++$script:calls -lt 3) { throw [IO.IOException]::new('gone') }; 'back' }
        1 | ForEach-Async -MaximumRetryCount 5 -RetryIntervalSec 0.01 { Get-Remote $_ } | Should -Be 'back'
        Should -Invoke Get-Remote -Times 3 -Exactly
    }
}

Describe 'A future that is done, as what a mock of a Start- cmdlet returns' {
    It 'is awaited: <Scenario>' -TestCases @(
        @{ Scenario = 'in a coroutine'; Call = { await (async { (await (Start-AsyncRestMethod http://a/)).name }) }; Is = @('n') }
        @{ Scenario = 'in plain script'; Call = { (await (Start-AsyncRestMethod http://a/)).name }; Is = @('n') }
        @{ Scenario = 'in a gather'; Call = { ('http://a/', 'http://b/' | ForEach-Object { Start-AsyncRestMethod $_ } | Wait-AsyncGather).name }; Is = 'n', 'n' }
        @{ Scenario = 'in ForEach-Async'; Call = { 'http://a/', 'http://b/' | ForEach-Async { (await (Start-AsyncRestMethod $_)).name } }; Is = 'n', 'n' }
        @{ Scenario = 'in a function that awaits'; Call = { function Get-Name($u) { (await (Start-AsyncRestMethod $u)).name }; 1..2 | ForEach-Async { Get-Name http://a/ } }; Is = 'n', 'n' }
        @{ Scenario = 'through a pipeline'; Call = { Start-AsyncRestMethod http://a/ | Wait-AsyncTask | ForEach-Object name }; Is = @('n') }
        @{ Scenario = 'as it comes'; Call = { (Start-AsyncRestMethod http://a/ | Receive-AsyncTask).name }; Is = @('n') }
        @{ Scenario = 'with a time limit'; Call = { (Invoke-WithTimeout 60 -Task (Start-AsyncRestMethod http://a/)).name }; Is = @('n') }
    ) {
        Mock Start-AsyncRestMethod { New-Future -Result ([pscustomobject]@{ name = 'n' }) }
        & $Call | Should -Be $Is
        Should -Invoke Start-AsyncRestMethod -Times $Is.Count -Exactly
    }

    It 'throws the exception that it was made with' {
        Mock Start-AsyncRestMethod { New-Future -Exception ([IO.IOException]::new('gone')) }
        { await (async { await (Start-AsyncRestMethod http://a/) }) } | Should -Throw gone -ExceptionType ([IO.IOException])
        await (async { try { await (Start-AsyncRestMethod http://a/) } catch [IO.IOException] { "caught $_" } }) | Should -Be 'caught gone'
        $results = 1..2 | ForEach-Async -PassThru { await (Start-AsyncRestMethod http://a/) }
        $results.State | Should -Be Failed, Failed
        $results.Error.Exception.Message | Should -Be gone, gone
    }

    It 'lets a sleep pass at once' {
        Mock Start-AsyncSleep { New-Future -Result $null }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        await (async { foreach ($i in 1..3) { $null = await (Start-AsyncSleep 3600) }; 'over' }) | Should -Be 'over'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
        Should -Invoke Start-AsyncSleep -Times 3 -Exactly -ParameterFilter { $Seconds -eq 3600 }
    }
}
