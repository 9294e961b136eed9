BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Wait-AsyncTask' {
    Context 'Output' {
        It 'writes a task''s output object by object' {
            $written = await (Start-AsyncTask { 1; 2; 3 }) | ForEach-Object { "<$_>" }
            $written | Should -Be '<1>', '<2>', '<3>'
        }

        It 'keeps an array that was written whole' {
            $written = @(await (Start-AsyncTask { , @(1, 2) }))
            $written.Count | Should -Be 1
            $written[0] | Should -Be 1, 2
        }

        It 'writes tasks in the order given, not in that of their end' {
            $slow = Start-AsyncSleep 0.2 -Result slow
            $quick = Start-AsyncSleep 0 -Result quick
            await $slow, $quick -TimeoutSec 30 | Should -Be 'slow', 'quick'
        }

        It 'writes a task given twice once with -PassThru' {
            $task = Start-AsyncSleep 0 -Result x
            await $task, $task -TimeoutSec 30 | Should -Be 'x', 'x'
            @($task, $task | await -PassThru -TimeoutSec 30).Count | Should -Be 1
        }

        It 'writes the output again when awaited again' {
            $task = Start-AsyncTask { 'x' }
            await $task | Should -Be 'x'
            await $task | Should -Be 'x'
        }

        It 'writes nothing for an empty list' {
            @(await @()).Count | Should -Be 0
        }
    }

    Context 'Awaitables' {
        It 'awaits <Scenario>' -TestCases @(
            @{ Scenario = 'a .NET task with a result'; Make = { [Threading.Tasks.Task]::FromResult(42) }; Expected = 42 }
            @{ Scenario = 'a .NET task of an array, whole'; Make = { [IO.File]::ReadAllBytesAsync("$PSScriptRoot/../../.gitattributes") }; Expected = { $_ -is [byte[]] } }
            @{ Scenario = 'a ValueTask with a result'; Make = { [Threading.Tasks.ValueTask[int]]::new(42) }; Expected = 42 }
            @{ Scenario = 'a thread job'; Make = { Start-ThreadJob { 42 } }; Expected = 42 }
            @{ Scenario = 'a task wrapped by PowerShell'; Make = { [psobject]::AsPSObject((Start-AsyncSleep 0 -Result 42)) }; Expected = 42 }
        ) {
            $value = await (& $Make) -TimeoutSec 60
            if ($Expected -is [scriptblock]) { , $value | ForEach-Object $Expected | Should -BeTrue } else { $value | Should -Be $Expected }
        }

        It 'writes nothing for <Scenario>' -TestCases @(
            @{ Scenario = 'a .NET task without result'; Make = { [Threading.Tasks.Task]::Delay(1) } }
            @{ Scenario = 'a finished .NET task'; Make = { [Threading.Tasks.Task]::CompletedTask } }
            @{ Scenario = 'a ValueTask without result'; Make = { [Threading.Tasks.ValueTask]::CompletedTask } }
        ) {
            @(await (& $Make) -TimeoutSec 30).Count | Should -Be 0
        }

        It 'throws the inner exception of a failed .NET task' {
            $failed = [Threading.Tasks.Task]::FromException([IO.InvalidDataException]::new('bad data'))
            { await $failed } | Should -Throw -ExceptionType ([IO.InvalidDataException]) -ExpectedMessage 'bad data'
        }

        It 'throws what a job failed with' {
            { await (Start-ThreadJob { throw [IO.InvalidDataException]::new('bad job') }) -TimeoutSec 60 } |
                Should -Throw -ExpectedMessage 'bad job'
        }

        It 'ends with NotAwaitable, naming the type, for <Scenario>' -TestCases @(
            @{ Scenario = 'a number'; Value = 5; Type = 'System.Int32' }
            @{ Scenario = 'null'; Value = $null; Type = 'null' }
        ) {
            { await $Value } | Should -Throw -ErrorId 'NotAwaitable,*' -ExpectedMessage "*$Type*"
        }

        It 'has nothing to wait for where <Scenario>, <Where>' -TestCases @(
            foreach ($where in 'in plain script', 'in a coroutine') {
                @(
                    @{ Scenario = 'a command was only asked what it would do'; Wait = { await (Start-AsyncFileWrite none.txt one -WhatIf) } }
                    @{ Scenario = 'a wildcard matches nothing'; Wait = { await (Start-AsyncFileCopy ./none-*.none ./there) } }
                    @{ Scenario = 'a pipeline has no input'; Wait = { await (@() | Start-AsyncSleep) } }
                    @{ Scenario = 'it is a value'; Wait = { $x = await (& { }); if ($null -ne $x) { 'written' } } }
                    @{ Scenario = 'it is a variable'; Wait = { $task = @() | Start-AsyncSleep; await $task } }
                    @{ Scenario = 'it is a gather'; Wait = { Wait-AsyncGather (@() | Start-AsyncSleep) } }
                    @{ Scenario = 'results are received'; Wait = { Receive-AsyncTask (@() | Start-AsyncSleep) } }
                    @{ Scenario = 'the first is waited for'; Wait = { Wait-AsyncTask -TimeoutSec 60 -Task (@() | Start-AsyncSleep) -Any } }
                    @{ Scenario = 'it is written on lines of its own'; Wait = {
                            await (
                                @() | Start-AsyncSleep
                            )
                        }
                    }
                    @{ Scenario = 'a statement stands in it'; Wait = { await $(@() | Start-AsyncSleep) } }
                ) | ForEach-Object { $_.Where = $where; $_ }
            }
        ) {
            $written = $Where -eq 'in plain script' ? @(& $Wait) : @(Start-AsyncTask $Wait -OnLoop | Wait-AsyncTask -TimeoutSec 60)
            $written | Should -BeNullOrEmpty
        }

        It 'waits for the rest of a list in which one has started nothing' {
            await (@() | Start-AsyncSleep), (New-Future -Result 5) | Should -Be 5
            { await $null, (New-Future -Result 5) } | Should -Throw -ErrorId 'NotAwaitable,*'
        }

        It 'refuses what is null, and no command that had nothing to write: <Wait>' -TestCases @(
            @{ Wait = { await $null } }
            @{ Wait = { await $noSuchVariable } }
            @{ Wait = { $table = @{}; await $table.Task } }
            @{ Wait = { $list = @($null); await $list } }
            @{ Wait = { await ($null) } }
        ) {
            $Wait | Should -Throw -ErrorId 'NotAwaitable,*'
            { await (Start-AsyncTask $Wait -OnLoop) } | Should -Throw -ErrorId 'NotAwaitable,*'
        }

        It 'refuses the task that awaits: <Scenario>' -TestCases @(
            @{ Scenario = 'await'; Wait = { await (Get-AsyncTask -Current) } }
            @{ Scenario = 'a gather'; Wait = { Wait-AsyncGather (Start-AsyncSleep 0), (Get-AsyncTask -Current) } }
            @{ Scenario = 'as they end'; Wait = { Get-AsyncTask -Current | Receive-AsyncTask } }
        ) {
            $task = Start-AsyncTask -ArgumentList "$Wait" { param($wait) & ([scriptblock]::Create($wait)) }
            { await $task -TimeoutSec 60 } | Should -Throw -ErrorId 'InvalidState*' -ExceptionType ([AsyncJobs.InvalidStateException]) -ExpectedMessage '*cannot await itself*'
        }

        It 'lets a task watch itself among others, with -Any or a limit' {
            $task = Start-AsyncTask {
                $self = Get-AsyncTask -Current
                await $self, (Start-AsyncSleep 0 -Result 'other') -Any
                @(await $self -PassThru -TimeoutSec 0.05).Count
            }
            await $task -TimeoutSec 60 | Should -Be 'other', 0
        }

        It 'writes NotAwaitable and goes on in a pipeline' {
            $written = 1, (Start-AsyncSleep 0 -Result 7) | await -ErrorAction SilentlyContinue -ErrorVariable failures
            $written | Should -Be 7
            $failures.Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'NotAwaitable,*'
        }
    }

    Context 'Errors' {
        It 'throws the task''s own error, catchable by type, with position and stack of where it happened' {
            $line = $null
            try {
                await (Start-AsyncTask {
                        function Read-It { throw [IO.EndOfStreamException]::new('short') }
                        Read-It
                    })
            }
            catch [IO.EndOfStreamException] {
                $line = $_
            }

            $line.Exception.Message | Should -Be 'short'
            $line.ScriptStackTrace | Should -BeLike '*Read-It*Wait-AsyncTask.Tests.ps1: line *'
            $line.InvocationInfo.ScriptName | Should -BeLike '*Wait-AsyncTask.Tests.ps1'
        }

        It 'ends the script as throw does, whatever the error preference' {
            $script = { $ErrorActionPreference = 'Continue'; await (Start-AsyncTask { throw 'no' }); 'went on' }
            { & $script } | Should -Throw -ExpectedMessage 'no'
        }

        It 'writes what the task wrote before it failed, then throws' {
            $written = [Collections.Generic.List[object]]::new()
            { await (Start-AsyncTask { 'early'; throw 'late' }) | ForEach-Object { $written.Add($_) } } | Should -Throw -ExpectedMessage 'late'
            $written | Should -Be 'early'
        }

        It 'throws OperationCanceledException for a stopped task, with the reason' {
            $task = Start-AsyncSleep 60
            Stop-AsyncTask $task -Reason 'no longer needed'
            { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException]) -ErrorId AsyncCanceled -ExpectedMessage '*no longer needed*'
            $task.State | Should -Be 'Stopped'
        }

        It 'names the task and keeps its input in the error record' {
            $task = 'item' | Start-AsyncTask { Start-Sleep 60 } -Name sleeper -TimeoutSec 0.05
            $failure = try { await $task -TimeoutSec 30 } catch { $_ }
            $failure.TargetObject | Should -Be 'item'
            $failure.CategoryInfo.TargetName | Should -Be 'sleeper'
        }
    }

    Context '-Any' {
        It 'writes the first to finish and leaves the others alone' {
            $slow = Start-AsyncSleep 60
            await $slow, (Start-AsyncSleep 0 -Result quick) -Any -TimeoutSec 30 | Should -Be 'quick'
            $slow.State | Should -Be 'Running'
            Stop-AsyncTask $slow
        }

        It 'writes the finished tasks with -PassThru, failed ones too' {
            $bad = Start-AsyncTask { throw 'x' }
            $slow = Start-AsyncSleep 60
            $done = await $bad, $slow -Any -PassThru -TimeoutSec 30
            $done | Should -Be $bad
            Stop-AsyncTask $slow
        }
    }

    Context '-FirstError' {
        It 'throws the first failure while others still run' {
            $slow = Start-AsyncSleep 60
            { await $slow, (Start-AsyncTask { throw 'first' }) -FirstError -TimeoutSec 30 } | Should -Throw -ExpectedMessage 'first'
            $slow.State | Should -Be 'Running'
            Stop-AsyncTask $slow
        }

        It 'waits on where one is only cancelled' {
            $cancelled, $slow = (New-Future), (Start-AsyncSleep 0.2 -Result slow)
            Complete-Future $cancelled -Cancel
            { await $slow, $cancelled -FirstError -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
            $slow.State | Should -Be 'Completed'
        }

        It 'writes all where none fails' {
            await (Start-AsyncSleep 0 -Result 1), (Start-AsyncSleep 0 -Result 2) -FirstError -TimeoutSec 30 | Should -Be 1, 2
        }
    }

    Context '-TimeoutSec' {
        It 'throws TimeoutException and cancels nothing' {
            $task = Start-AsyncSleep 60
            { await $task -TimeoutSec 0.05 } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
            $task.State | Should -Be 'Running'
            Stop-AsyncTask $task
        }

        It 'with -PassThru writes what has finished and throws nothing' {
            $slow = Start-AsyncSleep 60
            $done = Start-AsyncSleep 0
            await $slow, $done -PassThru -TimeoutSec 1 | Should -Be $done
            Stop-AsyncTask $slow
        }
    }

    Context 'Streams of thread tasks' {
        It 'brings records into the waiter''s streams, in order' {
            $all = await (Start-AsyncTask { Write-Warning w; Write-Error e; Write-Host h; 'out' }) 2>&1 3>&1 6>&1
            $all[0] | Should -BeOfType System.Management.Automation.WarningRecord
            $all[1] | Should -BeOfType System.Management.Automation.ErrorRecord
            $all[2] | Should -BeOfType System.Management.Automation.InformationRecord
            $all[3] | Should -Be 'out'
        }

        It 'obeys the waiter''s preferences' {
            $task = Start-AsyncTask { Write-Warning hidden; 'out' }
            $all = await $task -WarningAction SilentlyContinue -WarningVariable warnings 3>&1
            $all | Should -Be 'out'
            $warnings.Count | Should -Be 1
        }

        It 'writes them while the task still runs' {
            $gate = New-Future
            $task = Start-AsyncTask { Write-Warning ready; $null = ($using:gate).AsTask().Wait(30000); 'out' }
            $seen = await $task -TimeoutSec 60 3>&1 | ForEach-Object {
                if ($_ -is [System.Management.Automation.WarningRecord]) { Complete-Future $gate; 'live' } else { $_ }
            }
            $seen | Should -Be 'live', 'out'
        }
    }

    Context 'Ctrl+C' {
        BeforeEach { $session = New-TestSession }
        AfterEach { Remove-TestSession $session }

        It 'ends the wait, cancels what was awaited, and the session goes on working' {
            $elapsed = Stop-InSession $session '$task = Start-AsyncSleep 600; $signal.Set(); await $task'
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Wait-Until { (Invoke-InSession $session '$task.State') -eq 'Stopped' }
            Invoke-InSession $session 'await (Start-AsyncSleep 0 -Result works)' | Should -Be 'works'
        }

        It 'cancels nothing with -<Name>, which only watches' -TestCases @(
            @{ Name = 'Any' }
            @{ Name = 'FirstError' }
            @{ Name = 'PassThru' }
        ) {
            $null = Stop-InSession $session "`$task = Start-AsyncSleep 600; `$signal.Set(); await `$task -$Name"
            Invoke-InSession $session '$task.State' | Should -Be 'Running'
        }

        It 'stops a thread task' {
            $null = Stop-InSession $session '$task = Start-AsyncTask { Start-Sleep 600 }; $signal.Set(); await $task'
            Wait-Until { (Invoke-InSession $session '$task.State') -eq 'Stopped' }
        }
    }

    Context 'a task that is named' {
        It 'is found by -<Parameter>' -TestCases @(
            @{ Parameter = 'Id'; Get = { @{ Id = $task.Id } } }
            @{ Parameter = 'Name'; Get = { @{ Name = 'waited N*' } } }
        ) {
            $task = Start-AsyncSleep 0 -Result 5 -Name "waited $Parameter"
            $named = & $Get
            await @named | Should -Be 5
        }

        It 'may be among several, of which the first counts' {
            $tasks = 600, 0 | ForEach-Object { Start-AsyncSleep $_ -Result $_ }
            await -Id $tasks.Id -Any | Should -Be 0
            Stop-AsyncTask $tasks[0]
        }

        It 'is an error where it is not there' {
            { await -Id 2147483647 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,AsyncJobs.WaitAsyncTaskCommand'
        }
    }

    Context 'a command instead of a value' {
        It 'is told to stand in parentheses: <Script>' -TestCases @(
            @{ Script = 'await Start-AsyncSleep 1'; Right = 'await (Start-AsyncSleep 1)' }
            @{ Script = 'await Start-AsyncSleep -Seconds 1'; Right = 'await (Start-AsyncSleep -Seconds 1)' }
            @{ Script = 'Wait-AsyncTask Start-AsyncSleep'; Right = 'Wait-AsyncTask (Start-AsyncSleep)' }
            @{ Script = 'await (async { await Start-AsyncSleep 1 })'; Right = 'await (Start-AsyncSleep 1)' }
        ) {
            $failure = { & ([scriptblock]::Create($Script)) } | Should -Throw -ErrorId 'NotAwaitable,AsyncJobs.WaitAsyncTaskCommand' -PassThru
            $failure.Exception.Message | Should -BeLike "*Put the command in parentheses: $Right"
        }

        It 'is a text like any other where there is no such command' {
            $failure = { await no-such-command } | Should -Throw -ErrorId 'NotAwaitable,*' -PassThru
            $failure.Exception.Message | Should -Not -BeLike '*parentheses*'
        }

        It 'names what is too much behind a value' {
            $failure = { await (New-Future -Result 1) -Foo } | Should -Throw -ErrorId 'InvalidArgument,*' -PassThru
            $failure.Exception.Message | Should -BeLike "*'-Foo'*"
        }
    }
}
