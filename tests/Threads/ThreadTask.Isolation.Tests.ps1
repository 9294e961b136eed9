BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A thread task sees nothing of the one before it' {
    BeforeEach {
        # Its own session, so that there is one worker, and both tasks get it.
        $session = New-TestSession
        function Invoke-Pair([scriptblock] $First, [scriptblock] $Second) {
            Invoke-InSession $session @"
                try { `$null = await (Start-AsyncTask { $First }) -TimeoutSec 60 -ErrorAction Ignore -WarningAction Ignore } catch { }
                await (Start-AsyncTask { $Second }) -TimeoutSec 60
"@
        }
    }

    AfterEach { Remove-TestSession $session }

    It '<What>' -TestCases @(
        @{ What = 'local variables'; First = { $leak = 1; ${other leak} = 1 }; Second = { "$leak${other leak}" }; Expected = '' }
        @{ What = 'global variables'; First = { $global:leak = 1; Set-Variable leak2 1 -Scope Global }; Second = { "<$global:leak$global:leak2>" }; Expected = '<>' }
        @{ What = 'read-only global variables'; First = { Set-Variable leak 1 -Scope Global -Option ReadOnly }; Second = { "<$global:leak>" }; Expected = '<>' }
        @{ What = 'constant global variables'; First = { Set-Variable leak 1 -Scope Global -Option Constant }; Second = { "<$global:leak>" }; Expected = '<>' }
        @{ What = 'script variables'; First = { $script:leak = 1 }; Second = { "<$script:leak>" }; Expected = '<>' }
        @{ What = 'changed preferences'; First = { $global:ErrorActionPreference = 'Stop'; $VerbosePreference = 'Continue' }; Second = { "$ErrorActionPreference $VerbosePreference" }; Expected = 'Continue SilentlyContinue' }
        @{ What = 'removed variables'; First = { Remove-Variable ConfirmPreference -Scope Global -Force }; Second = { "$ConfirmPreference" }; Expected = 'High' }
        @{ What = 'default parameter values'; First = { $PSDefaultParameterValues['Get-Random:Maximum'] = 1; $global:PSDefaultParameterValues['*:Verbose'] = $true }; Second = { $PSDefaultParameterValues.Count }; Expected = 0 }
        @{ What = 'the location'; First = { Set-Location / }; Second = { $PWD.Path }; Expected = { $PWD.Path } }
        @{ What = 'a location that is no folder'; First = { Set-Location env: }; Second = { $PWD.Path }; Expected = { $PWD.Path } }
        @{ What = 'the location stack'; First = { Push-Location /; Push-Location / }; Second = { (Get-Location -Stack).Count }; Expected = 0 }
        @{ What = 'drives'; First = { New-PSDrive Leak FileSystem / -Scope Global }; Second = { @(Get-PSDrive Leak -ErrorAction Ignore).Count }; Expected = 0 }
        @{ What = 'functions'; First = { function global:Get-Leak { } }; Second = { @(Get-Command Get-Leak -ErrorAction Ignore).Count }; Expected = 0 }
        @{ What = 'redefined functions'; First = { function global:prompt { 'leak' } }; Second = { prompt }; Expected = { prompt } }
        @{ What = 'removed functions'; First = { Remove-Item function:prompt }; Second = { @(Get-Command prompt -CommandType Function).Count }; Expected = 1 }
        @{ What = 'aliases'; First = { Set-Alias leak Get-Item -Scope Global }; Second = { @(Get-Alias leak -ErrorAction Ignore).Count }; Expected = 0 }
        @{ What = 'changed aliases'; First = { Set-Alias cd Get-Item -Scope Global -Force -Option AllScope }; Second = { (Get-Alias cd).Definition }; Expected = 'Set-Location' }
        @{ What = 'removed aliases'; First = { Remove-Alias % -Force }; Second = { (Get-Alias %).Definition }; Expected = 'ForEach-Object' }
        @{ What = 'errors'; First = { Write-Error leak; 1 / 0; Get-Item /no/such/thing }; Second = { $Error.Count }; Expected = 0 }
        @{ What = 'errors of plain computation'; First = { 1 / 0 }; Second = { $Error.Count }; Expected = 0 }
        @{ What = 'an exit code'; First = { dotnet --version; $global:LASTEXITCODE = 7 }; Second = { "<$LASTEXITCODE>" }; Expected = '<>' }
        @{ What = 'strict mode'; First = { Set-StrictMode -Version 3 }; Second = { "<$($undefined.Nothing)>" }; Expected = '<>' }
        @{ What = 'the culture'; First = { [Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; [cultureinfo]::CurrentUICulture = 'de-DE' }; Second = { [cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentUICulture.Name }; Expected = { [cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentUICulture.Name } }
        @{ What = 'event subscribers'; First = { Register-EngineEvent leak -Action { } }; Second = { @(Get-EventSubscriber).Count }; Expected = 0 }
        @{ What = 'events'; First = { New-Event leak }; Second = { @(Get-Event).Count }; Expected = 0 }
        @{ What = 'jobs'; First = { Start-ThreadJob { } }; Second = { @(Get-Job).Count }; Expected = 0 }
        @{ What = 'tasks'; First = { Start-AsyncSleep 60 }; Second = { @(Get-AsyncTask).Count }; Expected = 0 }
        @{ What = 'type data'; First = { Update-TypeData -TypeName System.Int32 -MemberName Leak -MemberType NoteProperty -Value 1 }; Second = { "<$((1).Leak)>" }; Expected = '<>' }
        @{ What = 'type data by a qualified name'; First = { Microsoft.PowerShell.Utility\Update-TypeData -TypeName System.Int32 -MemberName Leak -MemberType NoteProperty -Value 1 }; Second = { "<$((1).Leak)>" }; Expected = '<>' }
        @{ What = 'type data by an alias'; First = { Set-Alias utd Update-TypeData; utd -TypeName System.Int32 -MemberName Leak -MemberType NoteProperty -Value 1 }; Second = { "<$((1).Leak)>" }; Expected = '<>' }
        @{ What = 'type data by text'; First = { Invoke-Expression 'Update-TypeData -TypeName System.Int32 -MemberName Leak -MemberType NoteProperty -Value 1' }; Second = { "<$((1).Leak)>" }; Expected = '<>' }
        @{ What = 'named location stacks'; First = { Push-Location / -StackName leak }; Second = { @(Get-Location -StackName leak -ErrorAction Ignore).Count }; Expected = 0 }
        @{ What = 'what may run'; First = { $ExecutionContext.SessionState.Applications.Clear(); $ExecutionContext.SessionState.Scripts.Clear() }; Second = { "$($ExecutionContext.SessionState.Applications) $($ExecutionContext.SessionState.Scripts)" }; Expected = '* *' }
        @{ What = 'the name of the runspace'; First = { [runspace]::DefaultRunspace.Name = 'leak' }; Second = { [runspace]::DefaultRunspace.Name -eq 'leak' }; Expected = $false }
        @{ What = 'the mode of the debugger'; First = { [runspace]::DefaultRunspace.Debugger.SetDebugMode('None') }; Second = { "$([runspace]::DefaultRunspace.Debugger.DebugMode)" }; Expected = 'Default' }
        @{ What = 'the priority of the thread'; First = { [Threading.Thread]::CurrentThread.Priority = 'Lowest' }; Second = { "$([Threading.Thread]::CurrentThread.Priority)" }; Expected = 'Normal' }
        @{ What = 'what flows with execution'; First = { $null = [Diagnostics.Activity]::new('leak').Start(); [Threading.SynchronizationContext]::SetSynchronizationContext([Threading.SynchronizationContext]::new()) }; Second = { "<$([Diagnostics.Activity]::Current)$([Threading.SynchronizationContext]::Current)>" }; Expected = '<>' }
        @{ What = 'command hooks'; First = { $ExecutionContext.InvokeCommand.PreCommandLookupAction = { throw 'leak' } }; Second = { Get-Item / | ForEach-Object Name }; Expected = '/' }
        @{ What = 'what finds commands'; First = { $ExecutionContext.InvokeCommand.CommandNotFoundAction = { $args[1].CommandScriptBlock = { 'leak' } } }; Second = { try { Get-NoSuchThing } catch { 'none' } }; Expected = 'none' }
        @{ What = 'what looks at commands'; First = { $ExecutionContext.InvokeCommand.PostCommandLookupAction = { $args[1].CommandScriptBlock = { 'leak' } } }; Second = { Get-Item / | ForEach-Object Name }; Expected = '/' }
        @{ What = 'the language mode'; First = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage' }; Second = { "$($ExecutionContext.SessionState.LanguageMode)" }; Expected = 'FullLanguage' }
    ) {
        $wanted = $Expected -is [scriptblock] ? (Invoke-InSession $session "$Expected") : $Expected
        Invoke-Pair $First $Second | Should -Be $wanted
    }

    It 'modules that no other task would find' {
        $file = "$TestDrive/Leak.psm1"
        Set-Content $file 'function Get-Leak { }; $leak = 1; Export-ModuleMember -Function * -Variable *'
        Invoke-Pair ([scriptblock]::Create("Import-Module '$file'; Get-Leak")) { @(Get-Command Get-Leak -ErrorAction Ignore).Count; "<$leak>"; @(Get-Module Leak).Count } |
            Should -Be 0, '<>', 0
    }

    It 'nor of one that was stopped or has failed half way' {
        Invoke-InSession $session @'
            $done = New-AsyncEvent
            $task = Start-AsyncTask { $global:leak = 1; Set-Location /; Set-AsyncEvent $using:done; Start-Sleep 600 }
            Wait-AsyncEvent $done -TimeoutSec 60
            Stop-AsyncTask $task
            try { await $task -TimeoutSec 60 } catch { }
            try { await (Start-AsyncTask { $global:leak = 1; Set-Location /; throw 'x' }) } catch { }
            await (Start-AsyncTask { "<$global:leak> $($PWD.Path)" }) -TimeoutSec 60
'@ | Should -Be "<> $($PWD.Path)"
    }

    It 'nor may it do more than its caller may' {
        Invoke-InSession $session @'
            $null = await (Start-AsyncTask { 1 }) -TimeoutSec 60
            $number = 5
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            await (Start-AsyncTask { $number; "$($ExecutionContext.SessionState.LanguageMode)"; try { [IO.File]::Exists('/') } catch { 'refused' } }) -TimeoutSec 60
'@ | Should -Be 5, 'ConstrainedLanguage', 'refused'
    }

    It 'keeps its runspace where what was changed can be put back' {
        $ids = Invoke-InSession $session @'
            await (Start-AsyncTask { $global:leak = 1; function global:Get-Leak { }; Set-Alias leak ls -Scope Global; Set-Location /; Write-Error x -ErrorAction Ignore; [runspace]::DefaultRunspace.Id })
            await (Start-AsyncTask { [runspace]::DefaultRunspace.Id })
'@
        $ids[0] | Should -Be $ids[1]
    }
}

Describe 'The pool of thread tasks' {
    BeforeEach { $session = New-TestSession }
    AfterEach { Remove-TestSession $session }

    It 'opens no runspace for each of many tasks that are over at once' {
        Invoke-InSession $session @'
            (1..2000 | Start-AsyncTask { $_ } | Wait-AsyncGather | Measure-Object -Sum).Sum
            (Get-AsyncLoop).Threads -lt 200
'@ | Should -Be 2001000, $true
    }

    It 'runs all at once that it may where each holds its runspace' {
        Invoke-InSession $session @'
            $gate = [Threading.CountdownEvent]::new(30)
            1..30 | Start-AsyncTask { $g = $using:gate; $null = $g.Signal(); $g.Wait(60000) } | await -TimeoutSec 90 | Select-Object -Unique
'@ | Should -Be $true
    }

    It 'lets tasks go at once that are stopped while they wait for a runspace' {
        Invoke-InSession $session @'
            $gate = [Threading.ManualResetEventSlim]::new()
            $tasks = 1..60 | Start-AsyncTask { $null = ($using:gate).Wait(60000); $_ }
            $tasks | Select-Object -Skip 4 | Stop-AsyncTask
            $gate.Set()
            $results = $tasks | Wait-AsyncGather -ReturnExceptions -TimeoutSec 60
            @($tasks | Where-Object IsCompleted).Count
            @($results | Where-Object { $_ -is [OperationCanceledException] }).Count -le 56
            $results[0..3]
            await (Start-AsyncTask { 'next' }) -TimeoutSec 60
'@ | Should -Be 60, $true, 1, 2, 3, 4, 'next'
    }

    It 'runs no more at once than Set-AsyncLoop allows, and more when it allows more' {
        Invoke-InSession $session @'
            Set-AsyncLoop -ThreadLimit 2
            $tasks = 1..6 | Start-AsyncTask { Start-Sleep -Milliseconds 100 }
            (Get-AsyncLoop).RunningTasks -le 2
            (Get-AsyncLoop).ThreadLimit
            $tasks | await -TimeoutSec 60
            (Get-AsyncLoop).Threads -le 2
            Set-AsyncLoop -ThreadLimit 8
            $gate = [Threading.CountdownEvent]::new(8)
            1..8 | Start-AsyncTask { $g = $using:gate; $null = $g.Signal(); $g.Wait(60000) } | await -TimeoutSec 90 | Select-Object -Unique
'@ | Should -Be $true, 2, $true, $true
    }

    It 'is never used up by tasks that wait for tasks' {
        Invoke-InSession $session @'
            Set-AsyncLoop -ThreadLimit 2
            $tasks = 1..4 | Start-AsyncTask { $outer = $_; 1..3 | Start-AsyncTask { "$using:outer.$_" } | await }
            ($tasks | await -TimeoutSec 60) -join ' '
            (Get-AsyncLoop).PendingTasks
            1..4 | Start-AsyncTask { 1 } | await -TimeoutSec 60 | Measure-Object | ForEach-Object Count
'@ | Should -Be '1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3', 0, 4
    }

    It 'goes on when a runspace breaks' {
        Invoke-InSession $session @'
            $id = await (Start-AsyncTask { [runspace]::DefaultRunspace.Id }) -TimeoutSec 60
            (Get-Runspace -Id $id).Dispose()
            await (Start-AsyncTask { 'after an idle one' }) -TimeoutSec 60
            $task = Start-AsyncTask { [runspace]::DefaultRunspace.CloseAsync(); Start-Sleep 600 }
            try { await $task -TimeoutSec 60 } catch { }
            $task.IsCompleted
            await (Start-AsyncTask { 'next' }) -TimeoutSec 60
'@ | Should -Be 'after an idle one', $true, 'next'
    }
}
