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

Describe 'The idle prompt' -Skip:(-not $hasTerminal) {
    BeforeAll {
        $terminal = New-Prompt
        $null = Invoke-AtPrompt $terminal '$log = [Collections.Generic.List[string]]::new(); $null = Get-AsyncLoop'
        $subscribers = Invoke-AtPrompt $terminal '$ExecutionContext.Events.Subscribers.Count'
    }

    AfterAll {
        ${terminal}?.Dispose()
    }

    AfterEach {
        # Nothing is pending now, and PowerShell's event is subscribed to no longer.
        Invoke-AtPrompt $terminal '@(Get-AsyncTask).Count; $ExecutionContext.Events.Subscribers.Count' | Should -Be 0, $subscribers
    }

    It 'runs a coroutine to its end, whose result stays in the task' {
        $file = Join-Path $TestDrive written
        $null = Invoke-AtPrompt $terminal "`$task = async { await (Start-AsyncSleep 0.2); Set-Content '$file' written; 42 }"
        Wait-Until -TimeoutSec 60 { Test-Path $file }
        Wait-AtPrompt $terminal '$task.IsCompleted'
        Invoke-AtPrompt $terminal '$task.Result' | Should -Be 42
    }

    It 'runs a periodic coroutine again and again, until it is stopped' {
        $null = Invoke-AtPrompt $terminal '$count = @{ n = 0 }; $task = async -Every 0.05 { await (Start-AsyncSleep 0); $count.n++ }'
        Wait-AtPrompt $terminal '$count.n -ge 3'
        $null = Invoke-AtPrompt $terminal 'Stop-AsyncTask $task'
        Wait-AtPrompt $terminal '$task.State -eq "Stopped"'
    }

    It 'runs the finally, awaits included, of a coroutine that is stopped there' {
        $null = Invoke-AtPrompt $terminal '$log.Clear(); $lock = New-AsyncLock; $task = async { Enter-AsyncLock $lock; try { await (New-Future) } finally { await (Start-AsyncSleep 0.1); Exit-AsyncLock $lock; $log.Add("finally") } }'
        $null = Invoke-AtPrompt $terminal 'Stop-AsyncTask $task'
        Wait-AtPrompt $terminal '$task.State -eq "Stopped"'
        Invoke-AtPrompt $terminal '$log; $lock.IsHeld' | Should -Be 'finally', 'False'
    }

    It 'runs callbacks: <Kind>' -TestCases @(
        @{ Kind = 'after a time'; Line = '$null = Register-AsyncCallback -After 0.2 -Action { $log.Add("called") }' }
        @{ Kind = 'of a task'; Line = '$null = Register-AsyncCallback (Start-AsyncSleep 0.2) { $log.Add("called") }' }
        @{ Kind = 'of a future that a thread completes'
            Line = '$future = New-Future; $future.AddDoneCallback({ $log.Add("called") }); $null = Start-AsyncTask { Start-Sleep -Milliseconds 300; $future.SetResult(1) }'
        }
    ) {
        $null = Invoke-AtPrompt $terminal "`$log.Clear(); $Line"
        Wait-AtPrompt $terminal '$log.Count -eq 1'
        Wait-AtPrompt $terminal '(Get-AsyncTask).Count -eq 0'
    }

    It 'subscribes to no event while a callback has been taken back' {
        $null = Invoke-AtPrompt $terminal 'Register-AsyncCallback (New-Future) { } | Unregister-AsyncCallback; Register-AsyncCallback -After 600 { } | Unregister-AsyncCallback'
    }

    It 'shows the records of a coroutine, and reads the next line as ever' {
        $null = Invoke-AtPrompt $terminal '$task = async { await (Start-AsyncSleep 0.2); Write-Warning ("war" + "ned"); Write-Error ("fai" + "led"); Write-Host ("hos" + "ted"); 7 }'
        foreach ($record in 'WARNING: warned', 'Write-Error: failed', 'hosted') {
            { $terminal.WaitFor($record, $terminal.Place, 60) } | Should -Not -Throw
        }

        Wait-AtPrompt $terminal '$task.IsCompleted'
        Invoke-AtPrompt $terminal '"read"' | Should -Be 'read'
    }

    It 'is hidden from the list of subscriptions and of jobs' {
        $null = Invoke-AtPrompt $terminal '$task = async { await (New-Future) }'
        Invoke-AtPrompt $terminal '@(Get-EventSubscriber).Count; @(Get-Job).Count' | Should -Be 0, 0
        $null = Invoke-AtPrompt $terminal 'Stop-AsyncTask $task'
        Wait-AtPrompt $terminal '$task.IsCompleted'
    }

    It 'keeps what is typed while a step holds the prompt' {
        $null = Invoke-AtPrompt $terminal '$task = async { await (Start-AsyncSleep 0.2); Write-Host ("beg" + "un"); Start-Sleep 2 }'
        $null = $terminal.WaitFor('begun', $terminal.Place, 60)
        Invoke-AtPrompt $terminal '6 * 7' | Should -Be 42
        Wait-AtPrompt $terminal '$task.IsCompleted'
    }

    It 'leaves the loop alone in <Where>' -TestCases @(
        @{ Where = 'a nested prompt'; Enter = '$Host.EnterNestedPrompt()'; Prompt = 'PS [^\r\n]*>> '; Leave = 'exit' }
        @{ Where = 'the debugger'; Enter = 'Wait-Debugger'; Prompt = '\[DBG\]: PS [^\r\n]*>> '; Leave = 'c' }
    ) {
        $null = Invoke-AtPrompt $terminal '$count = @{ n = 0 }; $task = async -Every 0.05 { await (Start-AsyncSleep 0); $count.n++ }'
        Wait-AtPrompt $terminal '$count.n -ge 1'
        $terminal.Type("& { `$before = `$count.n; $Enter; 'more: {0}.' -f (`$count.n - `$before) }`r")
        $null = $terminal.WaitFor($Prompt, $terminal.Place, 60)
        Start-Sleep 1.5
        $terminal.Type("$Leave`r")
        $terminal.Place = $terminal.WaitFor('more: 0\.\s[^>]*> ', $terminal.Place, 60)
        $null = Invoke-AtPrompt $terminal 'Stop-AsyncTask $task'
        Wait-AtPrompt $terminal '$task.IsCompleted'
    }

    It 'lets no step begin that the debugger could stop in' {
        $null = Invoke-AtPrompt $terminal '$point = Set-PSBreakpoint -Command Get-Culture; $task = async { await (Start-AsyncSleep 0.1); $null = Get-Culture; 7 }'
        Wait-AtPrompt $terminal '(Get-AsyncLoop).StandsStill -and $task.StandsStill'
        $null = Invoke-AtPrompt $terminal '$point | Remove-PSBreakpoint'
        Wait-AtPrompt $terminal '$task.Result -eq 7'
    }

    It 'runs no step between two statements of a command line that takes its time' {
        $null = Invoke-AtPrompt $terminal '$count = @{ n = 0 }; $task = async -Every 0.05 { await (Start-AsyncSleep 0); $count.n++ }'
        Invoke-AtPrompt $terminal '$before = $count.n; foreach ($i in 1..15) { Start-Sleep -Milliseconds 100 }; $count.n - $before' | Should -Be 0
        $null = Invoke-AtPrompt $terminal 'Stop-AsyncTask $task'
        Wait-AtPrompt $terminal '$task.IsCompleted'
    }

    It 'goes on after <Command>' -TestCases @(
        @{ Command = 'Import-Module -Force'; Line = 'Import-Module (Get-Module AsyncJobs).Path -Force' }
        @{ Command = 'Remove-Module and Import-Module'; Line = '$path = (Get-Module AsyncJobs).Path; Remove-Module AsyncJobs; Import-Module $path' }
        @{ Command = 'Import-Module -Force in a coroutine'; Line = '$path = (Get-Module AsyncJobs).Path; $null = async { await (Start-AsyncSleep 0.1); Import-Module $path -Force; $log.Add("imported") }' }
    ) {
        $null = Invoke-AtPrompt $terminal '$log.Clear(); $old = async { await (New-Future) }'
        $null = Invoke-AtPrompt $terminal $Line
        Wait-AtPrompt $terminal '$old.State -eq "Stopped"'
        $null = Invoke-AtPrompt $terminal '$task = async { await (Start-AsyncSleep 0.1); $log.Add("went on") }'
        Wait-AtPrompt $terminal '"$log" -like "*went on"'
    }
}

Describe 'An idle prompt without a line editor' -Skip:(-not $hasTerminal) {
    It 'runs coroutines as well' {
        $terminal = New-Prompt
        try {
            $null = Invoke-AtPrompt $terminal 'Remove-Module PSReadLine'
            $null = Invoke-AtPrompt $terminal '$task = async { await (Start-AsyncSleep 0.1); Write-Host ("ho" + "sted"); 7 }'
            { $terminal.WaitFor('hosted', $terminal.Place, 60) } | Should -Not -Throw
            Wait-AtPrompt $terminal '$task.Result -eq 7'
            Invoke-AtPrompt $terminal '@($ExecutionContext.Events.Subscribers.SourceIdentifier) -like "*Idle"' | Should -BeNullOrEmpty
            $null = Invoke-AtPrompt $terminal '$task = async -Every 0.1 -Count 5 { await (Start-AsyncSleep 0); 7 }'
            Wait-AtPrompt $terminal '$task.Result.Count -eq 5'
        }
        finally {
            $terminal.Dispose()
        }
    }
}

Describe 'A session without a prompt' {
    It 'says that its loop stands still, while it does' {
        Invoke-InOwnProcess '
            $null = (Get-AsyncLoop).StandsStill
            $task = Start-AsyncTask { await (Start-AsyncSleep 0.1); (Get-AsyncLoop).StandsStill; (Get-AsyncTask -Current).StandsStill }
            Start-Sleep 1
            "$((Get-AsyncLoop).StandsStill) $((Get-AsyncTask).StandsStill) $((Get-AsyncTask | Out-String) -match "Stands still")"
            await $task
            "$((Get-AsyncLoop).StandsStill) $($task.StandsStill)"' |
            Should -Be 'True True True', 'False', 'False', 'False False'
    }

    It 'says so of a runspace of a host' {
        $session = New-TestSession
        try {
            Invoke-InSession $session '(Get-AsyncLoop).StandsStill; $task = Start-AsyncTask { await (Start-AsyncSleep 0.1) }' | Should -BeFalse
            Start-Sleep -Milliseconds 600
            Invoke-InSession $session '(Get-AsyncLoop).StandsStill; $task.StandsStill; $task.State; $ExecutionContext.Events.Subscribers.SourceIdentifier -eq "PowerShell.OnIdle"' |
                Should -Be $true, $true, 'Running'
        }
        finally {
            Remove-TestSession $session
        }
    }
}
