BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A coroutine takes along from its caller' {
    BeforeAll {
        function Get-Seen { "<$v>" }
        function Start-Seen { $v = 'V'; Start-AsyncTask { await (Start-AsyncSleep 0); Get-Seen; await (Start-AsyncSleep 0); Get-Seen } }
        Set-Content "$TestDrive/seen.ps1" '"<$v>"'
    }

    It 'its $_: <Scenario>' -TestCases @(
        @{ Scenario = 'of ForEach-Object'; Start = { 'q', 'r' | ForEach-Object { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_$using:_>" } } }; Expected = '<qq>', '<rr>' }
        @{ Scenario = 'of ForEach-Object, on the loop'; Start = { 'q' | ForEach-Object { Start-AsyncTask -OnLoop { "<$PSItem>" } } }; Expected = '<q>' }
        @{ Scenario = 'of catch'; Start = { try { throw 'oops' } catch { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } }; Expected = '<oops>' }
        @{ Scenario = 'of switch'; Start = { switch (5) { 5 { Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } } }; Expected = '<5>' }
        @{ Scenario = 'of the coroutine that starts it'; Start = { 'q' | Start-AsyncTask { await (Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" }) } }; Expected = '<q>' }
        @{ Scenario = 'but its own input, which may be null'; Start = { 'q' | ForEach-Object { , $null | Start-AsyncTask { await (Start-AsyncSleep 0); "<$_>" } } }; Expected = '<>' }
    ) {
        await @(& $Start) -TimeoutSec 60 | Should -Be $Expected
    }

    It 'its $_ in Invoke-WithTimeout' {
        'q' | ForEach-Object { Invoke-WithTimeout -TimeoutSec 60 { await (Start-AsyncSleep 0); "<$_>" } } | Should -Be '<q>'
    }

    It 'variables that <Scenario> reads, on the loop and on a thread' -TestCases @(
        @{ Scenario = 'a function of the session'; Block = { Get-Seen } }
        @{ Scenario = 'a function of the starter'; Block = { Get-Own } }
        @{ Scenario = 'a function that a function calls'; Block = { Get-Outer } }
        @{ Scenario = 'the default of a parameter'; Block = { Get-Default } }
        @{ Scenario = 'a function by a local alias'; Block = { own } }
        @{ Scenario = 'a block in a variable'; Block = { & $block } }
        @{ Scenario = 'a dotted block in a variable'; Block = { . $block } }
        @{ Scenario = 'a block in a table'; Block = { & $table.Block } }
        @{ Scenario = 'a block in a table in a table'; Block = { & $table.Inner['Block'] } }
        @{ Scenario = 'a block of an object'; Block = { $object.Block.Invoke() } }
        @{ Scenario = 'a block of a list'; Block = { foreach ($one in $list) { & $one } } }
        @{ Scenario = 'a block given to ForEach-Object'; Block = { 1 | ForEach-Object $block } }
        @{ Scenario = 'a block of a table given to ForEach-Object'; Block = { 1 | ForEach-Object $table.Block } }
        @{ Scenario = 'a function whose name a variable holds'; Block = { & $name } }
        @{ Scenario = 'a function whose name is computed'; Block = { & "Get-$('Own')" } }
        @{ Scenario = 'a function that a variable holds'; Block = { & $command } }
        @{ Scenario = 'text that is run'; Block = { Invoke-Expression '"<$v>"' } }
        @{ Scenario = 'text that is expanded'; Block = { $ExecutionContext.InvokeCommand.ExpandString('<$v>') } }
        @{ Scenario = 'Get-Variable'; Block = { "<$(Get-Variable v -ValueOnly)>" } }
        @{ Scenario = 'Get-Variable with a computed name'; Block = { $which = 'v'; "<$(Get-Variable $which -ValueOnly)>" } }
        @{ Scenario = 'a path'; Block = { "<$((Get-Item variable:v).Value)>" } }
        @{ Scenario = 'a script'; Block = { & $script } }
        @{ Scenario = 'a dotted script'; Block = { . $script } }
    ) {
        function Start-It($Block) {
            $v = 'V'
            function Get-Own { "<$v>" }
            function Get-Outer { Get-Own }
            function Get-Default($Value = $v) { "<$Value>" }
            Set-Alias own Get-Own
            $block = { "<$v>" }
            $table = @{ Block = $block; Inner = @{ Block = $block } }
            $object = [pscustomobject]@{ Block = $block }
            $list = , $block
            $name = 'Get-Own'
            $command = Get-Command Get-Own
            $script = "$TestDrive/seen.ps1"
            $text = $Block.ToString()
            Start-AsyncTask -OnLoop ([scriptblock]::Create("await (Start-AsyncSleep 0); $text; await (Start-AsyncSleep 0); $text"))
            Start-AsyncTask -OnThread ([scriptblock]::Create($text))
            $v = 'later'
        }
        await (Start-It $Block) -TimeoutSec 60 | Should -Be '<V>', '<V>', '<V>'
        await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); await (Start-It $Block) }) -TimeoutSec 60 | Should -Be '<V>', '<V>', '<V>'
    }

    It 'a variable of a script once, in however many ways it is named: <Block>' -TestCases @(
        @{ Block = '$word; Get-Variable wo* -ValueOnly' }
        @{ Block = 'Get-Variable word -ValueOnly; (Get-Item variable:word).Value' }
        @{ Block = '$script:word; Get-Variable word -Scope Script -ValueOnly; Invoke-Expression ''$word''; Test-Path variable:WORD' }
    ) {
        Set-Content "$TestDrive/Words.ps1" "`$word = 'w'", "`$block = { await (Start-AsyncSleep 0); $Block }", '& $block; await (Start-AsyncTask -OnLoop $block) -TimeoutSec 60'
        $plain, $coroutine = & "$TestDrive/Words.ps1" | ForEach-Object -Begin { $all = @() } -Process { $all += $_ } -End { , $all[0..($all.Count / 2 - 1)]; , $all[($all.Count / 2)..$all.Count] }
        $coroutine | Should -Be $plain
    }

    It 'variables that functions read, where it is started by <Scenario>' -TestCases @(
        @{ Scenario = 'Start-AsyncTask'; Run = { $v = 'V'; await (Start-AsyncTask { await (Start-AsyncSleep 0); Get-Seen }) } }
        @{ Scenario = 'a function that has returned'; Run = { await (Start-Seen) | Select-Object -First 1 } }
        @{ Scenario = 'ForEach-Async'; Run = { $v = 'V'; 1 | ForEach-Async { await (Start-AsyncSleep 0); Get-Seen } } }
        @{ Scenario = 'Invoke-WithTimeout'; Run = { $v = 'V'; Invoke-WithTimeout 60 { await (Start-AsyncSleep 0); Get-Seen } } }
        @{ Scenario = 'a task group'; Run = { $v = 'V'; Invoke-AsyncTaskGroup { Start-AsyncTask { await (Start-AsyncSleep 0); Get-Seen } } } }
        @{ Scenario = 'a period'; Run = { $v = 'V'; await (Start-AsyncTask -Every 0:0:0.001 -Count 2 { await (Start-AsyncSleep 0); Get-Seen }) | Select-Object -Last 1 } }
        @{ Scenario = 'a retry'; Run = { $v = 'V'; $tries = @{ n = 0 }; await (Start-AsyncTask -MaximumRetryCount 1 -RetryIntervalSec 0.001 { await (Start-AsyncSleep 0); if ($tries.n++ -eq 0) { throw 'once' }; Get-Seen }) } }
        @{ Scenario = 'a file'; Run = { $v = 'V'; Set-Content "$TestDrive/file.ps1" 'await (Start-AsyncSleep 0); Get-Seen; ' ; await (Start-AsyncTask -FilePath "$TestDrive/file.ps1") } }
        @{ Scenario = 'an initialization script'; Run = { $v = 'V'; await (Start-AsyncTask -InitializationScript { $seen = Get-Seen } { await (Start-AsyncSleep 0); $seen }) } }
    ) {
        & $Run | Should -Be '<V>'
        await (Start-AsyncTask -OnLoop $Run) -TimeoutSec 60 | Should -Be '<V>'
    }

    It 'variables that a block which it is given reads' {
        $v = 'V'
        { "<$v>" } | Start-AsyncTask { await (Start-AsyncSleep 0); & $_ } | await | Should -Be '<V>'
        await (Start-AsyncTask { param($Block) await (Start-AsyncSleep 0); & $Block } -ArgumentList { "<$v>" }) | Should -Be '<V>'
    }

    It 'variables as they are for each task of a command' {
        1..2 | ForEach-Object { $v = $_; $block = if ($v -eq 1) { { "one $v" } } else { { "two $v" } }; $_ } |
            Start-AsyncTask { await (Start-AsyncSleep 0); & $block } | await | Should -Be 'one 1', 'two 2'
    }

    It 'local functions and variables of a function of a module, but not what the module changes' {
        $module = New-Module {
            $level = 'L'
            function Set-Level { $script:level = 'M' }
            function Start-It { $v = 'V'; function Get-Own { "<$v$level>" }; Start-AsyncTask { await (Start-AsyncSleep 0); Get-Own; Set-Level; Get-Own } }
        }
        await (& $module { Start-It }) -TimeoutSec 60 | Should -Be '<VL>', '<VM>'
    }

    It 'variables of a function of a module, in statements that may change the scope, with its preferences' {
        # In a session without a console, which would show what -WhatIf says.
        $session = New-TestSession
        try {
            Invoke-InSession $session -TimeoutSec 60 -Variable @{ file = (New-Item "$TestDrive/kept").FullName } {
                $module = New-Module {
                    function Start-Removal { [CmdletBinding(SupportsShouldProcess)] param($File) Start-AsyncTask { await (Start-AsyncSleep 0); Remove-Item $File; "<$File>" } }
                }
                (await (& $module { Start-Removal $args[0] -WhatIf } $file)) -eq "<$file>"
                Test-Path $file
                (await (& $module { Start-Removal $args[0] } $file)) -eq "<$file>"
                Test-Path $file
            } | Should -Be $true, $true, $true, $false
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'not variables that the functions of a file share by their scope' {
        Set-Content "$TestDrive/shared.ps1" 'function Add-Shared { $global:shared++ }; function Get-Shared { $shared }'
        . "$TestDrive/shared.ps1"
        $global:shared = 0
        try {
            await (Start-AsyncTask { await (Start-AsyncSleep 0); Add-Shared; await (Start-AsyncSleep 0); Add-Shared; Get-Shared }) | Should -Be 2
        }
        finally {
            Remove-Variable shared -Scope Global
        }
    }

    It 'what a method sees' {
        class Starter {
            $Name = 'N'
            [object] Start() { $v = 'V'; function Get-Own { "<$v>" }; return (Start-AsyncTask { await (Start-AsyncSleep 0); Get-Own; $this.Name }) }
        }
        await ([Starter]::new().Start()) | Should -Be '<V>', 'N'
    }
}

Describe 'Preferences of the starter hold in a coroutine for all its life' {
    BeforeAll {
        function Write-Later { [CmdletBinding()] param() Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); Write-Verbose 'said' } }

        # In a session without a console, which would show what -WhatIf says.
        $session = New-TestSession
        Invoke-InSession $session -Variable @{ file = "$TestDrive/file" } {
            function Start-Removal { [CmdletBinding(SupportsShouldProcess)] param() Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); Remove-Item $file } }
            function Invoke-Removal { [CmdletBinding(SupportsShouldProcess)] param() await (Start-AsyncSleep 0); 1 | ForEach-Async { await (Start-AsyncSleep 0); Remove-Item $file } }
            function Limit-Removal { [CmdletBinding(SupportsShouldProcess)] param() Invoke-WithTimeout 60 { await (Start-AsyncSleep 0); Remove-Item $file } }
            function Group-Removal { [CmdletBinding(SupportsShouldProcess)] param() Invoke-AsyncTaskGroup { $null = Start-AsyncTask { await (Start-AsyncSleep 0); Remove-Item $file } } }
            function Remove-Later { [CmdletBinding(SupportsShouldProcess)] param() await (Start-AsyncSleep 0); Remove-Item $file }
        }
    }

    AfterAll {
        Remove-TestSession $session
    }

    It '-WhatIf of a function: <Run>' -TestCases @(
        @{ Run = { await (Start-Removal -WhatIf) } }
        @{ Run = { Invoke-Removal -WhatIf } }
        @{ Run = { Limit-Removal -WhatIf } }
        @{ Run = { Group-Removal -WhatIf } }
        @{ Run = { Remove-Later -WhatIf } }
    ) {
        Invoke-InSession $session -TimeoutSec 60 "
            Set-Content `$file ''
            `$null = & { $Run }
            Test-Path `$file
            `$null = await (Start-AsyncTask -OnLoop { $Run })
            Test-Path `$file" | Should -Be $true, $true
    }

    It '-Verbose of a function' {
        await (Write-Later -Verbose) 4>&1 | Should -Be 'said'
    }

    It '<Name>, before and behind an await, whoever starts it and waits' -TestCases @(
        @{ Name = '$ErrorActionPreference'; Set = { $ErrorActionPreference = 'Stop' }; Look = { try { Get-Item /none/there 2>$null; 'went on' } catch { 'stopped' } }; With = 'stopped'; Without = 'went on' }
        @{ Name = 'strict mode'; Set = { Set-StrictMode -Version Latest }; Look = { try { if ($notThere) { }; 'lax' } catch { 'strict' } }; With = 'strict'; Without = 'lax' }
        @{ Name = 'strict mode 1'; Set = { Set-StrictMode -Version 1 }; Look = { try { if ($notThere) { }; 'lax' } catch { 'strict' } }; With = 'strict'; Without = 'lax' }
        @{ Name = '$OFS'; Set = { $OFS = '-' }; Look = { "$(1..3)" }; With = '1-2-3'; Without = '1 2 3' }
        @{ Name = '$PSDefaultParameterValues'; Set = { $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'child' } }; Look = { try { Split-Path (Join-Path a -ErrorAction Stop) -Leaf } catch { 'none' } }; With = 'child'; Without = 'none' }
        @{ Name = 'default parameters of ours'; Set = { $PSDefaultParameterValues = @{ 'Start-AsyncSleep:Result' = 'given' } }; Look = { "<$(await (Start-AsyncSleep 0))>" }; With = '<given>'; Without = '<>' }
    ) {
        # Mandatory parameters are not asked for here.
        $task = [scriptblock]::Create("$Look; await (Start-AsyncSleep 0 -Result `$null) | Out-Null; $Look")
        function Start-With { . $Set; Start-AsyncTask -OnLoop $task }
        function Start-Without { Start-AsyncTask -OnLoop $task }
        function Wait-With($Task) { . $Set; $Task | Wait-AsyncTask }

        await (Start-With) | Should -Be $With, $With
        await (Start-Without) | Should -Be $Without, $Without
        Wait-With (Start-Without) | Should -Be $Without, $Without
        Wait-With (Start-With) | Should -Be $With, $With
        await (Start-AsyncTask -OnLoop { $inner = Start-With; await $inner }) | Should -Be $With, $With
        $inCoroutine = [scriptblock]::Create("$Set; `$inner = Start-AsyncTask -OnLoop `$task; await `$inner")
        await (Start-AsyncTask -OnLoop $inCoroutine) | Should -Be $With, $With
    }

    It 'those that hold when it starts, not later ones of the same scope' {
        $ErrorActionPreference = 'Stop'
        $task = Start-AsyncTask { await (Start-AsyncSleep 0); try { Get-Item /none/there 2>$null; 'went on' } catch { 'stopped' } }
        $ErrorActionPreference = 'Continue'
        await $task | Should -Be 'stopped'
    }

    It 'its own go before them' {
        function Start-It { $ErrorActionPreference = 'Stop'; Start-AsyncTask -OnLoop { $ErrorActionPreference = 'SilentlyContinue'; await (Start-AsyncSleep 0); try { Get-Item /none/there; 'went on' } catch { 'stopped' } } }
        await (Start-It) | Should -Be 'went on'
    }
}

Describe '$using: in a coroutine' {
    BeforeAll {
        function Test-Bound { param($A) await (Start-AsyncTask { await (Start-AsyncSleep 0); "$($using:PSBoundParameters.Keys) [$($using:args)]" }) }
    }

    It 'is the starter''s value <Scenario>, as on a thread' -TestCases @(
        @{ Scenario = 'in its own statements'; Block = { $using:limit }; Expected = 2 }
        @{ Scenario = 'in a string'; Block = { "<$using:limit $($using:limit)>" }; Expected = '<2 2>' }
        @{ Scenario = 'in a nested block'; Block = { 1..3 | Where-Object { $_ -gt $using:limit } }; Expected = 3 }
        @{ Scenario = 'in a block that is called'; Block = { & { $using:limit } }; Expected = 2 }
        @{ Scenario = 'in a dotted block'; Block = { . { $using:limit } }; Expected = 2 }
        @{ Scenario = 'in a function'; Block = { function Get-Limit { $using:limit }; Get-Limit }; Expected = 2 }
        @{ Scenario = 'beside an assigned variable of the name'; Block = { $limit = $using:limit; $limit += 10; "$limit $using:limit" }; Expected = '12 2' }
        @{ Scenario = 'beside a loop''s'; Block = { foreach ($limit in 7) { "$limit $using:limit" } }; Expected = '7 2' }
        @{ Scenario = 'of a member and an element'; Block = { $using:config.List[1]; ($using:config).List.Count }; Expected = 6, 2 }
        @{ Scenario = 'in an argument'; Block = { Write-Output $using:config.List }; Expected = 5, 6 }
        @{ Scenario = 'in an index, a condition and a loop'; Block = { foreach ($one in $using:config.List) { if ($one -gt $using:limit + 3) { $one } } }; Expected = 6 }
    ) {
        $limit = 2
        $config = @{ List = 5, 6 }
        $coroutine = [scriptblock]::Create("await (Start-AsyncSleep 0); $Block")
        await (Start-AsyncTask $coroutine) -TimeoutSec 60 | Should -Be $Expected
        await (Start-AsyncTask -OnLoop $Block) -TimeoutSec 60 | Should -Be $Expected
        await (Start-AsyncTask -OnThread $Block) -TimeoutSec 60 | Should -Be $Expected
        await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); Start-AsyncTask $coroutine | await }) -TimeoutSec 60 | Should -Be $Expected
        1 | ForEach-Async -OnLoop $Block | Should -Be $Expected
    }

    It 'is the starter''s value <Scenario>' -TestCases @(
        @{ Scenario = 'in blocks that await'; Run = { await (Start-AsyncTask { & { await (Start-AsyncSleep 0); $using:limit }; . { await (Start-AsyncSleep 0); $using:limit }; 1 | ForEach-Object { await (Start-AsyncSleep 0); $using:limit } }) }; Expected = 2, 2, 2 }
        @{ Scenario = 'in functions that await'; Run = { await (Start-AsyncTask { function Get-Limit { await (Start-AsyncSleep 0); $using:limit }; Get-Limit }) }; Expected = 2 }
        @{ Scenario = 'beside a parameter'; Run = { await (Start-AsyncTask { param($limit) await (Start-AsyncSleep 0); "$limit $using:limit $($PSBoundParameters.Keys)" } -ArgumentList 50) }; Expected = '50 2 limit' }
        @{ Scenario = 'for $_'; Run = { 'q' | ForEach-Object { await (Start-AsyncTask { await (Start-AsyncSleep 0); $_ = 5; "$_ $using:_" }) } }; Expected = '5 q' }
        @{ Scenario = 'for $args and $PSBoundParameters'; Run = { Test-Bound -A 1 2 3 }; Expected = 'A [2 3]' }
        @{ Scenario = 'of when it started'; Run = { $y = 1; $task = Start-AsyncTask { await (Start-AsyncSleep 0); $using:y }; $y = 2; await $task }; Expected = 1 }
        @{ Scenario = 'in a task that it starts'; Run = { await (Start-AsyncTask { $x = 5; await (Start-AsyncSleep 0); await (Start-AsyncTask { await (Start-AsyncSleep 0); $using:x }); await (Start-AsyncTask -OnThread { $using:x }) }) }; Expected = 5, 5 }
        @{ Scenario = 'with retries'; Run = { $tries = @{ n = 0 }; await (Start-AsyncTask -MaximumRetryCount 1 -RetryIntervalSec 0.001 { await (Start-AsyncSleep 0); if (($using:tries).n++ -eq 0) { throw 'once' }; $using:limit }) }; Expected = 2 }
    ) {
        $limit = 2
        & $Run | Should -Be $Expected
        await (Start-AsyncTask -OnLoop $Run) -TimeoutSec 60 | Should -Be $Expected
    }

    It 'is an error in strict mode where there is no such variable, but not that of a task within' {
        Set-StrictMode -Version Latest
        { Start-AsyncTask { await (Start-AsyncSleep 0); $using:notThere } } | Should -Throw -ErrorId 'VariableIsUndefined,*'
        await (Start-AsyncTask { $own = 1; await (Start-AsyncTask { await (Start-AsyncSleep 0); $using:own }) }) | Should -Be 1
    }

    It 'leaves lines and columns as they are' {
        $limit = 2
        $task = Start-AsyncTask { await (Start-AsyncSleep 0); $using:limit; throw 'here' }
        try { await $task } catch { $position = $_.InvocationInfo }
        $position.Line.Substring($position.OffsetInLine - 1) | Should -BeLike 'throw ''here''*'
    }
}

Describe '-InitializationScript' {
    It 'runs in the scope around <Kind>: <Scenario>' -TestCases @(
        foreach ($kind in 'OnLoop', 'OnThread') {
            @{ Kind = $kind; Scenario = 'a variable'; Script = { $value = 5 }; Block = { $value }; Expected = 5 }
            @{ Kind = $kind; Scenario = 'a function'; Script = { function Get-Value { 5 } }; Block = { Get-Value }; Expected = 5 }
            @{ Kind = $kind; Scenario = 'an alias'; Script = { Set-Alias value Write-Output }; Block = { value 5 }; Expected = 5 }
            @{ Kind = $kind; Scenario = 'strict mode'; Script = { Set-StrictMode -Version Latest }; Block = { try { if ($notThere) { }; 'lax' } catch { 'strict' } }; Expected = 'strict' }
            @{ Kind = $kind; Scenario = 'variables of the caller'; Script = { $value = "$limit $using:limit" }; Block = { $value }; Expected = '2 2' }
            @{ Kind = $kind; Scenario = 'what it writes'; Script = { 'first' }; Block = { 'second' }; Expected = 'first', 'second' }
            @{ Kind = $kind; Scenario = 'the input'; Script = { $value = "<$_>" }; Block = { $value }; Expected = '<q>' }
            @{ Kind = $kind; Scenario = 'assigned anew'; Script = { $value = 5 }; Block = { $value = $value + 1; $value }; Expected = 6 }
            @{ Kind = $kind; Scenario = 'an await'; Script = { $value = await (Start-AsyncSleep 0 -Result 5) }; Block = { $value }; Expected = 5 }
        }
    ) {
        $limit = 2
        $where = @{ $Kind = $true }
        'q' | Start-AsyncTask @where -InitializationScript $Script $Block | await | Should -Be $Expected
        $suspending = [scriptblock]::Create("await (Start-AsyncSleep 0); $Block")
        'q' | Start-AsyncTask @where -InitializationScript $Script $suspending | await | Should -Be $Expected
    }

    It 'runs before each attempt of a coroutine' {
        $count = @{ Scripts = 0; Blocks = 0 }
        await (Start-AsyncTask -MaximumRetryCount 1 -RetryIntervalSec 0.001 -InitializationScript { $count.Scripts++ } {
                await (Start-AsyncSleep 0)
                if ($count.Blocks++ -eq 0) { throw 'once' }
                $count.Scripts
            }) | Should -Be 2
    }

    It 'fails the coroutine by its error' {
        { await (Start-AsyncTask -OnLoop -InitializationScript { throw 'not ready' } { 1 }) } | Should -Throw 'not ready'
    }

    It 'leaves the caller''s scope alone' {
        $value = 1
        await (Start-AsyncTask -OnLoop -InitializationScript { $value = 2 } { $value }) | Should -Be 2
        $value | Should -Be 1
    }
}

Describe 'A foreach over nothing in a coroutine' {
    It 'leaves its variable with nothing, as in plain script: <Block>' -TestCases @(
        @{ Block = { foreach ($item in @()) { }; "<$item>" } }
        @{ Block = { if ($true) { foreach ($item in $null) { 'in' }; "<$item>" } } }
        @{ Block = { "<$item>"; foreach ($item in $item.Nothing) { }; "<$item>" } }
        @{ Block = { $value = foreach ($item in @()) { 1 }; "<$item$value>" } }
        @{ Block = { foreach ($item in @()) { }; foreach ($item in 1, 2) { $item }; "<$item>" } }
        @{ Block = { & { foreach ($item in @()) { }; "<$item>" }; "<$item>" } }
        @{ Block = { foreach ($item in @()) { $item }; $item = 5; "<$item>" } }
        @{ Block = { function Get-Item2 { foreach ($item in @()) { }; "<$item>" }; Get-Item2 } }
    ) {
        $item = 'of the caller'
        $expected = & $Block
        await (Start-AsyncTask ([scriptblock]::Create("await (Start-AsyncSleep 0); $Block"))) -TimeoutSec 60 | Should -Be $expected
        await (Start-AsyncTask -OnLoop $Block) | Should -Be $expected
        await (Start-AsyncTask -OnThread $Block) -TimeoutSec 60 | Should -Be $expected
    }

    It 'is no error in strict mode' {
        Set-StrictMode -Version Latest
        await (Start-AsyncTask { await (Start-AsyncSleep 0); foreach ($other in @()) { }; "<$other>" }) | Should -Be '<>'
    }
}

Describe 'A scope further out, named by its number' {
    It 'is that of what the coroutine has captured' {
        function Start-Outer { $outer = 'o'; $near = 'n'; Start-Inner }
        function Start-Inner {
            Start-AsyncTask {
                $own = 'mine'
                Get-Variable outer -Scope 2 -ValueOnly
                await (Start-AsyncSleep 0)
                if ($own) { Get-Variable near -Scope:3 -ValueOnly }
                Set-Variable outer changed -Scope 2
                Get-Variable outer -Scope 1 -ValueOnly
                $outer
                $null -eq (Get-Variable own -Scope 2 -ErrorAction Ignore)
            }
        }
        await (Start-Outer) | Should -Be 'o', 'n', 'changed', 'changed', $true
    }
}
