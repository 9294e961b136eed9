BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Invoke-AsyncTaskGroup' {
    BeforeEach {
        # A thread task that fails when the block has come to its wait, which is what turns the loop.
        function Start-Failing([string] $Message = 'child') {
            $turned = New-AsyncEvent
            $null = Register-AsyncCallback -After 0 -Action { Set-AsyncEvent $turned }.GetNewClosure()
            Start-AsyncTask -ArgumentList $Message { param($message) Wait-AsyncEvent $using:turned; throw [IO.IOException]::new($message) }
        }
    }

    Context 'the block' {
        It 'runs in the caller''s scope, with the group as its $_' {
            $count = 1
            $_ = 'mine'
            Invoke-AsyncTaskGroup -Name crew { $count++; $seen = $_; return; $count = 100 }
            $count | Should -Be 2
            $seen | Should -BeOfType AsyncJobs.AsyncTaskGroup
            $seen.Name, $seen.State, $seen.Count | Should -Be 'crew', 'Ended', 0
            $_ | Should -Be 'mine'
        }

        It 'writes in order, each task as its own output' {
            $written = Invoke-AsyncTaskGroup { 'a'; Start-AsyncSleep 0.2 -Result b; Start-AsyncTask { 'c'; 'd' }; , @(1, 2); 'e' }
            $written.Count | Should -Be 6
            ($written | ForEach-Object { $_ }) -join ' ' | Should -Be 'a b c d 1 2 e'
        }

        It 'writes what it can at once' {
            $seen = [Collections.Generic.List[object]]::new()
            Invoke-AsyncTaskGroup { 'early'; $seen.Count; $null = Start-AsyncSleep 0 } | ForEach-Object { $seen.Add($_) }
            $seen | Should -Be 'early', 1
        }

        It 'leaves a task that is not of the group as it is' {
            $other = Start-AsyncSleep 60
            try {
                Invoke-AsyncTaskGroup { $other } | Should -Be $other
                $other.State | Should -Be 'Running'
            }
            finally {
                Stop-AsyncTask $other
            }
        }

        It 'waits for what a function started, also where nothing was written' {
            function Start-Quietly { $script:quiet = Start-AsyncSleep 0.2 }
            Invoke-AsyncTaskGroup { Start-Quietly } | Should -BeNullOrEmpty
            $script:quiet.State | Should -Be 'Completed'
        }

        It 'goes on with <Kind> when the tasks have ended' -TestCases @(
            @{ Kind = 'break'; Expected = 'a1', 'a2', 'end' }
            @{ Kind = 'continue'; Expected = 'a1', 'a2', 'a3', 'end' }
        ) {
            $seen = @(
                foreach ($i in 1..3) {
                    Invoke-AsyncTaskGroup {
                        Start-AsyncSleep 0.05 -Result "a$i"
                        if ($Kind -eq 'continue') { continue }
                        if ($i -eq 2) { break }
                    }
                }
                'end'
            )
            $seen | Should -Be $Expected
        }

        It 'does not hold the output of other commands up: the warnings of tasks are its own' {
            $written = Invoke-AsyncTaskGroup { Start-AsyncTask { Write-Warning 'careful'; 'x' } } -WarningVariable warnings -WarningAction SilentlyContinue
            $written | Should -Be 'x'
            $warnings | Should -Be 'careful'
        }
    }

    Context 'which tasks belong to it' {
        It 'not those that its tasks start' {
            Invoke-AsyncTaskGroup { Start-AsyncTask { (Start-AsyncSleep 60).State } } | Should -Be 'Running'
        }

        It 'not those that a callback starts while the block waits' {
            $script:foreign = $null
            Invoke-AsyncTaskGroup {
                $null = Register-AsyncCallback -After 00:00:00.01 { $script:foreign = Start-AsyncSleep 60 }
                await (Start-AsyncSleep 0.3)
            }
            $script:foreign.State | Should -Be 'Running'
            Stop-AsyncTask $script:foreign
        }

        It 'not those of Invoke-AsyncForEach, which waits for its own' {
            Invoke-AsyncTaskGroup { 1..3 | Invoke-AsyncForEach { $_ } } | Should -Be 1, 2, 3
        }

        It 'those given to it with -Group, until it has ended' {
            $script:late = $null
            $group = $null
            Invoke-AsyncTaskGroup {
                $group = $_
                $null = Register-AsyncCallback -After 00:00:00.05 { $script:late = Start-AsyncTask -Group $group { Start-Sleep -Milliseconds 300; 'late' } }
                Start-AsyncSleep 0.2 -Result first
            } | Should -Be 'first'
            $script:late.State | Should -Be 'Completed'
            { Start-AsyncTask -Group $group { 1 } } | Should -Throw -ErrorId InvalidState
        }

        It 'those that another thread adds' {
            Invoke-AsyncTaskGroup {
                $group = $_
                Start-AsyncTask { $task = Start-AsyncTask -Group $using:group { Start-Sleep -Milliseconds 200; 'inner' }; $task.Id }
            } | Should -BeOfType int
        }
    }

    Context 'failures' {
        It 'one task''s stops the others and is thrown' {
            $failure = { Invoke-AsyncTaskGroup { $script:other = Start-AsyncSleep 60; Start-Failing } } |
                Should -Throw -ExceptionType ([AsyncJobs.TaskGroupException]) -ErrorId TaskGroupFailed -PassThru
            $script:other.State | Should -Be 'Stopped'
            $failure.Exception.InnerExceptions.Count | Should -Be 1
            $failure.Exception.InnerExceptions[0] | Should -BeOfType IO.IOException
            $failure.Exception.ErrorRecords[0].InvocationInfo.ScriptLineNumber | Should -BeGreaterThan 0
            $failure.Exception.Message | Should -BeLike '*child*'
        }

        It 'cancel the block where it waits in <Scenario>' -TestCases @(
            @{ Scenario = 'await'; Wait = { await (Start-AsyncSleep 60) } }
            @{ Scenario = 'await -Any'; Wait = { Wait-AsyncTask -Any (New-Future) } }
            @{ Scenario = 'await with a limit'; Wait = { Wait-AsyncTask (New-Future) -TimeoutSec 60 } }
            @{ Scenario = 'gather'; Wait = { Start-AsyncSleep 60 | Wait-AsyncGather } }
            @{ Scenario = 'gather -ReturnExceptions'; Wait = { New-Future | Wait-AsyncGather -ReturnExceptions; 'not reached' } }
            @{ Scenario = 'receive'; Wait = { New-Future | Receive-AsyncTask } }
            @{ Scenario = 'a time-out'; Wait = { Invoke-WithTimeout 60 -Task (New-Future) } }
            @{ Scenario = 'a lock'; Wait = { $lock = New-AsyncLock; Enter-AsyncLock $lock; Enter-AsyncLock $lock } }
            @{ Scenario = 'a semaphore'; Wait = { Use-AsyncSemaphore (New-AsyncSemaphore 0) { } } }
            @{ Scenario = 'an event'; Wait = { Wait-AsyncEvent (New-AsyncEvent) } }
            @{ Scenario = 'a condition'; Wait = { $c = New-AsyncCondition; Use-AsyncLock $c.Lock { Wait-AsyncCondition $c } } }
            @{ Scenario = 'a queue'; Wait = { Receive-AsyncQueueItem (New-AsyncQueue) } }
            @{ Scenario = 'a for-each'; Wait = { 1 | Invoke-AsyncForEach { Start-Sleep 60 } } }
            @{ Scenario = 'a group inside'; Wait = { Invoke-AsyncTaskGroup { Start-AsyncSleep 60 } } }
        ) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $script:goesOn = $false
            $failure = { Invoke-AsyncTaskGroup { Start-Failing; & $Wait; $script:goesOn = $true } } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $script:goesOn | Should -BeFalse
            $failure.Exception.InnerExceptions.Message | Should -Be 'child'
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        }

        It 'the block may catch its cancellation, once, and clean up' {
            $steps = [Collections.Generic.List[string]]::new()
            $failure = {
                Invoke-AsyncTaskGroup {
                    Start-Failing
                    try { await (New-Future) } catch [OperationCanceledException] { $steps.Add('caught') } finally { $steps.Add('cleaned') }
                    await ([Threading.Tasks.Task]::Delay(50))
                    $steps.Add('went on')
                }
            } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $steps | Should -Be 'caught', 'cleaned', 'went on'
            $failure.Exception.InnerExceptions.Message | Should -Be 'child'
        }

        It 'the block''s own stops the tasks and comes last' {
            $failure = {
                Invoke-AsyncTaskGroup {
                    $group = $_
                    $script:other = Start-AsyncSleep 60
                    $null = Start-AsyncTask { throw 'child' }
                    Wait-Until { $group.State -ne 'Running' }
                    throw [InvalidOperationException]::new('block')
                }
            } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $failure.Exception.InnerExceptions.Message | Should -Be 'child', 'block'
            $failure.Exception.InnerExceptions[1] | Should -BeOfType InvalidOperationException
            $script:other.State | Should -Be 'Stopped'
        }

        It 'do not interrupt a block that waits for nothing, but it starts no more tasks' {
            $script:reached = $script:notReached = $false
            $failure = {
                Invoke-AsyncTaskGroup {
                    $group = $_
                    $null = Start-AsyncTask { throw 'child' }
                    Wait-Until { $group.State -ne 'Running' }
                    $script:reached = $true
                    Start-AsyncSleep 60
                    $script:notReached = $true
                }
            } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $script:reached, $script:notReached | Should -Be $true, $false

            # That the block was refused another task is only a consequence, and not told of.
            $failure.Exception.ErrorRecords.Exception.Message | Should -Be 'child'
        }

        It 'a stopped task is none' {
            Invoke-AsyncTaskGroup {
                $task = Start-AsyncSleep 60
                $null = Register-AsyncCallback -After 00:00:00.05 { Stop-AsyncTask $task }
                Start-AsyncSleep 0.2 -Result rest
            } | Should -Be 'rest'
        }

        It 'what was written before is written first' {
            $seen = [Collections.Generic.List[object]]::new()
            {
                Invoke-AsyncTaskGroup { 'a'; Start-AsyncTask { 'b'; throw 'late' } } | ForEach-Object { $seen.Add($_) }
            } | Should -Throw -ErrorId TaskGroupFailed
            $seen | Should -Be 'a', 'b'
        }

        It 'are not reported as lost' {
            $session = New-TestSession
            try {
                $null = Invoke-InSession $session 'try { Invoke-AsyncTaskGroup { Start-AsyncTask { throw "x" } } } catch { "caught" }'
                Invoke-InSession $session 'Get-AsyncTask 3>&1' | Should -BeNullOrEmpty
            }
            finally {
                Remove-TestSession $session
            }
        }
    }

    Context 'nested' {
        It 'the inner one''s failure is caught around it, and the outer goes on' {
            Invoke-AsyncTaskGroup {
                Start-AsyncSleep 0.3 -Result outer
                try { Invoke-AsyncTaskGroup { Start-Failing; await (New-Future) } } catch { $_.FullyQualifiedErrorId }
                await (Start-AsyncSleep 0.05 -Result 'still there')
            } | Should -Be 'outer', 'TaskGroupFailed', 'still there'
        }

        It 'the inner one''s exception is one of the outer''s' {
            $failure = { Invoke-AsyncTaskGroup { $script:other = Start-AsyncSleep 60; Invoke-AsyncTaskGroup { Start-Failing inner } } } |
                Should -Throw -ErrorId TaskGroupFailed -PassThru
            $failure.Exception.InnerExceptions[0] | Should -BeOfType AsyncJobs.TaskGroupException
            $failure.Exception.InnerExceptions[0].InnerExceptions.Message | Should -Be 'inner'
            $script:other.State | Should -Be 'Stopped'
        }

        It 'the outer one''s failure stops the inner, and is not taken for the inner''s own' {
            $failure = { Invoke-AsyncTaskGroup { Start-Failing outer; Invoke-AsyncTaskGroup { $script:other = Start-AsyncSleep 60 }; 'not reached' } } |
                Should -Throw -ErrorId TaskGroupFailed -PassThru
            $failure.Exception.InnerExceptions.Message | Should -Be 'outer'
            $script:other.State | Should -Be 'Stopped'
        }

        It 'a time-out inside throws its own error, and the group has it' {
            $failure = { Invoke-AsyncTaskGroup { Start-AsyncSleep 60; Invoke-WithTimeout 0.1 -Task (New-Future) } } | Should -Throw -ErrorId TaskGroupFailed -PassThru
            $failure.Exception.InnerExceptions[0] | Should -BeOfType TimeoutException
        }

        It 'a time-out around stops block and tasks' {
            { Invoke-WithTimeout 1 { Invoke-AsyncTaskGroup { Start-AsyncSleep 60; await (New-Future) } } } | Should -Throw -ExceptionType ([TimeoutException])
        }
    }

    Context 'Ctrl+C' {
        BeforeEach { $session = New-TestSession }
        AfterEach { Remove-TestSession $session }

        It 'ends <Scenario> and stops the tasks' -TestCases @(
            @{ Scenario = 'the wait for the tasks'; Block = '$global:task = Start-AsyncSleep 600; $signal.Set()' }
            @{ Scenario = 'a wait of the block'; Block = '$global:task = Start-AsyncSleep 600; $signal.Set(); await (New-Future)' }
            @{ Scenario = 'the block'; Block = '$global:task = Start-AsyncSleep 600; $signal.Set(); Start-Sleep 600' }
        ) {
            $elapsed = Stop-InSession $session "Invoke-AsyncTaskGroup { $Block }"
            $elapsed.TotalSeconds | Should -BeLessThan 5
            Wait-Until { (Invoke-InSession $session '$task.State') -eq 'Stopped' }

            # What is started afterwards is in no group.
            Invoke-InSession $session 'await (Start-AsyncTask { "free" })' | Should -Be 'free'
        }

        It 'a later command that has had enough does the same' {
            Invoke-InSession $session 'Invoke-AsyncTaskGroup { $global:task = Start-AsyncSleep 600; 1; 2 } | Select-Object -First 1' | Should -Be 1
            Wait-Until { (Invoke-InSession $session '$task.State') -eq 'Stopped' }
        }

        It 'exit stops the tasks and ends the script with its code' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
            Invoke-PowerShell -Command "Import-Module '$module'; Invoke-AsyncTaskGroup { Start-AsyncSleep 600; exit 7 }; 'not reached'" | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 7
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
        }
    }
}
