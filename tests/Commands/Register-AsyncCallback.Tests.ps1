BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'Register-AsyncCallback' {
    BeforeEach {
        $seen = [Collections.Generic.List[object]]::new()
        # Runs what is ready.
        function Step { await (Start-AsyncSleep 0.05) }
    }

    It 'calls with the task, once it is done' {
        $task = Start-AsyncSleep 0.05 -Result 5
        $handle = Register-AsyncCallback $task { param($done) $seen.Add($done); $seen.Add($done.Result) }
        $handle.IsPending | Should -BeTrue
        await $task | Out-Null
        $seen | Should -Be $task, 5
        $handle.IsPending | Should -BeFalse
    }

    It 'calls in the order of registering, and before the waiter goes on' {
        $future = New-Future
        $null = 1..3 | ForEach-Object { $number = $_; Register-AsyncCallback $future { $seen.Add($number) }.GetNewClosure() }
        Complete-Future $future
        await $future | Out-Null
        $seen | Should -Be 1, 2, 3
    }

    It 'calls at the next turn where it is done already, not at once' {
        $future = New-Future
        Complete-Future $future
        $null = Register-AsyncCallback $future { $seen.Add('called') }
        $seen.Count | Should -Be 0
        Step
        $seen | Should -Be 'called'
    }

    It 'calls the others when one fails, whose error is the waiter''s to write' {
        $future = New-Future
        $null = Register-AsyncCallback $future { throw [IO.IOException]::new('first') }
        $null = Register-AsyncCallback $future { $seen.Add('second') }
        Complete-Future $future
        await $future -ErrorVariable failures -ErrorAction SilentlyContinue | Out-Null
        $seen | Should -Be 'second'
        $failures[0].Exception.Message | Should -Be 'first'
    }

    It 'calls for a <State> task, too' -TestCases @(
        @{ State = 'Failed'; End = { Complete-Future $future -Exception 'x' } }
        @{ State = 'Stopped'; End = { Complete-Future $future -Cancel } }
    ) {
        $future = New-Future
        $null = Register-AsyncCallback $future { param($done) $seen.Add($done.State) }
        & $End
        Step
        $seen | Should -Be $State
    }

    It 'calls nobody who was unregistered' {
        $future = New-Future
        Register-AsyncCallback $future { $seen.Add('task') } | Unregister-AsyncCallback
        Register-AsyncCallback -After 00:00:00 { $seen.Add('time') } | Unregister-AsyncCallback
        Complete-Future $future
        Step
        $seen.Count | Should -Be 0
    }

    It 'a callback may unregister one that is to run after it' {
        $future = New-Future
        $script:later = $null
        $null = Register-AsyncCallback $future { Unregister-AsyncCallback $script:later; $seen.Add('first') }
        $script:later = Register-AsyncCallback $future { $seen.Add('later') }
        Complete-Future $future
        Step
        $seen | Should -Be 'first'
    }

    It 'calls after a time, the shorter first' {
        $null = Register-AsyncCallback -After 00:00:00.2 { $seen.Add('long') }
        $null = Register-AsyncCallback -After 00:00:00.02 { $seen.Add('short') }
        await (Start-AsyncSleep 0.5)
        $seen | Should -Be 'short', 'long'
    }

    It 'a chain: a callback starts what comes next' {
        $last = New-Future
        $first = Start-AsyncSleep 0.02 -Result 1
        $null = Register-AsyncCallback $first {
            param($done)
            $null = Register-AsyncCallback (Start-AsyncSleep 0.02 -Result ($done.Result + 1)) { param($done) Complete-Future $last ($done.Result + 1) }
        }
        await $last | Should -Be 3
    }

    It 'sees in a coroutine <Scenario>' -TestCases @(
        @{ Scenario = 'the coroutine''s variables'; Block = { $v = 'V'; $null = Register-AsyncCallback $done { $seen.Add("<$v>") }; await $later }; Expected = '<V>' }
        @{ Scenario = 'the variables of a function that awaits'; Block = { Add-Later; await $later }; Expected = '<L>' }
        @{ Scenario = 'the variables of a function that does not'; Block = { Add-AtOnce; await $later }; Expected = '<A>' }
        @{ Scenario = 'what the coroutine assigns later'; Block = { $v = 'V'; $null = Register-AsyncCallback $done { $seen.Add("<$v>") }; $v = 'W'; await $later }; Expected = '<W>' }
        @{ Scenario = 'functions, and what they read'; Block = { $v = 'V'; function Get-V { "<$v>" }; $null = Register-AsyncCallback $done { $seen.Add((Get-V)) }; await $later }; Expected = '<V>' }
        @{ Scenario = 'what is left when it has ended'; Block = { $v = 'V'; $null = Register-AsyncCallback $done { $seen.Add("<$v>") } }; Expected = '<V>' }
        @{ Scenario = 'the input'; Block = { $v = "$_"; $null = Register-AsyncCallback -After 00:00:00 { $seen.Add("<$v>") }; await $later }; Expected = '<q>' }
        @{ Scenario = 'its argument'; Block = { $v = 'V'; $null = Register-AsyncCallback $done { param($task) $seen.Add("<$v$($task.Result)>") }; await $later }; Expected = '<V5>' }
    ) {
        function Add-Later { $v = 'L'; await (Start-AsyncSleep 0); $null = Register-AsyncCallback $done { $seen.Add("<$v>") } }
        function Add-AtOnce { $v = 'A'; $null = Register-AsyncCallback $done { $seen.Add("<$v>") } }
        $done = Start-AsyncSleep 0.01 -Result 5
        $later = Start-AsyncSleep 0.1
        await ('q' | Start-AsyncTask -OnLoop $Block) -TimeoutSec 60
        await $later
        $seen | Should -Be $Expected
    }

    It 'leaves the coroutine''s variables alone' {
        await (Start-AsyncTask -OnLoop { $v = 'V'; $null = Register-AsyncCallback -After 00:00:00 { $v = 'other' }; await (Start-AsyncSleep 0.05); $v }) | Should -Be 'V'
    }

    It 'refuses <Scenario>' -TestCases @(
        @{ Scenario = 'what cannot be awaited'; Run = { Register-AsyncCallback 5 { } }; Id = 'NotAwaitable' }
        @{ Scenario = 'a negative time'; Run = { Register-AsyncCallback -After '-00:00:01' { } }; Id = 'InvalidArgument' }
    ) {
        $Run | Should -Throw -ErrorId "$Id,*"
    }
}
