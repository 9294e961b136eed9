BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Add-Type 'public class MarshalledHolder { public object Tag { get; set; } public int Number { get; set; } }'

    class MarshalledStep {
        [string] $Name
        [scriptblock] $Do
        [MarshalledStep] $Next
    }

    class MarshalledLog {
        [int] $Count
        [string] Add($x) { $this.Count++; return $this.Format($x) }
        [string] Format($x) { return "[$x]" }
        static [string] Outer($x) { return 'o' + [MarshalledLog]::Inner($x) }
        static [string] Inner($x) { return "i$x" }
    }
}

Describe 'Script in what a thread task is given' {
    Context 'arrives as the task''s own' {
        It 'in <Scenario>' -TestCases @(
            @{ Scenario = 'an array, behind its 16th item'; Holder = { , (@(1..20) + $args[0]) }; Block = { & $holder[20] 1 } }
            @{ Scenario = 'an array of 5000 items'; Holder = { , (@(1..5000) + $args[0]) }; Block = { & $holder[5000] 1 } }
            @{ Scenario = 'a table, behind its 100th value'; Holder = { $table = @{}; 1..500 | ForEach-Object { $table[$_] = $_ }; $table.Run = $args[0]; $table }; Block = { & $holder.Run 1 } }
            @{ Scenario = 'forty tables within each other'; Holder = { $table = @{ Run = $args[0] }; 1..40 | ForEach-Object { $table = @{ Inner = $table } }; $table }; Block = { $t = $holder; while ($t.Inner) { $t = $t.Inner }; & $t.Run 1 } }
            @{ Scenario = 'an instance of a class'; Holder = { [MarshalledStep]@{ Do = $args[0] } }; Block = { & $holder.Do 1 } }
            @{ Scenario = 'a chain of instances'; Holder = { [MarshalledStep]@{ Next = [MarshalledStep]@{ Do = $args[0] } } }; Block = { & $holder.Next.Do 1 } }
            @{ Scenario = 'instances in a list'; Holder = { , @([MarshalledStep]@{ Name = 'a' }, [MarshalledStep]@{ Do = $args[0] }) }; Block = { & $holder[1].Do 1 } }
            @{ Scenario = 'an array of two dimensions'; Holder = { $grid = [object[,]]::new(2, 3); $grid[1, 2] = $args[0]; , $grid }; Block = { & $holder[1, 2] 1 } }
            @{ Scenario = 'a jagged array'; Holder = { , @(@(1, 2), @(3, $args[0])) }; Block = { & $holder[1][1] 1 } }
            @{ Scenario = 'a queue'; Holder = { $queue = [Collections.Generic.Queue[object]]::new(); $queue.Enqueue($args[0]); , $queue }; Block = { & $holder.Peek() 1 } }
            @{ Scenario = 'a queue of no type'; Holder = { $queue = [Collections.Queue]::new(); $queue.Enqueue($args[0]); , $queue }; Block = { & $holder.Dequeue() 1 } }
            @{ Scenario = 'a stack'; Holder = { $stack = [Collections.Generic.Stack[object]]::new(); $stack.Push(1); $stack.Push($args[0]); , $stack }; Block = { & $holder.Pop() $holder.Pop() } }
            @{ Scenario = 'a set'; Holder = { $set = [Collections.Generic.HashSet[object]]::new(); $null = $set.Add($args[0]); , $set }; Block = { & @($holder)[0] 1 } }
            @{ Scenario = 'a linked list'; Holder = { $list = [Collections.Generic.LinkedList[object]]::new(); $null = $list.AddLast($args[0]); , $list }; Block = { & $holder.First.Value 1 } }
            @{ Scenario = 'a sorted table'; Holder = { $table = [Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase); $table['run'] = $args[0]; $table }; Block = { & $holder['RUN'] 1 } }
            @{ Scenario = 'a list of no type'; Holder = { $list = [Collections.ArrayList]::new(); $null = $list.Add($args[0]); , $list }; Block = { & $holder[0] 1 } }
            @{ Scenario = 'a tuple'; Holder = { [Tuple]::Create(1, $args[0]) }; Block = { & $holder.Item2 1 } }
            @{ Scenario = 'the entry of a table'; Holder = { @{ Run = $args[0] }.GetEnumerator() | Select-Object -First 1 }; Block = { & $holder.Value 1 } }
            @{ Scenario = 'a pair'; Holder = { [Collections.Generic.KeyValuePair[string, object]]::new('run', $args[0]) }; Block = { & $holder.Value 1 } }
            @{ Scenario = 'a note property beside a script method'; Holder = { [pscustomobject]@{ Run = $args[0] } | Add-Member -PassThru ScriptMethod Go { & $this.Run $args[0] } }; Block = { $holder.Go(1) } }
            @{ Scenario = 'a delegate in a table'; Holder = { @{ Run = [Func[object, object]] $args[0] } }; Block = { $holder.Run.Invoke(1) } }
        ) {
            function Get-MarshalledSuffix { 'in ' + $where }
            $where = 's'
            $holder = & $Holder { param($number) $own = $number; Start-Sleep -Milliseconds 1; "$own $(Get-MarshalledSuffix)" }
            $results = await (1..8 | Start-AsyncTask $Block) -TimeoutSec 60
            $results | Should -Be (@('1 in s') * 8)
            $using = await (Start-AsyncTask ([scriptblock]::Create(($Block -replace '\$holder', '($using:holder)')))) -TimeoutSec 60
            $using | Should -Be '1 in s'
            $where | Should -Be 's'
        }

        It 'as one object where it was one' {
            $shared = @{ Run = { 'shared' } }
            $first = @{ Part = $shared }
            $second = [pscustomobject]@{ Part = $shared }
            await ($shared | Start-AsyncTask { [object]::ReferenceEquals($first.Part, $second.Part); [object]::ReferenceEquals($_, $first.Part) }) -TimeoutSec 60 |
                Should -Be $true, $true
            $null = $first, $second
        }

        It 'with the class, which stays what it is' {
            $step = [MarshalledStep]@{ Name = 'one'; Do = { 'done' } }
            await ($step | Start-AsyncTask { $_ -is [MarshalledStep]; $_.Name; & $_.Do }) -TimeoutSec 60 | Should -Be $true, 'one', 'done'
        }

        It 'for each of many items' {
            $where = 'here'
            function Get-MarshalledWhere { $where }
            $steps = foreach ($i in 1..40) { [MarshalledStep]@{ Name = $i; Do = { param($name) $own = $name; Start-Sleep -Milliseconds 1; "$own $(Get-MarshalledWhere)" } } }
            $steps | Invoke-AsyncForEach { & $_.Do $_.Name } | Should -Be (1..40 | ForEach-Object { "$_ here" })
            $null = $where
        }
    }

    Context 'is refused by the name of what holds it' {
        It 'in <Scenario>' -TestCases @(
            @{ Scenario = 'a collection that threads share'; Holder = { $bag = [Collections.Concurrent.ConcurrentDictionary[string, object]]::new(); $bag['run'] = $args[0]; $bag } }
            @{ Scenario = 'a synchronized list'; Holder = { $list = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new()); $null = $list.Add($args[0]); , $list } }
            @{ Scenario = 'an object of .NET'; Holder = { [MarshalledHolder]@{ Tag = $args[0] } } }
            @{ Scenario = 'an object of .NET in a table'; Holder = { @{ Inner = [MarshalledHolder]@{ Tag = @($args[0]) } } } }
        ) {
            $holder = & $Holder { 1 }
            { Start-AsyncTask { $holder } } | Should -Throw '*$holder*' -ErrorId 'CannotCapture,*'
            { , $holder | Start-AsyncTask { $_ } } | Should -Throw '*input object*' -ErrorId 'CannotCapture,*'
        }
    }

    Context 'does not cost what holds none its identity' {
        It 'where objects hold each other' {
            $parent = [pscustomobject]@{ Name = 'parent'; Child = $null }
            $parent.Child = [pscustomobject]@{ Parent = $parent }
            await (Start-AsyncTask { $parent.Child.Parent.Name = 'changed' }) -TimeoutSec 60
            $parent.Name | Should -Be 'changed'
        }

        It 'where a list of objects is long' {
            $rows = foreach ($i in 1..2000) { [pscustomobject]@{ Number = $i } }
            await (Start-AsyncTask { $rows[1999].Number = 'changed' }) -TimeoutSec 60
            $rows[1999].Number | Should -Be 'changed'
        }

        It 'where an array begins elsewhere than at 0' {
            $array = [Array]::CreateInstance([object], [int[]] @(3), [int[]] @(5))
            $array.SetValue('first', 5)
            $grid = [int[,]]::new(2, 2)
            await (Start-AsyncTask { $array.GetValue(5); $grid[1, 1] }) -TimeoutSec 60 | Should -Be 'first', 0
            $null = $grid
        }
    }
}

Describe 'A collection that tasks fill while others are started' {
    It 'loses nothing: <Scenario>' -TestCases @(
        @{ Scenario = 'a synchronized list'; New = { , [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new()) }; Block = { $null = $results.Add($_) } }
        @{ Scenario = 'the same with $using:'; New = { , [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new()) }; Block = { $null = ($using:results).Add($_) } }
        @{ Scenario = 'a list under a monitor'; New = { , [Collections.ArrayList]::new() }; Block = { [Threading.Monitor]::Enter($results); try { $null = $results.Add($_) } finally { [Threading.Monitor]::Exit($results) } } }
        @{ Scenario = 'a typed list under a monitor'; New = { , [Collections.Generic.List[object]]::new() }; Block = { [Threading.Monitor]::Enter($results); try { $results.Add([pscustomobject]@{ Item = $_ }) } finally { [Threading.Monitor]::Exit($results) } } }
        @{ Scenario = 'a set under a monitor'; New = { , [Collections.Generic.HashSet[object]]::new() }; Block = { [Threading.Monitor]::Enter($results); try { $null = $results.Add($_) } finally { [Threading.Monitor]::Exit($results) } } }
        @{ Scenario = 'a table'; New = { [hashtable]::Synchronized(@{}) }; Block = { $results[$_] = @{ Item = $_ } } }
        @{ Scenario = 'a table under a monitor'; New = { @{} }; Block = { [Threading.Monitor]::Enter($results); try { $results[$_] = $_ } finally { [Threading.Monitor]::Exit($results) } } }
        @{ Scenario = 'a bag'; New = { , [Collections.Concurrent.ConcurrentBag[object]]::new() }; Block = { $results.Add($_) } }
        @{ Scenario = 'a bag, with script'; New = { , [Collections.Concurrent.ConcurrentBag[object]]::new() }; Block = { $results.Add({ $_ }) } }
    ) {
        $results = & $New
        $null = 1..400 | Invoke-AsyncForEach $Block
        $results.Count | Should -Be 400
    }

    It 'loses nothing where tasks put script in it: <Scenario>' -TestCases @(
        @{ Scenario = 'blocks'; Value = { { 1 } } }
        @{ Scenario = 'tables with blocks'; Value = { @{ Do = { 1 } } } }
        @{ Scenario = 'objects with members of script'; Value = { [pscustomobject]@{ N = 1 } | Add-Member -PassThru ScriptProperty Twice { $this.N * 2 } } }
        @{ Scenario = 'lists that cannot be copied, with blocks'; Value = { , [Collections.ObjectModel.ReadOnlyCollection[object]]::new([object[]]@({ 1 })) } }
    ) {
        $state = [pscustomobject]@{ Results = [Collections.Generic.List[object]]::new(); Done = 0 }
        $null = 1..400 | Invoke-AsyncForEach {
            $made = & $Value
            [Threading.Monitor]::Enter($state)
            try { $state.Results.Add($made); $state.Done++ } finally { [Threading.Monitor]::Exit($state) }
        }
        $state.Results.Count, $state.Done | Should -Be 400, 400
    }

    It 'loses nothing where it lies in a table' {
        $state = @{ Results = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new()); Limit = 5 }
        1..400 | Start-AsyncTask { $null = $state.Results.Add($_) } | await -TimeoutSec 60
        $state.Results.Count | Should -Be 400
    }
}

Describe 'Drives in what a thread task is given' {
    It 'in <Scenario>' -TestCases @(
        @{ Scenario = 'a property of the input'; Start = { [pscustomobject]@{ Path = 'MarshalledDrive:/' } | Start-AsyncTask { Test-Path $_.Path } } }
        @{ Scenario = 'a table'; Start = { $table = @{ Path = 'MarshalledDrive:/' }; Start-AsyncTask { Test-Path $table.Path } } }
        @{ Scenario = 'a list in a table'; Start = { $table = @{ Paths = @(1..30) + 'MarshalledDrive:/' }; Start-AsyncTask { Test-Path $table.Paths[30] } } }
        @{ Scenario = 'an object in an argument'; Start = { Start-AsyncTask { Test-Path $args[0].Path } -ArgumentList ([pscustomobject]@{ Path = 'MarshalledDrive:/' }) } }
    ) {
        $null = New-PSDrive MarshalledDrive FileSystem $TestDrive
        await (& $Start) -TimeoutSec 60 | Should -BeTrue
    }
}

Describe 'PowerShell classes of the caller in thread tasks' {
    It 'run their methods there, one after the other: <Scenario>' -TestCases @(
        @{ Scenario = 'a class in a variable'; Block = { Start-Sleep -Milliseconds 2; $type::Outer($_) }; Expected = 'oi{0}' }
        @{ Scenario = 'a class in a table'; Block = { $table.Type::Outer($_) }; Expected = 'oi{0}' }
        @{ Scenario = 'a class by its name'; Block = { Start-Sleep -Milliseconds 2; [MarshalledLog]::Outer($_) }; Expected = 'oi{0}' }
        @{ Scenario = 'a class that a function names'; Block = { Get-MarshalledOuter $_ }; Expected = 'oi{0}' }
        @{ Scenario = 'an instance in a table'; Block = { $table.Log.Add($_) }; Expected = '[{0}]' }
        @{ Scenario = 'an instance in an object'; Block = { $object.Inner.Log.Add($_) }; Expected = '[{0}]' }
    ) {
        function Get-MarshalledOuter($x) { [MarshalledLog]::Outer($x) }
        $type = [MarshalledLog]
        $table = @{ Type = [MarshalledLog]; Log = [MarshalledLog]::new() }
        $object = [pscustomobject]@{ Inner = $table }
        $null = $type, $object
        1..40 | Invoke-AsyncForEach $Block | Should -Be (1..40 | ForEach-Object { $Expected -f $_ })
        $table.Log.Count | Should -BeIn 0, 40
        Get-Date | Should -BeOfType datetime
    }

    It 'do not hang where a module has them that a script uses' {
        Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
        Set-Content "$TestDrive/Fmt.psm1" 'class Fmt {', 'static [string] Outer([string] $s) { return "o " + [Fmt]::Inner($s) }', 'static [string] Inner([string] $s) { return "i $s" }', '}'
        Set-Content "$TestDrive/uses.ps1" "using module $TestDrive/Fmt.psm1`nparam(`$x)`n[Fmt]::Outer(`$x)"
        Invoke-InOwnProcess @"
            foreach (`$round in 1..3) { @(1..16 | ForEach-Async { & '$TestDrive/uses.ps1' `$_ }).Count }
            @(1..4 | Start-AsyncTask -FilePath '$TestDrive/uses.ps1' -ArgumentList 1 | Wait-AsyncTask).Count
            & '$TestDrive/uses.ps1' 5
"@ | Should -Be '16', '16', '16', '4', 'o i 5'
    }
}

Describe 'A thread task that is started inside a module in memory' {
    It 'sees what the script there sees: <Scenario>' -TestCases @(
        @{ Scenario = 'in a closure'; Make = { $captured = 'c'; { param($p) $local = 'l'; Start-AsyncTask { "$captured $local $p" } }.GetNewClosure() } }
        @{ Scenario = 'in a function of New-Module'; Make = { $module = New-Module { $captured = 'c'; function Start-It($p) { $local = 'l'; Start-AsyncTask { "$captured $local $p" } } }; $module.ExportedFunctions['Start-It'] } }
        @{ Scenario = 'in a closure, with $using:'; Make = { $captured = 'c'; { param($p) $local = 'l'; Start-AsyncTask { "$using:captured $using:local $using:p" } }.GetNewClosure() } }
        @{ Scenario = 'in a closure, a private function'; Make = { $captured = 'c'; { param($p) $local = 'l'; function Get-Own { "$captured $local $p" }; Start-AsyncTask { Get-Own } }.GetNewClosure() } }
    ) {
        $start = & $Make
        await (& $start 'p') -TimeoutSec 60 | Should -Be 'c l p'
    }
}

Describe 'A variable that cannot be taken along' {
    It 'hinders no task that may look at any, nor one that such a task starts, <Where>' -TestCases @(
        @{ Where = 'by itself'; Prepare = { } }
        @{ Where = 'beside a function that names it'; Prepare = { function Get-Unused { $session } } }
        @{ Where = 'beside a module in memory'; Prepare = { $null = New-Module Things { function Get-Thing([string] $Name) { } } } }
    ) {
        . $Prepare
        $session = $ExecutionContext
        $task = Start-AsyncTask { Invoke-Expression 'await (Start-AsyncTask { Invoke-Expression 1 })' }
        await $task -TimeoutSec 60 | Should -Be 1
    }

    It 'is the error where it is read' {
        $session = $ExecutionContext
        $task = Start-AsyncTask { Invoke-Expression '$session' }
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId CannotCapture*
    }
}
