BeforeDiscovery {
    # Elsewhere nothing of .NET alone makes a pseudo-terminal.
    $hasTerminal = $IsLinux
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
    if ($IsLinux) { Import-Module $PSScriptRoot/../Support/PseudoTerminal.psm1 }
}

Describe 'Watch-AsyncTask in a terminal' -Skip:(-not $hasTerminal) {
    BeforeAll {
        $terminal = New-Prompt
        $control = [string][char]3

        function Start-Watch([string] $Line) {
            # A clear screen, so that what is there is of this watch alone.
            $from = $terminal.Text.Length
            $terminal.Type("Clear-Host; $Line`r")
            $null = $terminal.WaitFor('\d tasks? left', $from, 60)
        }

        function Wait-Screen([scriptblock] $Condition) {
            $terminal.WaitForScreen([Func[string[], bool]]$Condition, 60)
        }

        function Wait-Prompt {
            # The last line that is not empty is the prompt.
            $lines = Wait-Screen { param($lines) @($lines -ne '')[-1] -match '^PS [^>]*>$' }
            $terminal.Place = $terminal.Text.Length
            $lines
        }
    }

    AfterAll {
        ${terminal}?.Dispose()
    }

    BeforeEach {
        $terminal.Resize(50, 200)
        $null = Invoke-AtPrompt $terminal '$go = New-AsyncEvent go; $end = New-Future'
    }

    AfterEach {
        $null = Invoke-AtPrompt $terminal 'Set-AsyncEvent $go; $null = $end.Cancel(); Get-AsyncTask | Stop-AsyncTask -Wait'
    }

    It 'shows states and what is waited for, is drawn over at its place, and leaves the last state above the prompt' {
        $null = Invoke-AtPrompt $terminal '$lock = New-AsyncLock db; $holder = async -Name holder { Enter-AsyncLock $lock; Wait-AsyncEvent $go; Exit-AsyncLock $lock }; $next = async -Name next { Enter-AsyncLock $lock; Exit-AsyncLock $lock }; $bad = async -Name bad { Wait-AsyncEvent $go; throw "no luck" }; $ender = Start-AsyncTask -Name ender { $null = $end.AsTask().Wait() }'
        $before = $terminal.UpCount
        Start-Watch 'Watch-AsyncTask -IntervalSec 0.1'
        $lines = Wait-Screen { param($lines) $lines -match '^ *\d+ next .* Waiting .*' }
        $lines[0] | Should -Match '^[\d.,]+ s  4 tasks left: 1 running, 3 waiting$'
        $lines[1] | Should -Match '^started [\d.,]+/s, ended [\d.,]+/s, loop lag \d+ ms  \(Ctrl\+C ends the watch, not the tasks\)$'
        $lines[2] | Should -Match '^ +Id Name +Kind +State +Time  What it does$'
        $lines -match '^ *\d+ holder +Coroutine Waiting +[\d.,]+ s  waits for AsyncEvent ''go'' \(not set, 2 waiting\): waits to be set <- Enter-AsyncLock' | Should -Not -BeNullOrEmpty
        $lines -match '^ *\d+ next +Coroutine Waiting +[\d.,]+ s  waits for AsyncLock ''db'' \(held, 1 waiting\), by AsyncTask \d+ ''holder'' <- ' | Should -Not -BeNullOrEmpty
        $lines -match '^ *\d+ ender +Thread +Running' | Should -Not -BeNullOrEmpty
        $terminal.IsCursorVisible | Should -BeFalse

        # It is drawn again and again, and only one is to be seen.
        Wait-Until { $terminal.UpCount -gt $before + 5 }
        @($terminal.Screen -match 'What it does').Count | Should -Be 1
        @($terminal.Screen -ne '').Count | Should -Be 7
        $terminal.Type($control)
        $null = Wait-Prompt

        Start-Watch '$null = Register-AsyncCallback -After 0.3 { Set-AsyncEvent $go; $null = $end.Cancel() }; Watch-AsyncTask'
        $lines = Wait-Prompt
        $lines[0] | Should -Match '^[\d.,]+ s  0 tasks left: 3 completed, 1 failed$|^[\d.,]+ s  0 tasks left: 2 completed, 2 failed$'
        $lines -match '^ *\d+ bad +Coroutine Failed +[\d.,]+ s  no luck <- Wait-AsyncEvent \$go; throw' | Should -Not -BeNullOrEmpty
        @($lines -match 'What it does').Count | Should -Be 1
        $terminal.IsCursorVisible | Should -BeTrue
    }

    It 'ends with Ctrl+C, and nothing else does' {
        $null = Invoke-AtPrompt $terminal '$count = @{ n = 0 }; $task = async -Every 0.05 { await (Start-AsyncSleep 0); $count.n++ }; $event = async { Wait-AsyncEvent $go; "done" }'
        Start-Watch 'Watch-AsyncTask; "be" + "hind"'
        $null = Wait-Screen { param($lines) $lines -match '2 tasks left: ' }
        $terminal.Type($control)
        $lines = Wait-Prompt
        $lines -match 'behind' | Should -BeNullOrEmpty
        $lines -match 'What it does' | Should -Not -BeNullOrEmpty
        $terminal.IsCursorVisible | Should -BeTrue
        $seen = [int](Invoke-AtPrompt $terminal '$count.n')
        Wait-AtPrompt $terminal "`$count.n -gt $seen + 3"
        Invoke-AtPrompt $terminal '$task.State; $event.State; Set-AsyncEvent $go; await $event; Stop-AsyncTask $task' | Should -Be 'Running', 'Running', 'done'
    }

    It 'shows what tasks write above it' {
        $null = Invoke-AtPrompt $terminal '$writer = async -Name writer { foreach ($i in 1..3) { await (Start-AsyncSleep 0.1); Write-Host "said $i"; Write-Warning "care $i" }; Write-Error "wrong"; Wait-AsyncEvent $go }'
        Start-Watch 'Watch-AsyncTask -IntervalSec 0.1; "success: $?"'
        $null = Wait-Screen { param($lines) $lines -match 'waits for AsyncEvent' }
        $lines = Wait-Screen { param($lines) $lines -match 'wrong' -and @($lines -ne '')[-1] -match 'writer' }
        $texts = @($lines -ne '')
        $said = @($texts -match '^said |^WARNING: care ') -replace '^WARNING: '
        $said | Should -Be 'said 1', 'care 1', 'said 2', 'care 2', 'said 3', 'care 3'
        @($texts -match 'What it does').Count | Should -Be 1
        [Array]::FindIndex($texts, [Predicate[string]] { param($line) $line -match 'What it does' }) | Should -Be ($texts.Count - 2)
        $terminal.Type($control)
        $null = Wait-Prompt
    }

    It 'fits the window, and takes another size' {
        $null = Invoke-AtPrompt $terminal '$null = 1..60 | ForEach-Object { async -Name "w$_" { Wait-AsyncEvent $go } }; $busy = Start-AsyncTask -Name busy { $null = $end.AsTask().Wait() }'
        Start-Watch 'Watch-AsyncTask -IntervalSec 0.1'
        $null = Wait-Screen { param($lines) $lines -match '^\.\.\. and \d+ more$' }
        $lines = $terminal.Screen
        @($lines -match '^ *\d+ w\d+ ').Count | Should -Be 44
        @($lines -match '^ *\d+ busy ').Count | Should -Be 1
        $lines[48] | Should -Be '... and 16 more'
        $lines[49] | Should -BeNullOrEmpty

        foreach ($size in @(20, 70), @(12, 50), @(30, 50), @(30, 120), @(3, 120), @(40, 120)) {
            $terminal.Resize($size[0], $size[1])
            $rows = $size[0] - 5
            $lines = Wait-Screen {
                param($lines)
                $first = $lines[0] -match ' tasks left: '
                $tasks = @($lines -match '^ *\d+ (w\d+|busy) ').Count
                $first -and $tasks -eq [Math]::Max(0, $rows) -and @($lines -match 'What it does|^ +Id Name').Count -eq ($rows -gt 0)
            }
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessThan $size[1]
            if ($rows -gt 0) { $lines[$size[0] - 2] | Should -Be "... and $(61 - $rows) more" }
        }

        $terminal.Type($control)
        $null = Wait-Prompt
    }

    It 'takes the colours of $PSStyle, and none where they are off' {
        $null = Invoke-AtPrompt $terminal '$bad = async -Name bad { await (Start-AsyncSleep 0.01); throw "no luck" }; $null = $bad | Wait-AsyncGather -ReturnExceptions'
        $from = $terminal.Raw.Length
        Start-Watch 'Watch-AsyncTask $bad'
        $null = Wait-Prompt
        $terminal.Raw.Substring($from) | Should -Match "$([char]27)\[31;1m +\d+ bad "
        $from = $terminal.Raw.Length
        Start-Watch '$was = $PSStyle.OutputRendering; $PSStyle.OutputRendering = "PlainText"; Watch-AsyncTask $bad; $PSStyle.OutputRendering = $was'
        $null = Wait-Prompt
        $terminal.Raw.Substring($from) | Should -Match "\n +\d+ bad .*\n"
    }

    It 'leaves what there is at -TimeoutSec, and draws in place without colours, too' {
        $before = $terminal.UpCount
        $null = Invoke-AtPrompt $terminal '$waiter = async -Name waiter { Wait-AsyncEvent $go }'
        Start-Watch '$was = $PSStyle.OutputRendering; $PSStyle.OutputRendering = "PlainText"; Watch-AsyncTask -TimeoutSec 1 -IntervalSec 0.1; $PSStyle.OutputRendering = $was'
        $lines = Wait-Prompt
        $terminal.UpCount | Should -BeGreaterThan ($before + 1)
        $lines[1] | Should -Not -Match 'Ctrl'
        $lines[3] | Should -Match '^ *\d+ waiter +Coroutine Waiting '
        @($lines -ne '').Count | Should -Be 5
        Invoke-AtPrompt $terminal '$waiter.State' | Should -Be 'Running'
    }

    It 'moves no cursor by what a name says, and counts wide letters as the screen does' {
        $null = Invoke-AtPrompt $terminal '$odd = async -Name ("a" + [char]27 + "[2J" + [char]10 + "b") { Wait-AsyncEvent $go }; $wide = async -Name ([string][char]0x6F22 * 20) { Wait-AsyncEvent $go }'
        Start-Watch 'Watch-AsyncTask -IntervalSec 0.1'
        $lines = Wait-Screen { param($lines) $lines -match 'waits for AsyncEvent' }
        $lines -match '^ *\d+ a \[2J b +Coroutine Waiting' | Should -Not -BeNullOrEmpty
        $lines -match "^ *\d+ $([char]0x6F22){7}$([char]0x2026) +Coroutine Waiting" | Should -Not -BeNullOrEmpty
        $terminal.Type($control)
        $null = Wait-Prompt
    }

    It 'writes lines where it is told not to draw: <Variable>' -TestCases @(
        @{ Variable = 'TERM'; Value = 'dumb' }
        @{ Variable = 'CI'; Value = 'true' }
    ) {
        $before = $terminal.UpCount
        $output = Invoke-AtPrompt $terminal "`$was = `$env:$Variable; `$env:$Variable = '$Value'; Watch-AsyncTask (Start-AsyncSleep 0.1); `$env:$Variable = `$was"
        $output | Should -HaveCount 2
        $output[1] | Should -Match '^[\d.,]+ s  0 tasks left: 1 completed; started '
    }
}

Describe 'Watch-AsyncTask without a terminal' {
    BeforeEach { $session = New-TestSession }
    AfterEach { Remove-TestSession $session }

    It 'writes lines to the host, with failures, in a process whose output is redirected' {
        $lines = Invoke-InOwnProcess '$tasks = @(Start-AsyncSleep 0.5; async -Name bad { await (Start-AsyncSleep 0.01); throw "no luck" })
            Watch-AsyncTask -IntervalSec 0.1
            "$(@(Get-AsyncTask).Count) $($tasks.State)"; $null = $tasks | Wait-AsyncGather -ReturnExceptions'
        $lines[0] | Should -Match '^0[.,]\d s  \d tasks? left'
        $lines -match '^AsyncTask \d+ ''bad'' failed after [\d.,]+ s: no luck$' | Should -HaveCount 1
        $lines[-2] | Should -Match '^[\d.,]+ s  0 tasks left: .*1 failed; started [\d.,]+/s, ended [\d.,]+/s, loop lag \d+ ms$'
        $lines[-1] | Should -Be '0 Completed Failed'
        "$lines" | Should -Not -Match "$([char]27)\[\d*A"
    }

    It 'writes them to the information stream' {
        Invoke-InSession $session '$lines = Watch-AsyncTask (Start-AsyncSleep 0.1) 6>&1; $lines.Count; $lines[-1].GetType().Name; "$($lines[-1])"' |
            Should -BeLike '[2I0]*'
    }

    It 'turns the loop: coroutines go on' {
        Invoke-InSession $session '$task = async { foreach ($i in 1..3) { await (Start-AsyncSleep 0.01) }; "done" }; Watch-AsyncTask 6>$null; $task.State; await $task' |
            Should -Be 'Completed', 'done'
    }

    It 'ends at once where there is nothing to watch' {
        Invoke-InSession $session 'Watch-AsyncTask 6>$null; Watch-AsyncTask @() 6>$null; "ended"' | Should -Be 'ended'
    }

    It 'watches some: <Case>' -TestCases @(
        @{ Case = '-Task'; Line = 'Watch-AsyncTask $some -PassThru 6>$null' }
        @{ Case = 'the pipeline'; Line = '$some | Watch-AsyncTask -PassThru 6>$null' }
        @{ Case = '-Id'; Line = 'Watch-AsyncTask -Id $some.Id -PassThru 6>$null' }
        @{ Case = '-Name'; Line = 'Watch-AsyncTask -Name some* -PassThru 6>$null' }
    ) {
        $output = Invoke-InSession $session "`$other = Start-AsyncSleep 600; `$some = 'some1', 'some2' | ForEach-Object { Start-AsyncSleep 0.2 -Name `$_ }; $Line; `$other.State; Stop-AsyncTask `$other"
        $output.Count | Should -Be 3
        $output[0, 1].Name | Should -Be 'some1', 'some2'
        $output[0, 1].State | Should -Be 'Completed', 'Completed'
        $output[2] | Should -Be 'Running'
    }

    It 'says which task is not known' {
        $output = Invoke-InSession $session 'Watch-AsyncTask -Id 2147483647 -ErrorVariable failure -ErrorAction SilentlyContinue 6>$null; $failure.FullyQualifiedErrorId
            Watch-AsyncTask -Name nobody -ErrorVariable failure -ErrorAction SilentlyContinue 6>$null; $failure.FullyQualifiedErrorId'
        $output | Should -Be 'TaskNotFound,AsyncJobs.WatchAsyncTaskCommand', 'TaskNotFound,AsyncJobs.WatchAsyncTaskCommand'
    }

    It 'writes no output without -PassThru, and marks no failure as seen' {
        $output = Invoke-InSession $session '$task = async { await (Start-AsyncSleep 0.01); throw "no luck" }; Watch-AsyncTask 6>$null; try { await $task } catch { "$_" }'
        $output | Should -Be 'no luck'
    }

    It 'ends at -TimeoutSec, and the tasks go on' {
        Invoke-InSession $session '$task = Start-AsyncSleep 600; Watch-AsyncTask -TimeoutSec 0.2 6>$null; $task.State; Stop-AsyncTask $task' | Should -Be 'Running'
    }

    It 'ends with its pipeline, and leaves the tasks and no timer' {
        $null = Invoke-InSession $session '$task = Start-AsyncSleep 600; $lazy = async { Wait-AsyncEvent (New-AsyncEvent) }'
        Stop-InSession $session '$signal.Set(); Watch-AsyncTask 6>$null' | Should -BeLessThan ([TimeSpan]::FromSeconds(10))
        Invoke-InSession $session '$task.State; $lazy.State; (Get-AsyncLoop).IsRunning; Get-AsyncTask | Stop-AsyncTask -Wait' | Should -Be 'Running', 'Running', $false
    }

    It 'is refused in <Place>' -TestCases @(
        @{ Place = 'a coroutine'; Script = '$task = async { await (Start-AsyncSleep 0); Watch-AsyncTask }; try { await $task } catch { $_.FullyQualifiedErrorId }' }
        @{ Place = 'a thread task'; Script = '$task = Start-AsyncTask -OnThread { Watch-AsyncTask }; try { await $task } catch { $_.FullyQualifiedErrorId }' }
        @{ Place = 'a callback'; Script = '$seen = @{ }; $null = Register-AsyncCallback -After 0 { try { Watch-AsyncTask } catch { $seen.id = $_.FullyQualifiedErrorId } }; await (Start-AsyncSleep 0.3); $seen.id' }
    ) {
        Invoke-InSession $session $Script | Should -Be 'WatchInTask,AsyncJobs.WatchAsyncTaskCommand'
    }

    It 'refuses <Line>' -TestCases @(
        @{ Line = 'Watch-AsyncTask -IntervalSec 0'; ErrorId = 'ParameterArgumentValidationError' }
        @{ Line = 'Watch-AsyncTask -TimeoutSec 0'; ErrorId = 'ParameterArgumentValidationError' }
        @{ Line = 'Watch-AsyncTask (New-Future)'; ErrorId = 'CannotConvertArgumentNoMessage' }
    ) {
        Invoke-InSession $session "try { $Line } catch { `$_.FullyQualifiedErrorId }" | Should -Be "$ErrorId,AsyncJobs.WatchAsyncTaskCommand"
    }

    It 'shows ten thousand tasks' {
        $lines = Invoke-InSession $session '$go = New-AsyncEvent; $null = 1..10000 | ForEach-Object { async { Wait-AsyncEvent $go } }
            $null = Register-AsyncCallback -After 0.5 { Set-AsyncEvent $go }
            Watch-AsyncTask -IntervalSec 0.1 6>&1' -TimeoutSec 120
        "$($lines[0])" | Should -Match "10.?000 tasks left: 10.?000 waiting"
        "$($lines[-1])" | Should -Match "0 tasks left: 10.?000 completed"
    }
    It 'goes on while the clock of a test stands still' {
        $lines = Invoke-InSession $session '$clock = [AsyncJobs.ManualTimeProvider]::new()
            Set-AsyncLoop -TimeProvider $clock
            $gate = [Threading.ManualResetEventSlim]::new()
            $task = async -OnThread { $null = ($using:gate).Wait(60000) }
            $null = async -Name opener -OnThread { Start-Sleep -Milliseconds 1500; ($using:gate).Set() }
            Watch-AsyncTask $task -IntervalSec 0.1 6>&1
            Set-AsyncLoop -TimeProvider $null' -TimeoutSec 120
        $lines.Count | Should -BeGreaterThan 2
        "$($lines[-1])" | Should -Match '0 tasks left: 1 completed'
    }
}
