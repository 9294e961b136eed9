BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'The streams of a thread task' {
    It 'all come to who waits, in order' {
        $DebugPreference = 'Continue'
        $all = await (Start-AsyncTask {
                Write-Warning w1
                Write-Verbose v1 -Verbose
                Write-Information i1
                Write-Host h1
                Write-Debug d1
                Write-Error e1
                Write-Warning w2
                'out'
            }) -TimeoutSec 60 -InformationAction Continue -Verbose *>&1
        "$all" | Should -Be 'w1 v1 i1 h1 d1 e1 w2 out'
    }

    It 'under the preferences of who waits' {
        $block = { Write-Warning w; Write-Verbose v -Verbose; Write-Error e; 'out' }
        await (Start-AsyncTask $block) -TimeoutSec 60 -WarningAction Ignore -ErrorAction Ignore *>&1 | Should -Be 'out'
        { await (Start-AsyncTask $block) -TimeoutSec 60 -WarningAction Ignore -ErrorAction Stop } | Should -Throw 'e'
    }

    It 'fill -ErrorVariable, -WarningVariable and -InformationVariable' {
        await (Start-AsyncTask { Write-Error e; Write-Warning w; Write-Information i; Write-Host h }) -TimeoutSec 60 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -ErrorVariable errors -WarningVariable warnings -InformationVariable information 6>$null
        "$errors $warnings $information" | Should -Be 'e w i h'
    }

    It 'come while the task runs' {
        $gate = [Threading.ManualResetEventSlim]::new()
        $first = Start-AsyncTask { Write-Warning early; $null = $gate.Wait(60000) }
        try {
            await $first -TimeoutSec 60 3>&1 | ForEach-Object { $seen = "$_"; $gate.Set() }
            $seen | Should -Be 'early'
        }
        finally { $gate.Set() }
    }

    It 'are kept on the task while nobody waits, and come once' {
        $task = Start-AsyncTask { Write-Warning w; Write-Error e; Write-Verbose v -Verbose; Write-Debug d -Debug; Write-Information i; Write-Host h; Write-Progress -Activity a -Status s }
        Wait-Until { $task.IsCompleted }
        $task.Streams.Warning.Message | Should -Be 'w'
        "$($task.Streams.Error) $($task.Streams.Verbose) $($task.Streams.Debug) $($task.Streams.Information)" | Should -Be 'e v d i h'
        $task.Streams.Progress.RecordType | Should -Be 'Processing', 'Completed'
        $null = await $task -TimeoutSec 60 *>&1
        $task.Streams.Error.Count + $task.Streams.Warning.Count + $task.Streams.Information.Count | Should -Be 0
        (Start-AsyncSleep 0).Streams | Should -BeNullOrEmpty
    }

    It 'keep the progress bars of many tasks apart, and clear what a task leaves behind' {
        $tasks = 1..3 | Start-AsyncTask {
            Write-Progress -Id 1 -Activity "a$_" -Status s -PercentComplete 5
            Write-Progress -Id 2 -ParentId 1 -Activity "b$_" -Status s
            Write-Progress -Id 1 -Activity "a$_" -Completed
        }
        Wait-Until { -not ($tasks | Where-Object { -not $_.IsCompleted }) }
        $records = $tasks | ForEach-Object { $_.Streams.Progress }
        $records.Count | Should -Be 12
        ($records | Sort-Object ActivityId -Unique).Count | Should -Be 6
        $records | Group-Object ActivityId | ForEach-Object { $_.Group[-1].RecordType | Should -Be 'Completed' }
        foreach ($group in $records | Group-Object { $_.Activity.Substring(1) }) {
            $parent = ($group.Group | Where-Object Activity -like a*)[0].ActivityId
            ($group.Group | Where-Object Activity -like b*)[0].ParentActivityId | Should -Be $parent
        }
        $null = $tasks | await -TimeoutSec 60
    }

    It 'go to -StreamingHost at once' {
        $session = New-TestSession
        try {
            Invoke-InSession $session @'
                $task = Start-AsyncTask { Write-Host shown; Write-Warning kept } -StreamingHost $Host
                Wait-Until { $task.IsCompleted }
                $task.Streams.Information.Count
                $task.Streams.Warning.Count
'@ | Should -Be 0, 1
        }
        finally { Remove-TestSession $session }
    }
}

Describe 'The errors of a thread task' {
    It 'keep position and stack: <Scenario>' -TestCases @(
        @{ Scenario = 'throw'; Block = { throw 'broken' } }
        @{ Scenario = '-ErrorAction Stop'; Block = { Get-Item '/no/such' -ErrorAction Stop } }
        @{ Scenario = 'a failed statement'; Block = { 1 / 0 } }
        @{ Scenario = 'a non-terminating one'; Block = { Get-Item '/no/such' } }
        @{ Scenario = 'Write-Error'; Block = { Write-Error 'broken' } }
    ) {
        $record = try { await (Start-AsyncTask $Block) -TimeoutSec 60 -ErrorAction SilentlyContinue -ErrorVariable records; $records[0] } catch { $_ }
        $record.InvocationInfo.ScriptName | Should -Be $PSCommandPath
        $record.InvocationInfo.ScriptLineNumber | Should -Be $Block.StartPosition.StartLine
        $record.ScriptStackTrace | Should -BeLike "*${PSCommandPath}: line $($Block.StartPosition.StartLine)*"
    }

    It 'are caught by type around the await' {
        $caught = try { await (Start-AsyncTask { throw [IO.InvalidDataException]::new('bad') }) -TimeoutSec 60 }
        catch [IO.FileNotFoundException] { 'wrong' }
        catch [IO.InvalidDataException] { "data: $_" }
        $caught | Should -Be 'data: bad'
    }

    It 'come from native commands where the preference says so' {
        $pwsh = Get-PowerShellHost
        $PSNativeCommandUseErrorActionPreference = $true
        $block = { & $pwsh.FilePath @($pwsh.ArgumentList) -NoProfile -Command 'exit 3'; "went on with $LASTEXITCODE" }
        await (Start-AsyncTask $block) -TimeoutSec 60 -ErrorAction SilentlyContinue -ErrorVariable errors | Should -Be 'went on with 3'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ProgramExitedWithNonZeroCode*'
        $ErrorActionPreference = 'Stop'
        { await (Start-AsyncTask $block) -TimeoutSec 60 } | Should -Throw -ErrorId ProgramExitedWithNonZeroCode*
        $null = $PSNativeCommandUseErrorActionPreference
    }

    It 'exit ends the block, and nothing else' {
        await (Start-AsyncTask { 1; exit 3; 2 }) -TimeoutSec 60 | Should -Be 1
        await (Start-AsyncTask { 'still here' }) -TimeoutSec 60 | Should -Be 'still here'
    }

    It 'parse errors of generated code fail the task' {
        { await (Start-AsyncTask { Invoke-Expression 'if (' }) -TimeoutSec 60 -ErrorAction Stop } | Should -Throw -ErrorId 'IfStatementMissingCondition*'
    }

    It 'a break without a loop ends the block' {
        await (Start-AsyncTask { 1; break; 2 }) -TimeoutSec 60 | Should -Be 1
        await (Start-AsyncTask { 'still here' }) -TimeoutSec 60 | Should -Be 'still here'
    }
}

Describe 'What a program writes to its error stream in a thread task' {
    BeforeAll {
        $pwsh = Get-PowerShellHost
        $block = { & $pwsh.FilePath @($pwsh.ArgumentList) -NoProfile -Command '[Console]::Error.WriteLine("warn"); "out"' }
    }

    It 'comes as a record to who asks for it, as of the program itself' {
        $written = await (Start-AsyncTask $block) -TimeoutSec 60 2>&1
        $written | ForEach-Object { "$($_.GetType().Name) $_" } | Sort-Object | Should -Be 'ErrorRecord warn', 'String out'
    }

    It 'is shown as the line that it is' {
        $record = await (Start-AsyncTask $block) -TimeoutSec 60 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
        ($record | Out-String).Trim() | Should -Be 'warn'
    }

    It 'fails nothing where errors end the script: <Waiter>' -TestCases @(
        @{ Waiter = 'await'; Script = 'await (Start-AsyncTask $block) -TimeoutSec 60' }
        @{ Waiter = 'ForEach-Async'; Script = '1 | ForEach-Async -OnThread { & $block }' }
        @{ Waiter = 'a coroutine'; Script = 'await (async { await (Start-AsyncTask -OnThread $block) }) -TimeoutSec 60' }
        @{ Waiter = '-ErrorAction Stop'; Script = '$ErrorActionPreference = "Continue"; await (Start-AsyncTask $block) -TimeoutSec 60 -ErrorAction Stop' }
    ) {
        # In a session without a console, to which the line would go.
        $session = New-TestSession
        try {
            Invoke-InSession $session "`$block = { $block }; `$ErrorActionPreference = 'Stop'; $Script" -Variable @{ pwsh = $pwsh } | Should -Be 'out'
        }
        finally {
            Remove-TestSession $session
        }
    }
}

Describe 'What a thread task writes to its host' {
    BeforeAll {
        Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
        $before = @'
            $PSStyle.OutputRendering = 'PlainText'
            $block = {
                New-Item 'made by nobody' -WhatIf
                'out of the pipeline' | Out-Host
                [pscustomobject] @{ Name = 'shown' } | Out-Default
                Write-Host 'one' -NoNewline; Write-Host ' line'
                $Host.UI.Write('written '); $Host.UI.WriteLine('so')
                Write-Warning 'a warning'
                $Host.UI.WriteLine('after it')
                Write-Information 'not shown'
            }
'@
    }

    It 'is shown as in plain script, in the order of its records' {
        # What is shown with each way; one process for all, since it takes long to begin.
        $ways = '& $block', 'Start-AsyncTask $block | Wait-AsyncTask', 'Start-AsyncTask $block | Receive-AsyncTask', '1 | ForEach-Async $block',
            'await (async { await (async -OnThread $block) })', 'await (async -OnThread { await (async -OnLoop $block) })',
            'Start-AsyncTask $block | Wait-AsyncTask 6>$null', 'Start-AsyncTask $block -StreamingHost $Host | Wait-AsyncTask'
        $shown = (Invoke-InOwnProcess ($ways -join "; 'next way'; ") -Before "$before; Set-AsyncLoop -SlowStepMilliseconds 60000") -join "`n" -split "`nnext way`n"
        $shown[0] | Should -BeLike 'What if:*nobody*out of the pipeline*Name*shown*one line*written so*WARNING: a warning*after it'
        1..5 | ForEach-Object { $shown[$_] | Should -Be $shown[0] -Because $ways[$_] }
        $shown[6] | Should -Be ($shown[0] -replace 'one line\n')
        $shown[7] -replace 'WARNING: a warning\n?' | Should -BeLike "$($shown[0] -replace 'WARNING: a warning\n')*"
    }

    It 'is kept while nobody waits' {
        $task = Start-AsyncTask { 'text' | Out-Host; Write-Warning w }
        Wait-Until { $task.IsCompleted }
        "$($task.Streams.Information)".Trim() | Should -Be text
        $task.GetResult()
    }

    It 'comes as a job''s information' {
        $job = Start-AsyncTask { New-Item 'made by nobody' -WhatIf } -AsJob
        $null = $job | Wait-Job -Timeout 60
        "$($job.ChildJobs[0].Information)$($job.Information)" | Should -BeLike 'What if: *made by nobody*'
        $job | Remove-Job
    }

    It 'is as wide as the screen of who starts it' {
        await (Start-AsyncTask { $Host.UI.RawUI.BufferSize.Width }) -TimeoutSec 60 | Should -BeGreaterThan 0
    }

    It 'cannot be a question: <Script>' -TestCases @(
        @{ Script = { Read-Host 'name' } }
        @{ Script = { Read-Host 'secret' -AsSecureString } }
        @{ Script = { Get-Credential } }
        @{ Script = { Remove-Item $PSCommandPath -Confirm } }
        @{ Script = { $Host.UI.PromptForChoice('c', 'm', [Management.Automation.Host.ChoiceDescription[]]'&Yes', 0) } }
        @{ Script = { $Host.UI.RawUI.ReadKey() } }
    ) {
        { await (Start-AsyncTask $Script) -TimeoutSec 60 } | Should -Throw -ExpectedMessage '*A thread task cannot ask for anything*-OnLoop*'
    }
}
