# What waits for tasks, inside coroutines; and what may be said of coroutine tasks.

BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Receive-AsyncTask in a coroutine' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'writes results as they come, while others run' {
        $a, $b = (New-Future), (New-Future)
        $task = Start-AsyncTask { foreach ($item in Receive-AsyncTask $a, $b) { $item } }
        $other = Start-AsyncTask { await (Start-AsyncSleep 0); $log.Add('other'); Complete-Future $b -Result 'b'; await (Start-AsyncSleep 0); Complete-Future $a -Result 'a' }
        await $task -TimeoutSec 30 | Should -Be 'b', 'a'
        $log | Should -Be 'other'
        await $other
    }

    It 'writes errors of single tasks and goes on; -ErrorAction Stop throws' {
        $task = Start-AsyncTask {
            $tasks = 1..3 | Start-AsyncTask { await (Start-AsyncSleep 0); if ($_ -eq 2) { throw "failed $_" }; $_ }
            Receive-AsyncTask $tasks -ErrorAction SilentlyContinue
            try { Receive-AsyncTask $tasks -ErrorAction Stop | Out-Null } catch { "caught $_" }
        }
        await $task -TimeoutSec 30 | Should -Be 1, 3, 'caught failed 2'
    }

    It 'times out as a whole, and cancels nothing, nor does a stop' {
        $inner = Start-AsyncTask { await (Start-AsyncSleep 100) }
        $late = Start-AsyncTask { try { Receive-AsyncTask $inner -TimeoutSec 0.02 } catch [TimeoutException] { 'late' } }
        await $late -TimeoutSec 30 | Should -Be 'late'
        $stopped = Start-AsyncTask { Receive-AsyncTask $inner }
        Stop-AsyncTask $stopped
        await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $inner.State | Should -Be Running
        Stop-AsyncTask $inner
    }
}

Describe 'Invoke-WithTimeout in a coroutine' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'waits for a block of its own, and past the time until that has ended' {
        $task = Start-AsyncTask {
            Invoke-WithTimeout 30 { await (Start-AsyncSleep 0); 'in time' }
            try { Invoke-WithTimeout 0.02 { try { await (Start-AsyncSleep 100) } finally { await (Start-AsyncSleep 0); $log.Add('cleaned up') } } }
            catch [TimeoutException] { "$($_.FullyQualifiedErrorId), $($log.Count)" }
            Invoke-WithTimeout 30 { [Threading.Thread]::CurrentThread.ManagedThreadId -ne $using:PID }
        }
        await $task -TimeoutSec 60 | Should -Be 'in time', 'AsyncTimeout, 1', $true
    }

    It 'counts its time across the records that a task writes meanwhile, and cancels the task once' {
        $talking = Start-AsyncTask -OnThread { while ($true) { Write-Warning tick; Start-Sleep -Milliseconds 5 } }
        $task = Start-AsyncTask {
            try { Invoke-WithTimeout 0.3 -Task $talking -WarningVariable heard -WarningAction SilentlyContinue }
            catch [TimeoutException] { $_.FullyQualifiedErrorId; $heard.Count -gt 1 }
        }
        await $task -TimeoutSec 60 | Should -Be 'AsyncTimeout', $true
        $talking.State | Should -Be Stopped
        $talking.CancellationCount | Should -Be 1
    }

    It 'lets others go on, and takes a task' {
        $future = New-Future
        $task = Start-AsyncTask { Invoke-WithTimeout 30 -Task $future }
        await (Start-AsyncTask { await (Start-AsyncSleep 0); $log.Add('other'); Complete-Future $future -Result 'done' })
        await $task -TimeoutSec 30 | Should -Be 'done'
    }

    It 'is stopped with the coroutine, not late' {
        $task = Start-AsyncTask { try { Invoke-WithTimeout 60 { try { await (Start-AsyncSleep 100) } finally { $log.Add('inner') } } } catch { $log.Add($_.Exception.GetType().Name); throw } }
        Stop-AsyncTask $task
        await $task -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $log | Should -Be 'inner', 'OperationCanceledException'
    }
}

Describe 'Invoke-AsyncForEach in a coroutine' {
    It 'runs so many at a time, in input order, and lets others go on' {
        $h = @{ now = 0; most = 0 }
        $task = Start-AsyncTask {
            1..20 | Invoke-AsyncForEach { $h.now++; $h.most = [Math]::Max($h.most, $h.now); await (Start-AsyncSleep 0.001); $h.now--; $_ } -ThrottleLimit 4
        }
        await $task -TimeoutSec 60 | Should -Be (1..20)
        $h.most | Should -BeLessOrEqual 4
        $h.most | Should -BeGreaterThan 1
    }

    It 'writes errors, retries, and ends at the total limit' {
        $h = @{}
        $task = Start-AsyncTask {
            1..3 | ForEach-Async { $h[$_]++; await (Start-AsyncSleep 0); if ($h[$_] -lt $_) { throw "no $_" }; $_ } -MaximumRetryCount 1 -RetryIntervalSec 0.001 -ErrorAction SilentlyContinue
            try { 1..3 | ForEach-Async { await (Start-AsyncSleep 100) } -TotalTimeoutSec 0.05 } catch [TimeoutException] { 'total' }
            (1..2 | ForEach-Async { await (Start-AsyncSleep 100) } -TimeoutSec 0.02 -PassThru).State
        }
        await $task -TimeoutSec 60 | Should -Be 1, 2, 'total', 'Failed', 'Failed'
    }

    It 'stops its tasks with the coroutine, and ends when they have' {
        $log = [Collections.Generic.List[object]]::new()
        $task = Start-AsyncTask { 1..3 | ForEach-Async { try { await (Start-AsyncSleep 100) } finally { await (Start-AsyncSleep 0); $log.Add($_) } } }
        await (Start-AsyncSleep 0)
        Stop-AsyncTask $task
        await $task -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $log | Sort-Object | Should -Be 1, 2, 3
    }
}

Describe 'Invoke-AsyncForEach of a coroutine block' {
    It 'reads its input lazily, and Select-Object -First stops it all' {
        $h = @{ read = 0; cleaned = 0 }
        1..100000 | ForEach-Object { $h.read++; $_ } |
            ForEach-Async { try { await (Start-AsyncSleep ($_ -eq 1 ? 0 : 100)); $_ } finally { $h.cleaned++ } } -ThrottleLimit 3 |
            Select-Object -First 1 | Should -Be 1
        $h.read | Should -BeLessThan 10
        foreach ($i in 1..500) { if ($h.cleaned -lt $h.read - 1) { await (Start-AsyncSleep 0.01) } }
        $h.cleaned | Should -Be ($h.read - 1) -Because 'the last one read had not begun'
    }

    It 'keeps order, or not with -AsCompleted' {
        $delays = 0.05, 0
        $delays | ForEach-Async { await (Start-AsyncSleep $_); $_ } | Should -Be 0.05, 0
        $delays | ForEach-Async { await (Start-AsyncSleep $_); $_ } -AsCompleted | Should -Be 0, 0.05
    }
}

Describe 'Waits for tasks in a coroutine' {
    It 'has -Any write the first to finish, and leaves the others alone' {
        $slow = New-Future
        $task = Start-AsyncTask { $fast = Start-AsyncSleep 0.01 -Result 'fast'; await $slow, $fast -Any }
        await $task -TimeoutSec 30 | Should -Be 'fast'
        $stopped = Start-AsyncTask { await $slow -Any }
        Stop-AsyncTask $stopped
        await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $slow.IsCompleted | Should -BeFalse
    }

    It 'is stopped also where it would throw nothing: <Command>' -TestCases @(
        @{ Command = 'await $f -PassThru'; Reached = $false }
        @{ Command = 'await $f -FirstError'; Reached = $false }
        @{ Command = 'Wait-AsyncGather $f -ReturnExceptions'; Reached = $true }
    ) {
        $f = New-Future
        $task = Start-AsyncTask ([scriptblock]::Create("$Command; 'went on'"))
        Stop-AsyncTask $task
        await $task -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $f.IsCanceled | Should -Be $Reached
    }

    It 'gathers with a limit, and ends when its tasks have' {
        $log = [Collections.Generic.List[object]]::new()
        $task = Start-AsyncTask {
            $tasks = 1..2 | Start-AsyncTask { try { await (Start-AsyncSleep 100) } finally { await (Start-AsyncSleep 0); $log.Add($_) } }
            try { Wait-AsyncGather $tasks -TimeoutSec 0.02 } catch [TimeoutException] { "late after $($log.Count)" }
        }
        await $task -TimeoutSec 30 | Should -Be 'late after 2'
    }

    It 'leaves nothing behind with a future that many waits were late for' {
        $future = New-Future
        $task = Start-AsyncTask { $late = 0; foreach ($i in 1..20) { try { await $future -TimeoutSec 0.001 } catch [TimeoutException] { $late++ } }; $late }
        await $task -TimeoutSec 30 | Should -Be 20
        Complete-Future $future -Result 1
    }
}

Describe 'Records of a thread task that a coroutine awaits' {
    It 'appear while it waits, in order, in the streams of whoever turns the loop' {
        $session = New-TestSession
        $shell = [powershell]::Create($session)
        try {
            $gate = [Threading.ManualResetEventSlim]::new()
            $session.SessionStateProxy.SetVariable('gate', $gate)
            $running = $shell.AddScript(@'
                $t = Start-AsyncTask { await (Start-AsyncTask -OnThread { Write-Warning one; Write-Error two; Write-Warning three; $null = ($using:gate).Wait(30000); Write-Warning last; 5 }) }
                await $t -WarningAction Continue
'@).BeginInvoke()
            Wait-Until { $shell.Streams.Warning.Count -eq 2 }
            $running.IsCompleted | Should -BeFalse
            $gate.Set()
            $running.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
            $shell.EndInvoke($running) | Should -Be 5
            $shell.Streams.Warning.Message | Should -Be 'one', 'three', 'last'
            $shell.Streams.Error | ForEach-Object { "$_" } | Should -Be 'two'
        }
        finally {
            $shell.Dispose()
            Remove-TestSession $session
        }
    }

    It 'obey the preferences of the coroutine and of its await' {
        $task = Start-AsyncTask {
            $WarningPreference = 'SilentlyContinue'
            await (Start-AsyncTask -OnThread { Write-Warning hidden })
            try { await (Start-AsyncTask -OnThread { Write-Error bad; 'not reached' }) -ErrorAction Stop } catch { "caught $_" }
        }
        await $task -WarningVariable warned -TimeoutSec 30 | Should -Be 'caught bad'
        $warned | Should -BeNullOrEmpty
    }
}

Describe 'What is said of a coroutine task' {
    It 'tries again with -MaximumRetryCount, each time from the start' {
        $h = @{ tries = 0 }
        $task = Start-AsyncTask { $n = 1; $h.tries++; await (Start-AsyncSleep 0); if ($h.tries -lt 3) { throw 'not yet' }; "$n $($h.tries)" } -MaximumRetryCount 5 -RetryIntervalSec 0.001
        await $task -TimeoutSec 30 | Should -Be '1 3'
        $task.Attempts | Should -Be 3
    }

    It 'fails with TimeoutException past -TimeoutSec; finally may await' {
        $log = [Collections.Generic.List[object]]::new()
        $task = Start-AsyncTask { try { await (Start-AsyncSleep 100) } finally { await (Start-AsyncSleep 0.01); $log.Add('finally') } } -TimeoutSec 0.02
        { await $task -TimeoutSec 30 } | Should -Throw -ExceptionType ([TimeoutException])
        $task.State | Should -Be Failed
        $log | Should -Be 'finally'
    }

    It 'runs so many at once with <Parameter>' -TestCases @(
        @{ Parameter = 'ThrottleLimit' }
        @{ Parameter = 'Semaphore' }
    ) {
        $h = @{ now = 0; most = 0 }
        $with = @{ $Parameter = $Parameter -eq 'Semaphore' ? (New-AsyncSemaphore 2) : 2 }
        $tasks = 1..20 | Start-AsyncTask { $h.now++; $h.most = [Math]::Max($h.most, $h.now); await (Start-AsyncSleep 0.001); $h.now--; $_ } @with
        await $tasks -TimeoutSec 60 | Should -Be (1..20)
        $h.most | Should -Be 2
    }

    It 'passes -RateLimiter first' {
        $limiter = New-AsyncRateLimiter -PermitLimit 2 -Window 00:00:00.1
        await (1..4 | Start-AsyncTask { await (Start-AsyncSleep 0); $_ } -RateLimiter $limiter) -TimeoutSec 30 | Should -Be (1..4)
    }

    It 'calls back' {
        $log = [Collections.Generic.List[object]]::new()
        $task = Start-AsyncTask { await (Start-AsyncSleep 0); 7 }
        $null = Register-AsyncCallback -Task $task -Action { param($done) $log.Add($done.Result) }
        $null = await $task -TimeoutSec 30
        await (Start-AsyncSleep 0)
        $log | Should -Be 7
    }

    It 'is a .NET task to others' {
        $task = Start-AsyncTask { await (Start-AsyncSleep 0); 8 }
        await (ConvertTo-AsyncTask $task.AsTask()) -TimeoutSec 30 | Should -Be 8
    }
}

Describe 'Invoke-AsyncTaskGroup in a coroutine' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'suspends the coroutine in its block and at its end, and writes what its tasks wrote' {
        $task = Start-AsyncTask {
            $local = 1
            Invoke-AsyncTaskGroup {
                'begin'
                1..3 | Start-AsyncTask { await (Start-AsyncSleep (0.03 / $_)); $_ }
                $local = await (Start-AsyncSleep 0 -Result 2)
                'end'
            }
            "local $local"
        }
        $other = Start-AsyncTask { await (Start-AsyncSleep 0); $log.Add('other') }
        await $task -TimeoutSec 30 | Should -Be 'begin', 1, 2, 3, 'end', 'local 2'
        await $other
        $log | Should -Be 'other'
    }

    It 'cancels the block where it waits when a task fails, and the other tasks' {
        $task = Start-AsyncTask {
            try {
                Invoke-AsyncTaskGroup {
                    $null = Start-AsyncTask { try { await (Start-AsyncSleep 100) } finally { $log.Add('other') } }
                    $null = Start-AsyncTask { await (Start-AsyncSleep 0.01); throw 'first' }
                    try { await (Start-AsyncSleep 100) } finally { $log.Add('block') }
                }
            }
            catch [AsyncJobs.TaskGroupException] { "caught $($_.Exception.InnerExceptions.Message)" }
            await (Start-AsyncSleep 0 -Result 'goes on')
        }
        await $task -TimeoutSec 30 | Should -Be 'caught first', 'goes on'
        $log | Sort-Object | Should -Be 'block', 'other'
        $task.State | Should -Be Completed
    }

    It 'stops its tasks with the coroutine' {
        $task = Start-AsyncTask { Invoke-AsyncTaskGroup { 1..2 | Start-AsyncTask { try { await (Start-AsyncSleep 100) } finally { await (Start-AsyncSleep 0); $log.Add($_) } } } }
        await (Start-AsyncSleep 0)
        Stop-AsyncTask $task
        await $task -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
        $log | Sort-Object | Should -Be 1, 2
    }

    It 'has not those that its tasks start' {
        $late = New-Future
        $task = Start-AsyncTask { Invoke-AsyncTaskGroup { $null = Start-AsyncTask -OnLoop { $script:grandchild = Start-AsyncTask { await $late } } } }
        await $task -TimeoutSec 30
        Complete-Future $late
    }
}

Describe 'A coroutine that is looked at' {
    It 'says what it waits for, and where' {
        $lock = New-AsyncLock -Name door
        Enter-AsyncLock $lock
        $task = Start-AsyncTask { Use-AsyncLock $lock { 1 } }
        $task.WaitingFor | Should -Be $lock
        Exit-AsyncLock $lock
        await $task -TimeoutSec 30 | Should -Be 1
        $task.WaitingFor | Should -BeNullOrEmpty
    }

    It 'is told of, with its line, where a step holds the loop for long, also the first' {
        # The warning comes while the loop is still held, and so straight to the host.
        $script = Join-Path $TestDrive slow.ps1
        Set-Content $script @"
Import-Module '$(Convert-Path "$PSScriptRoot/../../output/AsyncJobs")'
Set-AsyncLoop -DebugMode
`$task = Start-AsyncTask {
    await (Start-AsyncSleep 0)
    Start-Sleep -Milliseconds 800
}
await `$task
`$null = Start-AsyncTask -OnLoop {
    Start-Sleep -Milliseconds 800
}
"@
        $lines = @(Invoke-PowerShell -File $script) -match 'held the loop'
        foreach ($line in 5, 9) { @($lines -like "*AsyncTask*slow.ps1:$line *-OnThread*") | Should -HaveCount 1 }
    }
}
Describe 'A task that a coroutine starts before it has assigned a variable, in strict mode' {
    It 'finds none, as any block would: <Way>' -TestCases @(
        @{ Way = 'a coroutine'; Start = { Start-AsyncTask { await (Start-AsyncSleep 0); try { "[$late]" } catch { "inside: $_" } } }; Seen = 'inside: *$late*' }
        @{ Way = 'a thread task'; Start = { Start-AsyncTask -OnThread { try { "[$late]" } catch { "inside: $_" } } }; Seen = 'inside: *$late*' }
        @{ Way = 'a thread task with $using:'; Start = { Start-AsyncTask -OnThread { "[$using:late]" } }; Seen = '[[]]' }
    ) {
        Set-StrictMode -Version 3
        $block = [scriptblock]::Create("await (Start-AsyncSleep 0); `$task = $Start; `$late = 1; await `$task; await ($Start)")
        $first, $second = Start-AsyncTask $block -OnLoop | Wait-AsyncTask -TimeoutSec 60
        $first | Should -BeLike $Seen
        $second | Should -Be '[1]'
    }
}

Describe 'Coroutines of the same script in several runspaces at once' {
    It 'have each their own variables: <Scenario>' -TestCases @(
        @{ Scenario = 'a block'; Block = { $mine = "of $_"; await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0.05); "$mine $global:ours" }) } }
        @{ Scenario = 'a function that a coroutine calls'; Block = { $mine = "of $_"; await (Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0.05); Get-Ours $mine }) } }
        @{ Scenario = 'a function that is started'; Block = { await (Start-AsyncTask Get-Ours -ArgumentList "of $_") } }
    ) {
        function Get-Ours($Mine) { $own = $Mine; await (Start-AsyncSleep 0.05); "$own $global:ours" }
        $script = [scriptblock]::Create("if (`$false) { Get-Ours }; `$global:ours = `"global of `$_`"; $Block")
        $results = 1..6 | Start-AsyncTask -OnThread $script | Wait-AsyncGather
        $results | Should -Be @(1..6 | ForEach-Object { "of $_ global of $_" })
    }
}
