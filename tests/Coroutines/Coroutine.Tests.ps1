BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    function Get-Doubled($Number) { await (Start-AsyncSleep 0); 2 * $Number }
}

Describe 'Coroutines' {
    Context 'Kind' {
        It 'is <Expected> for <Block>' -TestCases @(
            @{ Block = { await (Start-AsyncSleep 0) }; Expected = 'Coroutine' }
            @{ Block = { if ($false) { Wait-AsyncGather @() } }; Expected = 'Coroutine' }
            @{ Block = { trap { await (Start-AsyncSleep 0) } 1 }; Expected = 'Coroutine' }
            @{ Block = { 1 }; Expected = 'Thread' }
            @{ Block = { & { await (Start-AsyncSleep 0) } }; Expected = 'Coroutine' }
            @{ Block = { & { 1 } }; Expected = 'Thread' }
        ) {
            $task = Start-AsyncTask $Block
            $task.Kind | Should -Be $Expected
            $null = await $task
        }

        It 'is what -OnLoop and -OnThread say' {
            (Start-AsyncTask { 1 } -OnLoop).Kind | Should -Be Coroutine
            (Start-AsyncTask { await (Start-AsyncSleep 0) } -OnThread).Kind | Should -Be Thread
            { Start-AsyncTask { 1 } -OnLoop -OnThread } | Should -Throw -ErrorId 'InvalidArgument*'
        }

        It 'starts a function, by block and by name' {
            await (Start-AsyncTask ${function:Get-Doubled} -ArgumentList 4) | Should -Be 8
            await (Start-AsyncTask Get-Doubled -ArgumentList 5) | Should -Be 10
        }
    }

    Context 'Running' {
        It 'runs up to the first wait before the cmdlet returns' {
            $list = [Collections.ArrayList]::new()
            $task = Start-AsyncTask { $list.Add('first'); await (Start-AsyncSleep 0.01); $list.Add('second') }
            $list | Should -Be 'first'
            $null = await $task
            $list | Should -Be 'first', 'second'
        }

        It 'lets ten thousand wait at once on no thread of their own' {
            $before = [Diagnostics.Process]::GetCurrentProcess().Threads.Count
            $tasks = 1..10000 | Start-AsyncTask { await (Start-AsyncSleep 0.2); $_ }
            [Diagnostics.Process]::GetCurrentProcess().Threads.Count | Should -BeLessThan ($before + 30)
            ($tasks | Wait-AsyncGather | Measure-Object -Sum).Sum | Should -Be 50005000
        }

        It 'awaits <Count> finished tasks without growing' -TestCases @{ Count = 20000 } {
            $future = New-Future
            $future.SetResult(1)
            await (Start-AsyncTask { $n = 0; for ($i = 0; $i -lt $Count; $i++) { $n += await $future }; $n } -WarningAction SilentlyContinue) | Should -Be $Count
        }

        It 'keeps captured variables as they were, and assignments to itself' {
            $value = 'then'
            $task = Start-AsyncTask { await (Start-AsyncSleep 0.01); $value; $value = 'own'; $value }
            $value = 'now'
            await $task | Should -Be 'then', 'own'
            $value | Should -Be 'now'
        }

        It 'takes along the functions of the function that starts it, and those that they call' {
            function Start-Greeting($name) {
                function Get-Ending { '!' }
                function Get-Greeting($to) { "hello $to$(Get-Ending)" }
                Start-AsyncTask { Get-Greeting $name; await (Start-AsyncSleep 0.01); Get-Greeting again }
            }
            $task = Start-Greeting you
            Get-Command Get-Greeting -ErrorAction Ignore | Should -BeNullOrEmpty
            await $task | Should -Be 'hello you!', 'hello again!'
        }

        It 'holds a semaphore across a wait, and gives it back' {
            $semaphore = New-AsyncSemaphore 1
            $tasks = 1..3 | Start-AsyncTask { Use-AsyncSemaphore $semaphore { $held = $semaphore.CurrentCount; await (Start-AsyncSleep 0.01) }; $held }
            $tasks | Wait-AsyncGather | Should -Be 0, 0, 0
            $semaphore.CurrentCount | Should -Be 1
        }
    }

    Context 'Given to a function of a module' {
        BeforeAll {
            $file = Join-Path $TestDrive RunsGiven.psm1
            Set-Content $file {
                function Invoke-GivenBlock([scriptblock] $given, [switch] $plainly) { $seen = 'inside'; if ($plainly) { & $given } else { await (Start-AsyncTask $given) } }
                function Get-GivenSuffix { 'inside' }
                Export-ModuleMember Invoke-GivenBlock
            }
            Import-Module $file
        }
        AfterAll { Remove-Module RunsGiven }

        It 'sees what its writer sees, and nothing of the module' {
            function Get-GivenSuffix { "suffix $seen" }
            $seen = 'outside'
            $block = { "$seen $(Get-GivenSuffix)"; await (Start-AsyncSleep 0); "$seen $(Get-GivenSuffix)"; $seen = 'own'; $seen }
            Invoke-GivenBlock $block | Should -Be (Invoke-GivenBlock $block -plainly)
            $seen | Should -Be 'outside'
        }
    }

    Context 'Errors' {
        It 'fails at an error that ends its statement, <Where>' -TestCases @(
            @{ Where = 'before the first await'; Block = { 'written'; 1 / 0; 'no'; await (Start-AsyncSleep 0) } }
            @{ Where = 'behind it'; Block = { 'written'; await (Start-AsyncSleep 0); 1 / 0; 'no' } }
            @{ Where = 'in a function it calls'; Block = { function Invoke-It { 1 / 0; 'no' } 'written'; await (Start-AsyncSleep 0); Invoke-It; 'no' } }
            @{ Where = 'whatever the preference'; Block = { $ErrorActionPreference = 'SilentlyContinue'; 'written'; await (Start-AsyncSleep 0); 1 / 0; 'no' } }
        ) {
            # Not in a try, in one, and where a nested turn of the loop runs the step.
            $task = Start-AsyncTask $Block
            $written = & { try { await $task } catch [DivideByZeroException] { "caught $($_.InvocationInfo.Line.Trim())" } }
            $written | Should -Be 'written', "caught $($Block.Ast.Extent.StartScriptPosition.Line.Trim())"
            $task.State | Should -Be 'Failed'
            $inner = Start-AsyncTask { & { $list = , 1; $list.ForEach({ await (Start-AsyncTask $Block -Name inner) }) } }
            { await $inner -TimeoutSec 60 } | Should -Throw '*divide by zero*'
            (Start-AsyncTask $Block | Wait-AsyncGather -ReturnExceptions).GetBaseException() | Should -BeOfType DivideByZeroException
            (Wait-AsyncTask (Start-AsyncTask $Block) -PassThru).State | Should -Be 'Failed'
        }

        It 'goes on where a trap or an inner try says so, and behind errors that end nothing' {
            $output = await (Start-AsyncTask {
                    trap { "trapped $_"; continue }
                    await (Start-AsyncSleep 0)
                    [int] 'x'
                    try { 1 / 0 } catch { 'caught' }
                    Get-Item "$TestDrive/nothing" -ErrorAction Continue
                    'end'
                }) 2>$null
            $output | Should -Be 'trapped Cannot convert value "x" to type "System.Int32". Error: "The input string ''x'' was not in a correct format."', 'caught', 'end'
        }

        It 'writes the errors that end nothing before it fails, and has each once in $Error' {
            $Error.Clear()
            $failure = try { await (Start-AsyncTask { await (Start-AsyncSleep 0); Write-Error 'first'; 1 / 0 }) 2>$null } catch { $_ }
            $failure | Should -BeLike 'Attempted to divide by zero.'
            $Error.ForEach{ "$_" } | Should -Be 'Attempted to divide by zero.', 'first'
        }

        It 'ends at a cancellation that it does not catch, whatever the preference' {
            $task = Start-AsyncTask { $ErrorActionPreference = 'SilentlyContinue'; await (Start-AsyncSleep 60); 'no' }
            Stop-AsyncTask $task
            { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
            $task.State | Should -Be 'Stopped'
        }

        It 'leaves the body of a lock, and that of a group, as the coroutine' {
            $lock = New-AsyncLock
            { await (Start-AsyncTask { Use-AsyncLock $lock { await (Start-AsyncSleep 0); 1 / 0; 'no' }; 'no' }) } | Should -Throw '*divide by zero*'
            $lock.IsLocked | Should -BeFalse
            { await (Start-AsyncTask { Invoke-AsyncTaskGroup { await (Start-AsyncSleep 0); 1 / 0; 'no' }; 'no' }) } | Should -Throw -ExceptionType ([AsyncJobs.TaskGroupException])
        }

        It 'keeps what was written before it failed, and where it failed' {
            $inner = { await (Start-AsyncSleep 0); throw [IO.IOException] 'deep' }
            $middle = { await (Start-AsyncTask $inner) }
            $task = Start-AsyncTask { 'before'; await (Start-AsyncTask $middle) }
            $written = try { await $task } catch [IO.IOException] { $record = $_ }
            $written | Should -Be 'before'
            $record.ScriptStackTrace | Should -BeLike "*$($inner.File): line $($inner.StartPosition.StartLine)*"
            $record.InvocationInfo.Line | Should -BeLike '*deep*'
        }

        It 'refuses <What> when the task starts' -TestCases @(
            @{ What = '$PSCmdlet'; Block = { [CmdletBinding()] param() await 1; $PSCmdlet } }
            @{ What = 'a class in a block of no script'; Block = [scriptblock]::Create('await 1; class C { }') }
            @{ What = 'a class that is named as text'; Block = { class C { }; await 1; New-Object C } }
        ) {
            { Start-AsyncTask $Block -OnLoop:([bool] $OnLoop) } | Should -Throw -ErrorId 'CoroutineNotSupported*' -ExpectedMessage '*line*-OnThread*'
        }
    }

    Context 'Named blocks' {
        It 'run once each, process with the object of the pipeline, and clean last' {
            $seen = [Collections.ArrayList]::new()
            $tasks = 1..2 | Start-AsyncTask { begin { $n = 0 } process { $n += $_; await (Start-AsyncSleep 0) } end { "n $n" } clean { $seen.Add("clean $n") } }
            $tasks | Wait-AsyncGather | Should -Be 'n 1', 'n 2'
            $seen | Should -Be 'clean 1', 'clean 2'
        }

        It 'run clean where the task is stopped' {
            $seen = [Collections.ArrayList]::new()
            $task = Start-AsyncTask { begin { $seen.Add('begin') } end { await (Start-AsyncSleep 100); $seen.Add('no') } clean { $seen.Add('clean') } }
            Stop-AsyncTask $task
            { await $task } | Should -Throw -ExceptionType ([OperationCanceledException])
            $seen | Should -Be 'begin', 'clean'
        }
    }

    Context 'Cancellation' {
        It 'comes at the wait; finally may await' {
            $seen = [Collections.ArrayList]::new()
            $task = Start-AsyncTask { try { await (Start-AsyncSleep 100) } catch { $seen.Add($_.Exception.GetType().Name); throw } finally { await (Start-AsyncSleep 0.01); $seen.Add('finally') } }
            Stop-AsyncTask $task
            { await $task } | Should -Throw -ExceptionType ([OperationCanceledException])
            $task.State | Should -Be Stopped
            $seen | Should -Be 'OperationCanceledException', 'finally'
        }

        It 'that is swallowed leaves a result, and may come again' {
            $task = Start-AsyncTask { try { await (Start-AsyncSleep 100) } catch { 'swallowed' }; await (Start-AsyncSleep 100) }
            Stop-AsyncTask $task
            { await $task -TimeoutSec 0.1 } | Should -Throw -ExceptionType ([TimeoutException])
            Stop-AsyncTask $task
            { await $task } | Should -Throw -ExceptionType ([OperationCanceledException])
        }

        It 'by -TimeoutSec fails the task' {
            $task = Start-AsyncTask { await (Start-AsyncSleep 100) } -TimeoutSec 0.05
            { await $task } | Should -Throw -ExceptionType ([TimeoutException])
        }

        It 'by Ctrl+C ends a step that never would' {
            $session = New-TestSession
            try {
                Stop-InSession $session '$t = Start-AsyncTask { await (Start-AsyncSleep 0.01); $signal.Set(); while ($true) { } }; try { await $t } catch { }' |
                    Should -BeLessThan ([TimeSpan]::FromSeconds(5))
            }
            finally {
                Remove-TestSession $session
            }
        }
    }
}
