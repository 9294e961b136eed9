BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Start-AsyncTask' {
    Context 'What the block gets' {
        It 'gives a process block its object, on <Where>: <Block>' -TestCases @(
            foreach ($where in 'OnThread', 'OnLoop') {
                @{ Where = $where; Block = { process { "p$_" } }; Gives = 'p1', 'p2' }
                @{ Where = $where; Block = { begin { 'b' } process { "p$_" } end { 'e' } clean { } }; Gives = 'b', 'p1', 'e', 'b', 'p2', 'e' }
                @{ Where = $where; Block = { param($a) process { "p$_$a" } }; Gives = 'p1x', 'p2x' }
                @{ Where = $where; Block = { "e$_" }; Gives = 'e1', 'e2' }
            }
        ) {
            $how = @{ $Where = $true }
            $arguments = if ("$Block" -like '*$a*') { @{ ArgumentList = 'x' } } else { @{} }
            1, 2 | Start-AsyncTask @how @arguments $Block | Wait-AsyncTask | Should -Be $Gives
            1, 2 | Invoke-AsyncForEach @how @arguments $Block | Should -Be $Gives
        }

        It 'gives a process block of a thread task $input, and parameters that take the pipeline' {
            7 | Start-AsyncTask { process { "[$input]" } } | Wait-AsyncTask | Should -Be '[7]'
            , @(1, 2) | Start-AsyncTask { process { "$($_.Count) [$(@($input).Count)]" } } | Wait-AsyncTask | Should -Be '2 [1]'
            7 | Start-AsyncTask { param([Parameter(ValueFromPipeline)] $Value) process { "$Value $_" } } | Wait-AsyncTask | Should -Be '7 7'
            $null | Start-AsyncTask { process { "[$($null -eq $_)]" } } | Wait-AsyncTask | Should -Be '[True]'
            function Get-Twice { process { $_ * 2 } }
            4 | Start-AsyncTask ${function:Get-Twice} | Wait-AsyncTask | Should -Be 8
            9 | ForEach-Object { Start-AsyncTask -OnThread { process { "none [$_]" } } | Wait-AsyncTask } | Should -Be 'none []'
        }

        It 'passes -ArgumentList to param' {
            await (Start-AsyncTask { param($a, $b) "$a-$b" } -ArgumentList 1, 2) | Should -Be '1-2'
        }

        It 'passes -ArgumentList to $args, nulls and arrays kept' {
            await (Start-AsyncTask { $args.Count; $args[1].Count } -ArgumentList $null, @(1, 2, 3)) | Should -Be 2, 3
        }

        It 'binds pipeline input to $_, one task each, $null included' {
            $tasks = 1, $null, 3 | Start-AsyncTask { "<$_>" }
            $tasks.Count | Should -Be 3
            $tasks | Wait-AsyncGather | Should -Be '<1>', '<>', '<3>'
            $tasks[0].InputObject | Should -Be 1
        }

        It 'starts nothing for empty input' {
            @(@() | Start-AsyncTask { 1 }).Count | Should -Be 0
        }

        It 'reads $using: <Scenario>' -TestCases @(
            @{ Scenario = 'variables'; Block = { $using:number + 1 }; Expected = 42 }
            @{ Scenario = 'members'; Block = { $using:config.Name }; Expected = 'conf' }
            @{ Scenario = 'elements'; Block = { $using:list[1] }; Expected = 'b' }
            @{ Scenario = 'in nested blocks'; Block = { & { $using:number } }; Expected = 41 }
            @{ Scenario = 'in strings'; Block = { "n=$($using:number)" }; Expected = 'n=41' }
        ) {
            $number = 41
            $config = @{ Name = 'conf' }
            $list = 'a', 'b'
            $number, $config, $list | Out-Null
            await (Start-AsyncTask $Block) | Should -Be $Expected
        }

        It 'takes $using: values as they were when the task started' {
            $value = 'then'
            $assigned = [Threading.ManualResetEventSlim]::new()
            $task = Start-AsyncTask { $null = ($using:assigned).Wait(60000); $using:value }
            $value = 'now'
            $assigned.Set()
            await $task | Should -Be 'then'
            $value | Should -Be 'now'
        }

        It 'takes the location and preferences of its caller along' {
            Push-Location $TestDrive
            try {
                $ErrorActionPreference = 'Stop'
                await (Start-AsyncTask { $PWD.ProviderPath; $ErrorActionPreference }) | Should -Be $PWD.ProviderPath, 'Stop'
            }
            finally {
                Pop-Location
            }
        }

        It 'shares nothing with the task that used its runspace before' {
            await (Start-AsyncTask { $leak = 1; $global:leak = 2; Set-Location / })
            await (Start-AsyncTask { "<$leak>" }) | Should -Be '<>'
            await (Start-AsyncTask { $PWD.Path }) | Should -Be $PWD.ProviderPath
        }

        It 'can use the module''s own cmdlets and semaphores of the caller' {
            $semaphore = New-AsyncSemaphore 1
            $task = Start-AsyncTask { Use-AsyncSemaphore $using:semaphore { await (Start-AsyncSleep 0 -Result 5) } }
            await $task -TimeoutSec 60 | Should -Be 5
            $semaphore.CurrentCount | Should -Be 1
        }
    }

    Context 'Errors' {
        It 'fails when its arguments do not fit its param: <Scenario>' -TestCases @(
            @{ Scenario = 'a value of the wrong type'; Block = { param([int] $Number) $Number }; Arguments = 'abc' }
            @{ Scenario = 'a mandatory one missing'; Block = { param([Parameter(Mandatory)] $Name) $Name }; Arguments = @() }
        ) {
            $task = Start-AsyncTask $Block -ArgumentList $Arguments
            { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([Management.Automation.ParameterBindingException])
            $task.State | Should -Be 'Failed'
        }

        It 'fails at an error that ends its statement: <Statement>' -TestCases @(
            @{ Statement = '1 / 0'; Id = 'RuntimeException' }
            @{ Statement = '[int] "x"'; Id = 'InvalidCastFromStringToInteger' }
            @{ Statement = '"x".Nope()'; Id = 'MethodNotFound' }
            @{ Statement = 'Get-Item -NoSuchParameter'; Id = 'NamedParameterNotFound,Microsoft.PowerShell.Commands.GetItemCommand' }
            @{ Statement = 'Get-NoSuchThing'; Id = 'CommandNotFoundException' }
            @{ Statement = '"{bad" | ConvertFrom-Json'; Id = 'System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand' }
            @{ Statement = '$ErrorActionPreference = "SilentlyContinue"; 1 / 0'; Id = 'RuntimeException' }
            @{ Statement = 'function Invoke-It { 1 / 0; "no" } Invoke-It'; Id = 'RuntimeException' }
        ) {
            foreach ($kind in @{ OnThread = $true }, @{ OnLoop = $true }) {
                $task = Start-AsyncTask ([scriptblock]::Create("'written'; Write-Error 'also'; $Statement; 'no'")) @kind 2>$null
                $written, $failure = try { await $task -TimeoutSec 60 -ErrorAction SilentlyContinue 2>$null } catch { $_ }
                $written | Should -Be 'written'
                $failure.FullyQualifiedErrorId | Should -Be $Id
                $task.State | Should -Be 'Failed'
            }
        }

        It 'goes on where a trap or a try of the block says so' {
            await (Start-AsyncTask -OnThread { trap { 'trapped'; continue } 1 / 0; try { [int] 'x' } catch { 'caught' }; 'end' }) | Should -Be 'trapped', 'caught', 'end'
        }

        It 'shows what was written before it failed, errors too' {
            $task = Start-AsyncTask -OnThread { 'out'; Write-Error 'not the end'; 1 / 0 }
            $out = try { await $task -TimeoutSec 60 -ErrorAction SilentlyContinue -ErrorVariable written } catch [DivideByZeroException] { 'failed' }
            $out | Should -Be 'out', 'failed'
            "$written" | Should -BeLike '*not the end*'
        }

        It 'tries again after an error that ends its statement' {
            $tries = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $once = { $tries.Enqueue(1); if ($tries.Count -lt 3) { Invoke-RestMethod 'http://127.0.0.1:9/' -TimeoutSec 5 }; "after $($tries.Count)" }
            await (Start-AsyncTask -OnThread $once -MaximumRetryCount 3 -RetryIntervalSec 0.01) -TimeoutSec 60 | Should -Be 'after 3'
            $tries.Clear()
            await (Start-AsyncTask -OnLoop $once -MaximumRetryCount 3 -RetryIntervalSec 0.01) -TimeoutSec 60 | Should -Be 'after 3'
        }

        It 'ends a script that runs again and again with -Every at its first error' {
            $runs = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $task = Start-AsyncTask -OnThread -Every 0:0:0.01 -Count 5 { $runs.Enqueue(1); 1 / 0 }
            { await $task -TimeoutSec 60 } | Should -Throw '*divide by zero*'
            $runs.Count | Should -Be 1
        }

        It 'ends at the first error where the caller''s preference says so' {
            $ErrorActionPreference = 'Stop'
            { await (Start-AsyncTask { Get-Item "$TestDrive/nothing"; 'after' }) } | Should -Throw -ErrorId 'PathNotFound*'
        }

        It 'puts the task''s name into the record' {
            $failure = try { await (Start-AsyncTask { throw 'x' } -Name worker) } catch { $_ }
            $failure.CategoryInfo.TargetName | Should -Be 'worker'
        }
    }

    Context 'The task' {
        It 'gives the result that a variable would have: <Count> for <Block>' -TestCases @(
            foreach ($kind in 'OnThread', 'OnLoop') {
                @{ Kind = $kind; Count = 0; Block = { } }
                @{ Kind = $kind; Count = 0; Block = { $x = 1 } }
                @{ Kind = $kind; Count = 1; Block = { $null } }
                @{ Kind = $kind; Count = 1; Block = { 1 } }
                @{ Kind = $kind; Count = 2; Block = { 1; 2 } }
            }
        ) {
            $how = @{ $Kind = $true }
            $task = Start-AsyncTask @how $Block
            $null = await $task
            @($task.GetResult()).Count | Should -Be $Count
            $x = & $Block
            @($x).Count | Should -Be $Count
            ($null -eq $task.GetResult()) | Should -Be ($null -eq $x)
        }

        It 'has a kind, a name, an id, an origin and states' {
            $task = Start-AsyncTask { 'x' } -Name worker
            $task.Kind | Should -Be 'Thread'
            $task.Name | Should -Be 'worker'
            $task.Id | Should -BeGreaterThan 0
            $task.Origin | Should -BeLike '*Start-AsyncTask.Tests.ps1:*'
            await $task | Out-Null
            $task.State | Should -Be 'Completed'
            $task.IsCompleted | Should -BeTrue
            $task.Result | Should -Be 'x'
            $task.GetResult() | Should -Be 'x'
            $task.Duration | Should -BeGreaterThan ([timespan]::Zero)
        }

        It 'collapses its result as an assignment would' {
            (await (Start-AsyncTask { }) -PassThru).Result | Should -Be $null
            (await (Start-AsyncTask { 1 }) -PassThru).Result | Should -Be 1
            (await (Start-AsyncTask { 1; 2 }) -PassThru).Result | Should -Be 1, 2
        }

        It 'throws InvalidStateException for a result that is not there yet' {
            $task = Start-AsyncSleep 60
            $caught = try { $task.GetResult() } catch [AsyncJobs.InvalidStateException] { 'invalid state' }
            $caught | Should -Be 'invalid state'
            Stop-AsyncTask $task
        }

        It 'is completed by its own work alone' {
            $task = Start-AsyncSleep 60
            $caught = try { $task.SetResult(1) } catch [AsyncJobs.InvalidStateException] { 'invalid state' }
            $caught | Should -Be 'invalid state'
            { Complete-Future $task -Result 1 } | Should -Throw -ErrorId 'InvalidState,*'
            $task.State | Should -Be 'Running'
            Stop-AsyncTask $task
        }
    }

    Context 'Limits' {
        It 'runs at most -ThrottleLimit at once' {
            $counter = [hashtable]::Synchronized(@{ Now = 0; Most = 0; Three = [Threading.Barrier]::new(3) })
            $null = 1..12 | Start-AsyncTask {
                $c = $using:counter
                [Threading.Monitor]::Enter($c.SyncRoot)
                $c.Now++; if ($c.Now -gt $c.Most) { $c.Most = $c.Now }
                [Threading.Monitor]::Exit($c.SyncRoot)
                $null = $c.Three.SignalAndWait(60000)
                Start-Sleep -Milliseconds 30
                [Threading.Monitor]::Enter($c.SyncRoot); $c.Now--; [Threading.Monitor]::Exit($c.SyncRoot)
            } -ThrottleLimit 3 | Wait-AsyncGather -TimeoutSec 60
            $counter.Most | Should -Be 3
        }

        It 'holds -Semaphore while it runs, and gives it back however it ends' {
            $semaphore = New-AsyncSemaphore 2
            $tasks = 1..6 | Start-AsyncTask { if ($_ % 2) { throw 'odd' }; (Start-Sleep -Milliseconds 20) } -Semaphore $semaphore
            $null = $tasks | Wait-AsyncGather -ReturnExceptions -TimeoutSec 60
            $semaphore.CurrentCount | Should -Be 2
        }

        It 'fails past -TimeoutSec, counted from when it runs' {
            $tasks = 1..3 | Start-AsyncTask { Start-Sleep -Milliseconds 100; $_ } -ThrottleLimit 1 -TimeoutSec 20
            $tasks | Wait-AsyncGather | Should -Be 1, 2, 3

            $late = Start-AsyncTask { Start-Sleep 60 } -TimeoutSec 0.1
            { await $late -TimeoutSec 30 } | Should -Throw -ExceptionType ([TimeoutException]) -ErrorId AsyncTimeout
            $late.State | Should -Be 'Failed'
        }

        It 'tries again as often as -MaximumRetryCount says' {
            $tries = [hashtable]::Synchronized(@{ Count = 0 })
            $task = Start-AsyncTask { $t = $using:tries; $t.Count++; if ($t.Count -lt 3) { throw 'not yet' }; 'ok' } -MaximumRetryCount 5 -RetryIntervalSec 0.01
            await $task -TimeoutSec 60 | Should -Be 'ok'
            $task.Attempts | Should -Be 3
        }
    }

    Context 'Stopping' {
        It 'stops a pipeline that sleeps, and its runspace serves the next task' {
            $task = Start-AsyncTask { Start-Sleep 600 }
            Stop-AsyncTask $task
            { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
            Wait-Until { (Get-AsyncLoop).AbandonedThreads -eq 0 }
        }

        It 'never starts a block that was stopped first' {
            foreach ($round in 1..20) {
                $ran = [hashtable]::Synchronized(@{ Count = 0 })
                $task = Start-AsyncTask { ($using:ran).Count++; Start-Sleep 600 }
                Stop-AsyncTask $task
                { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
                $task.State | Should -Be 'Stopped'
            }
        }

        It 'abandons a thread that cannot be stopped, counts it, and counts it no more once it has come back' {
            $release = [Threading.ManualResetEvent]::new($false)
            $before = (Get-AsyncLoop).AbandonedThreads
            $begun = [Threading.ManualResetEvent]::new($false)
            $task = Start-AsyncTask { $null = [Threading.WaitHandle]::SignalAndWait($using:begun, $using:release, 60000, $false) }
            $begun.WaitOne(60000) | Should -BeTrue
            Stop-AsyncTask $task
            { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([OperationCanceledException])
            (Get-AsyncLoop).AbandonedThreads | Should -Be ($before + 1)
            $null = $release.Set()
            Wait-Until { (Get-AsyncLoop).AbandonedThreads -eq $before }
        }

        It 'runs finally blocks' {
            $marks = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            $task = Start-AsyncTask { try { ($using:marks).Enqueue('in'); Start-Sleep 600 } finally { ($using:marks).Enqueue('out') } }
            Wait-Until { $marks.Count -gt 0 }
            Stop-AsyncTask $task
            { await $task -TimeoutSec 30 } | Should -Throw
            $marks | Should -Be 'in', 'out'
        }
    }

    Context 'Leftovers' {
        BeforeEach { $session = New-TestSession }
        AfterEach { Remove-TestSession $session }

        It 'Remove-Module stops what is left and gives the runspaces back' {
            $before = (Get-Runspace).Count
            Invoke-InSession $session '$sleep = Start-AsyncSleep 600
                $begun = [Threading.CountdownEvent]::new(5)
                $tasks = 1..5 | Start-AsyncTask { $null = ($using:begun).Signal(); Start-Sleep 600 }
                $begun.Wait(60000)' -TimeoutSec 90 | Should -BeTrue
            (Get-Runspace).Count | Should -BeGreaterThan $before
            Invoke-InSession $session 'Remove-Module AsyncJobs'
            Wait-Until { (Invoke-InSession $session '$sleep.State') -eq 'Stopped' }
            Wait-Until { (Invoke-InSession $session '@($tasks | Where-Object State -eq Stopped).Count') -eq 5 }
            Wait-Until { (Get-Runspace).Count -le $before }
        }

        It 'closing the session stops what is left' {
            $before = (Get-Runspace).Count
            $tasks = Invoke-InSession $session 'Start-AsyncSleep 600
                $begun = [Threading.CountdownEvent]::new(3)
                1..3 | Start-AsyncTask { $null = ($using:begun).Signal(); Start-Sleep 600 }
                $null = $begun.Wait(60000)' -TimeoutSec 90
            $session.Close()
            Wait-Until { @($tasks | Where-Object { $_.State -eq 'Stopped' }).Count -eq 4 }
            Wait-Until { (Get-Runspace).Count -lt $before }
        }
    }

    Context 'periodic' {
        It 'runs at once and -Count times, one after the other' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $task = Start-AsyncTask { 'run'; Start-Sleep -Milliseconds 30 } -Every 00:00:00.2 -Count 3
            await $task | Should -Be 'run', 'run', 'run'
            $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.35
        }

        It 'goes on until it is stopped, and has the output of the last run' {
            $runs = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $task = Start-AsyncTask { ($using:runs).Enqueue(1); ($using:runs).Count } -Every 00:00:00.02
            Wait-Until { $runs.Count -ge 3 }
            $task.State | Should -Be 'Running'
            Stop-AsyncTask $task -Reason enough
            $written = [Collections.Generic.List[int]]::new()
            { await $task | ForEach-Object { $written.Add($_) } } | Should -Throw -ExceptionType ([OperationCanceledException]) -ExpectedMessage '*enough*'
            $written.Count | Should -BeLessOrEqual 1
        }

        It 'ends with a run that fails, after what the others wrote' {
            $runs = [Collections.Concurrent.ConcurrentQueue[int]]::new()
            $task = Start-AsyncTask { ($using:runs).Enqueue(1); if (($using:runs).Count -eq 3) { throw 'third' }; ($using:runs).Count } -Every 00:00:00.02 -Count 10
            $written = [Collections.Generic.List[int]]::new()
            { await $task | ForEach-Object { $written.Add($_) } } | Should -Throw third
            $written | Should -Be 1, 2
        }

        It 'refuses <Scenario>' -TestCases @(
            @{ Scenario = 'no period'; Arguments = @{ Every = [TimeSpan]::Zero } }
            @{ Scenario = 'a negative period'; Arguments = @{ Every = [TimeSpan]'-00:00:01' } }
            @{ Scenario = 'a period longer than timers are'; Arguments = @{ Every = [TimeSpan]'60.00:00:00' } }
            @{ Scenario = '-Count alone'; Arguments = @{ Count = 3 } }
        ) {
            { Start-AsyncTask { 1 } @Arguments } | Should -Throw -ErrorId 'InvalidArgument,*'
        }
    }

    Context 'a pipeline that is stopped' {
        It 'stops the tasks that <Start> has started there' -TestCases @(
            @{ Start = 'Start-AsyncTask on threads'; Run = { 1..3 | Start-AsyncTask { Start-Sleep 600 } } }
            @{ Start = 'Start-AsyncTask on the loop'; Run = { 1..3 | Start-AsyncTask { await (Start-AsyncSleep 600) } } }
            @{ Start = 'Start-AsyncSleep'; Run = { 600, 600 | Start-AsyncSleep } }
        ) {
            $first = & $Run | Select-Object -First 1
            { await $first -TimeoutSec 60 } | Should -Throw -ErrorId 'AsyncCanceled*'
            $first.State | Should -Be 'Stopped'
        }

        It 'stops them where a later command has had enough of what they wrote, and none of the pipelines around' {
            $tasks = [Collections.Generic.List[object]]::new()
            $outer = [Collections.Generic.List[object]]::new()
            $first = 600, 600 | Start-AsyncSleep | ForEach-Object {
                $outer.Add($_)
                0, 600, 600 | Start-AsyncSleep -Result quick | ForEach-Object { $tasks.Add($_); $_ } | Receive-AsyncTask | Select-Object -First 1
            }
            $first | Should -Be quick, quick
            $tasks | Where-Object IsCompleted -EQ $false | Wait-AsyncGather -ReturnExceptions -TimeoutSec 60 | Out-Null
            $tasks.State | Group-Object -NoElement | ForEach-Object { "$($_.Count) $($_.Name)" } | Should -Be '2 Completed', '4 Stopped'
            $outer.State | Select-Object -Unique | Should -Be Running
            Stop-AsyncTask $outer
        }

        It 'leaves tasks of a variable alone' {
            $tasks = 1..3 | ForEach-Object { Start-AsyncSleep 600 }
            $null = $tasks | Select-Object -First 1
            $tasks.State | Select-Object -Unique | Should -Be 'Running'
            Stop-AsyncTask $tasks
        }

        It 'stops nothing where it ends by itself' {
            $tasks = 1..3 | Start-AsyncTask { await (Start-AsyncSleep 600) } | Select-Object -First 3
            $tasks[0, 1].State | Select-Object -Unique | Should -Be 'Running'
            $tasks | Stop-AsyncTask
        }
    }
}
