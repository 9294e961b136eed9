BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Get-AsyncTask' {
    BeforeEach {
        $tasks = @(Start-AsyncSleep 60 -Name alpha; Start-AsyncSleep 60 -Name beta)
        $done = Start-AsyncSleep 0 -Name alphaDone
        await $done
    }

    AfterEach {
        Stop-AsyncTask $tasks
        $tasks | Wait-AsyncGather -ReturnExceptions | Out-Null
    }

    It 'writes the tasks that are not done, oldest first' {
        Get-AsyncTask | Should -Be $tasks
    }

    It 'finds by -Name with wildcards' {
        (Get-AsyncTask -Name 'al*').Name | Should -Be 'alpha'
        (Get-AsyncTask alpha, beta).Name | Should -Be 'alpha', 'beta'
    }

    It 'finds by -State, also those done that a variable holds' {
        Get-AsyncTask -State Completed -Name alphaDone | Should -Contain $done
        Get-AsyncTask -State Running | Should -Be $tasks
    }

    It 'finds by -Id' {
        Get-AsyncTask -Id $tasks[1].Id, $done.Id | Should -Be $tasks[1], $done
    }

    It 'writes an error for an id that is not known, and goes on' {
        $found = Get-AsyncTask -Id 2147483647, $tasks[0].Id -ErrorAction SilentlyContinue -ErrorVariable failures
        $found | Should -Be $tasks[0]
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'TaskNotFound,*'
    }

    It 'writes nothing where nothing matches' {
        Get-AsyncTask -Name nothing | Should -Be $null
    }

    It 'shows id, name, kind, state, duration and origin as a table' {
        $table = Get-AsyncTask -Name alpha | Out-String -Width 200
        $table | Should -Match 'Id\s+Name\s+Kind\s+State\s+Duration\s+Origin'
        $table | Should -Match 'alpha\s+IO\s+Running'
    }

    It 'tells what a task does: <Expected>' -TestCases @(
        @{ Make = { Start-AsyncSleep 60 }; Expected = 'Start-AsyncSleep 60' }
        @{ Make = { async { Start-Sleep   60
                    'x' } }; Expected = "Start-Sleep 60 'x'" }
        @{ Make = { async { await (Start-AsyncSleep 60) } }; Expected = 'await (Start-AsyncSleep 60)' }
        @{ Make = { 'server1' | async { Start-Sleep 60 } }; Expected = 'Start-Sleep 60 <- server1' }
        @{ Make = { 7 | async { await (Start-AsyncSleep 60) } }; Expected = 'await (Start-AsyncSleep 60) <- 7' }
        @{ Make = { Start-AsyncFileRead "$TestDrive/none.txt" }; Expected = 'Start-AsyncFileRead *none.txt' }
        @{ Make = { Start-AsyncRestMethod 'http://user:secret@127.0.0.1:9/a/b?token=secret' -MaximumRetryCount 0 }; Expected = 'Start-AsyncRestMethod http://127.0.0.1:9/a/b[?]...' }
        @{ Make = { 'http://user:secret@127.0.0.1:9/a?k=secret' | async { Start-Sleep 60 } }; Expected = 'Start-Sleep 60 <- http://127.0.0.1:9/a[?]...' }
        @{ Make = { Get-Process -Id $PID | ConvertTo-AsyncTask }; Expected = '?*' }
    ) {
        $task = & $Make
        try { $task.Command | Should -BeLike $Expected } finally { Stop-AsyncTask $task }
        "$($task.Command)" | Should -Not -BeLike '*secret*'
        try { $null = await $task } catch { }
    }

    It 'shows what it does and waits for in the table, and where it was started at 80 columns' {
        $lock = New-AsyncLock -Name db
        Enter-AsyncLock $lock
        $task = async { Enter-AsyncLock $lock }
        $task | Out-String -Width 160 | Should -BeLike '*Enter-AsyncLock $lock, waits for AsyncLock ''db''*'
        $narrow = $task | Out-String -Width 80
        $narrow | Should -Match '\S*\.ps1:\d+\s'
        $narrow | Should -Match 'Enter-AsyncLock'
        foreach ($line in $narrow -split '\r?\n') { ($line -replace '\e\[[\d;]*m').Length | Should -BeLessOrEqual 80 }
        Exit-AsyncLock $lock
        await $task
    }

    It 'tells what a task waits for' {
        $semaphore = New-AsyncSemaphore 0 -Name closed
        $task = Start-AsyncSleep 0 -Semaphore $semaphore
        $task.WaitingFor | Should -Be $semaphore
        Exit-AsyncSemaphore $semaphore
        await $task
        $task.WaitingFor | Should -BeNullOrEmpty
    }

    Context '-Current' {
        It 'is the task whose script asks' {
            $task = Start-AsyncTask { (Get-AsyncTask -Current).Id }
            await $task | Should -Be $task.Id
        }

        It 'is nothing in plain script, nor in a callback' {
            $seen = [Collections.Generic.List[object]]::new()
            $null = Register-AsyncCallback -After 00:00:00.01 { $seen.Add(@(Get-AsyncTask -Current).Count) }
            await (Start-AsyncSleep 0.3)
            $seen + @(Get-AsyncTask -Current).Count | Should -Be 0, 0
        }
    }

    Context '-Tree' {
        BeforeEach {
            $session = New-TestSession
            # Draws what a script waits for, from inside its wait, once a condition holds; then stops its tasks, which ends the wait.
            function Get-Tree([string] $Script, [string] $When = '$true') {
                Invoke-InSession $session @"
                    function Start-Drawing {
                        `$null = Register-AsyncCallback -After 00:00:00.02 {
                            if (-not ($When)) { return Start-Drawing }
                            `$global:lines = (Get-AsyncTask -Tree).Line
                            Get-AsyncTask | Stop-AsyncTask
                        }
                    }
                    Start-Drawing
                    try { $Script } catch { }
                    `$lines
"@
            }
        }
        AfterEach { Remove-TestSession $session }

        It 'has a script that waits at its root, and below it what it waits for' {
            $lines = Get-Tree '$task = Start-AsyncSleep 60 -Name inner
                Wait-AsyncTask $task'
            $lines.Count | Should -Be 2
            $lines[0] | Should -BeLike 'script waits at line * in Wait-AsyncTask'
            $lines[1] | Should -BeLike "└── AsyncTask * 'inner' (IO, Running) of line *"
        }

        It 'shows what a thread task waits for, and where' {
            $lines = Get-Tree '$event = [AsyncJobs.AsyncEvent]::new("go"); $task = Start-AsyncTask -OnThread -Name waiter { Wait-AsyncEvent $using:event }
                Wait-AsyncTask $task' -When '$event.WaitingCount -eq 1'
            $lines[1] | Should -BeLike "*'waiter' (Thread, Running) waits at line * in Wait-AsyncEvent"
            $lines[2] | Should -BeLike "    └── AsyncEvent 'go' (not set, 1 waiting): waits to be set"
        }

        It 'shows a gather''s tasks, a group''s and those behind a shield' {
            $lines = Get-Tree '$a, $b = "a", "b" | ForEach-Object { Start-AsyncSleep 60 -Name $_ }; $shield = Protect-AsyncTask $b -Name shield
                Invoke-AsyncTaskGroup { Start-AsyncSleep 60 -Name child; $a, $shield | Wait-AsyncGather }'
            $text = $lines -join "`n"
            $text | Should -Match "script waits at line \d+ in Wait-AsyncGather\n├── AsyncTask \d+ 'a'.*\n└── AsyncTask \d+ 'shield'.* waits\n    └── AsyncTask \d+ 'b'"
            $text | Should -Match "(?m)^AsyncTask \d+ 'child'"
        }

        It 'shows a circle, and who holds the locks' {
            $lines = Get-Tree '$x, $y, $both = (New-AsyncLock), (New-AsyncLock), (New-AsyncBarrier 2)
                $one = Start-AsyncTask -OnThread -Name one { Use-AsyncLock $using:x { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:y { } } }
                $two = Start-AsyncTask -OnThread -Name two { Use-AsyncLock $using:y { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:x { } } }
                Wait-AsyncTask $one' -When '$x.WaitingCount + $y.WaitingCount -eq 2'
            $text = $lines -join "`n"
            $text | Should -Match "'one'.* in Use-AsyncLock\n.*AsyncLock \(held, 1 waiting\)\n.*'two'.* in Use-AsyncLock\n.*AsyncLock \(held, 1 waiting\)\n.*'one'.* - a circle: see above"
        }

        It 'shows a circle that nobody waits for' {
            $lines = Invoke-InSession $session '$x, $y, $both = (New-AsyncLock), (New-AsyncLock), (New-AsyncBarrier 2)
                $tasks = @(
                    Start-AsyncTask -OnThread -Name one { Use-AsyncLock $using:x { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:y { } } }
                    Start-AsyncTask -OnThread -Name two { Use-AsyncLock $using:y { Wait-AsyncBarrier $using:both; Use-AsyncLock $using:x { } } }
                )
                Wait-Until { $x.WaitingCount + $y.WaitingCount -eq 2 }
                (Get-AsyncTask -Tree).Line
                Stop-AsyncTask $tasks'
            $lines[0] | Should -Match "^AsyncTask \d+ 'one'"
            $lines[-1] | Should -BeLike '* - a circle: see above'
        }

        It 'names the missing side of <Case>' -TestCases @(
            @{ Case = 'a lock that a script holds'; Script = '$lock = New-AsyncLock db; Enter-AsyncLock $lock; $t = async { Enter-AsyncLock $lock }'
                Expected = "AsyncLock 'db' (held, 1 waiting), by a script at line 1" }
            @{ Case = 'a lock that .NET code holds'; Script = '$lock = New-AsyncLock db; $null = $lock.TryEnter(); $t = async { Enter-AsyncLock $lock }'
                Expected = "AsyncLock 'db' (held, 1 waiting), by whom is not known" }
            @{ Case = 'a semaphore that tasks and a script hold'
                Script = '$s = New-AsyncSemaphore 3; Enter-AsyncSemaphore $s; $f = New-Future
                    $t = @(async -Name a { Use-AsyncSemaphore $s { await $f } }; Start-AsyncSleep 60 -Semaphore $s -Name b; async { Enter-AsyncSemaphore $s })'
                Expected = 'AsyncSemaphore (0 of 3 free, 1 waiting), held by:', 'a script at line 1', "AsyncTask * 'a' (Coroutine, Running) *", "AsyncTask * 'b' (IO, Running)*" }
            @{ Case = 'a semaphore of which one does not tell'
                Script = '$s = New-AsyncSemaphore 2; $null = $s.TryEnter(); Enter-AsyncSemaphore $s; $t = async { Enter-AsyncSemaphore $s }'
                Expected = 'AsyncSemaphore (0 of 2 free, 1 waiting), held by these and 1 more, by whom is not known:', 'a script at line 1' }
            @{ Case = 'a semaphore that another has released'
                Script = '$s = New-AsyncSemaphore 2; Enter-AsyncSemaphore $s; Enter-AsyncSemaphore $s; $s.Release(); $null = $s.TryEnter(); $t = async { Enter-AsyncSemaphore $s }'
                Expected = 'AsyncSemaphore (0 of 2 free, 1 waiting), held by whom is not known' }
            @{ Case = 'a semaphore that is a signal'; Script = '$s = New-AsyncSemaphore 0; $t = async { Enter-AsyncSemaphore $s }'
                Expected = 'AsyncSemaphore (0 of 0 free, 1 waiting): nobody holds a permit; waits for a release' }
            @{ Case = 'a queue that nobody adds to'; Script = '$q = New-AsyncQueue -Name work; $t = async { Receive-AsyncQueueItem $q }'
                Expected = "AsyncQueue 'work' (Fifo, 0 items, 1 waiting to get): waits for an item; nobody adds" }
            @{ Case = 'a queue that a task adds to'; Script = '$q = New-AsyncQueue; $f = New-Future; $t = @(async { 1..2 | % { Receive-AsyncQueueItem $q } }; async -Name maker { Add-AsyncQueueItem $q 1; await $f })'
                Expected = 'AsyncQueue (*): waits for an item; these have added:', "AsyncTask * 'maker' *" }
            @{ Case = 'a queue that a script has added to'; Script = '$q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $t = async { 1..2 | % { Receive-AsyncQueueItem $q } }'
                Expected = 'AsyncQueue (*): waits for an item; a script has added' }
            @{ Case = 'a queue whose last adder has ended'; Script = '$q = New-AsyncQueue; await (async { Add-AsyncQueueItem $q 1; await (Start-AsyncSleep 0) }); $t = async { 1..2 | % { Receive-AsyncQueueItem $q } }'
                Expected = 'AsyncQueue (*): waits for an item; nobody adds: task *, the last that has, has ended' }
            @{ Case = 'a queue that events add to'; Script = '$timer = [Timers.Timer]::new(600000); $q = New-AsyncQueue; $null = Register-AsyncObjectEvent $timer Elapsed -Queue $q; $t = async { Receive-AsyncQueueItem $q }'
                Expected = 'AsyncQueue (*): waits for an item; events add by themselves' }
            @{ Case = 'a full queue'; Script = '$q = New-AsyncQueue -Capacity 1; $t = async { 1..2 | Add-AsyncQueueItem $q }'
                Expected = 'AsyncQueue (*): waits for room; nobody takes' }
            @{ Case = 'a queue with unfinished work'; Script = '$q = New-AsyncQueue; Add-AsyncQueueItem $q 1; Receive-AsyncQueueItem $q; $t = async { Wait-AsyncQueue $q }'
                Expected = 'AsyncQueue (*): waits for the work on 1 item; a script has taken' }
            @{ Case = 'a barrier'; Script = '$b = New-AsyncBarrier 3; $t = async { Wait-AsyncBarrier $b }'
                Expected = 'AsyncBarrier (Filling, 1 of 3 waiting): waits for 2 more to come' }
            @{ Case = 'a rate limiter'; Script = '$r = New-AsyncRateLimiter 1 -Window 01:00:00; $t = async { 1..2 | % { Enter-AsyncRateLimiter $r } }'
                Expected = 'AsyncRateLimiter (0 of 1 per 01:00:00 free, 1 waiting): the next permit comes in 3* s' }
            @{ Case = 'a condition whose lock is free'; Script = '$c = New-AsyncCondition; $t = async { Enter-AsyncLock $c.Lock; Wait-AsyncCondition $c }'
                Expected = 'AsyncCondition (free, 1 waiting): waits to be notified; nobody holds its lock' }
            @{ Case = 'a condition whose lock is held'; Script = '$c = New-AsyncCondition; $t = async { Enter-AsyncLock $c.Lock; Wait-AsyncCondition $c }; Enter-AsyncLock $c.Lock'
                Expected = 'AsyncCondition (held, 1 waiting): waits to be notified', 'AsyncLock (held, 0 waiting), by a script at line 1' }
        ) {
            $lines = @(Invoke-InSession $session "$Script; await (Start-AsyncSleep 0); (Get-AsyncTask -Tree).Line; Get-AsyncTask | Stop-AsyncTask") | Where-Object { $_ -is [string] }
            $texts = $lines -replace '^[ │├└─]*'
            foreach ($one in $Expected) {
                @($texts -like ($one -replace '[\[\]]', '`$0')) | Should -Not -BeNullOrEmpty -Because "the tree is:`n$($lines -join "`n")"
            }
        }

        It 'shows the first of many that hold a semaphore' {
            $lines = Invoke-InSession $session '$s = New-AsyncSemaphore 30; $t = @(1..31 | ForEach-Object { async { Enter-AsyncSemaphore $s; await (Start-AsyncSleep 60) } })
                (Get-AsyncTask -Tree).Line; Get-AsyncTask | Stop-AsyncTask'
            @($lines -like '*... and 20 more').Count | Should -Be 1
        }

        It 'is there from another session while this one hangs' {
            $signal = [Threading.ManualResetEventSlim]::new()
            $powershell = [powershell]::Create($session)
            $other = New-TestSession
            try {
                $session.SessionStateProxy.SetVariable('signal', $signal)
                $running = $powershell.AddScript('$stuck = New-Future stuck; $signal.Set(); await $stuck').BeginInvoke()
                $signal.Wait(30000) | Should -BeTrue
                Wait-Until { (Invoke-InSession $other 'Get-AsyncTask -Tree -AllSessions').Line -contains "└── Future 'stuck' (Running)" }
                $nodes = Invoke-InSession $other 'Get-AsyncTask -Tree -AllSessions'
                $mine = $nodes | Where-Object { $_.Item -is [AsyncJobs.Future] -and $_.Item.Name -eq 'stuck' }
                $mine.Depth | Should -Be 1
                $mine.Item.SetResult(1)
                $running.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
            }
            finally {
                $powershell.Stop()
                $powershell.Dispose()
                Remove-TestSession $other
            }
        }

        It 'is nothing where nothing waits' {
            Invoke-InSession $session 'Get-AsyncTask -Tree' | Should -BeNullOrEmpty
        }
    }
}
