BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1

    $block = { await (Start-AsyncSleep 0); Write-Error e; Write-Warning w; Write-Verbose v -Verbose; Write-Debug d -Debug; 'out' }
    $sequence = { @($input | ForEach-Object { $_ -is [Management.Automation.ErrorRecord] ? "error $_" : "$($_.GetType().Name -replace 'Record$') $_" }) -join ', ' }
    $all = 'error e, Warning w, Verbose v, Debug d, String out'

    # Each cmdlet that waits for coroutines, or runs their first steps, with parameters in $with.
    $waiters = [ordered]@{
        'Wait-AsyncTask' = { Start-AsyncTask -OnLoop $block | Wait-AsyncTask @with }
        'Wait-AsyncTask -Any' = { await (Start-AsyncTask -OnLoop $block) -Any @with }
        'Wait-AsyncTask of several' = { await (Start-AsyncTask -OnLoop $block), (Start-AsyncSleep 0) @with }
        'Wait-AsyncGather' = { Start-AsyncTask -OnLoop $block | Wait-AsyncGather @with }
        'Receive-AsyncTask' = { Start-AsyncTask -OnLoop $block | Receive-AsyncTask @with }
        'ForEach-Async' = { 1 | ForEach-Async $block @with }
        'ForEach-Async -AsCompleted' = { 1 | ForEach-Async $block -AsCompleted @with }
        'Invoke-WithTimeout' = { Invoke-WithTimeout 60 $block @with }
        'Invoke-WithTimeout -Task' = { Invoke-WithTimeout 60 -Task (Start-AsyncTask -OnLoop $block) @with }
        'Invoke-AsyncTaskGroup' = { Invoke-AsyncTaskGroup { Start-AsyncTask -OnLoop $block } @with }
        'a shielded one' = { await (Protect-AsyncTask (Start-AsyncTask -OnLoop $block)) @with }
        'one that another awaits' = { await (async { await (async $block) }) @with }
        'one that another gathers' = { await (async { async $block | Wait-AsyncGather }) @with }
        'Stop-AsyncTask -Wait' = { Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 60) } finally { & $block } } | Stop-AsyncTask -Wait @with }
    }
}

Describe 'The records of a coroutine' {
    It 'come to a redirection of the cmdlet that waits: <_>' -ForEach @(
        'Wait-AsyncTask', 'Wait-AsyncTask -Any', 'Wait-AsyncTask of several', 'Wait-AsyncGather', 'Receive-AsyncTask', 'ForEach-Async', 'ForEach-Async -AsCompleted',
        'Invoke-WithTimeout', 'Invoke-WithTimeout -Task', 'Invoke-AsyncTaskGroup', 'a shielded one', 'one that another awaits', 'one that another gathers'
    ) {
        $with = @{}
        $statement = [scriptblock]::Create(($waiters[$_] -replace '@with', '*>&1'))
        @(. $statement) | & $sequence | Should -Be $all
        @(& $waiters[$_] *>&1) | & $sequence | Should -Be $all
        $statement = [scriptblock]::Create(($waiters[$_] -replace '@with', '2>&1 3>$null 4>$null 5>$null'))
        @(. $statement) | & $sequence | Should -Be 'error e, String out'
    }

    It 'are under its parameters: <_>' -ForEach @(
        'Wait-AsyncTask', 'Wait-AsyncTask -Any', 'Wait-AsyncTask of several', 'Wait-AsyncGather', 'Receive-AsyncTask', 'ForEach-Async', 'ForEach-Async -AsCompleted',
        'Invoke-WithTimeout', 'Invoke-WithTimeout -Task', 'Invoke-AsyncTaskGroup', 'a shielded one', 'one that another awaits', 'one that another gathers'
    ) {
        $with = @{
            ErrorAction = 'SilentlyContinue'; ErrorVariable = 'errors'; WarningAction = 'SilentlyContinue'; WarningVariable = 'warnings'
            Verbose = $false; Debug = $false
        }
        @(. $waiters[$_] *>&1) | & $sequence | Should -Be 'String out'
        "$errors $warnings" | Should -Be 'e w'
        $with = @{ ErrorAction = 'Stop'; WarningAction = 'Ignore'; Verbose = $false; Debug = $false }
        { . $waiters[$_] } | Should -Throw e
    }

    It 'are shown and counted once: <_>' -ForEach 'Wait-AsyncTask', 'one that another awaits', 'ForEach-Async' {
        $Error.Clear()
        $with = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'Ignore' }
        $null = . $waiters[$_] *>&1
        $Error.Count | Should -Be 1
        $with.ErrorAction = 'Ignore'
        $null = . $waiters[$_] *>&1
        $Error.Count | Should -Be 1
    }

    It 'of the first step come to the cmdlet that starts it' {
        @(Start-AsyncTask -OnLoop { Write-Error e; Write-Warning w; await (Start-AsyncSleep 0) } 2>&1 3>&1) | & $sequence | Should -BeLike 'error e, Warning w, AsyncTask*'
        $null = Start-AsyncTask -OnLoop { Write-Error e; await (Start-AsyncSleep 0) } -ErrorAction SilentlyContinue -ErrorVariable errors
        "$errors" | Should -Be e
        { Start-AsyncTask -OnLoop { Write-Error e; await (Start-AsyncSleep 0) } -ErrorAction Stop } | Should -Throw e
    }

    It 'of one that nobody waits for come to the cmdlet that turns the loop' {
        $future = New-Future
        $bystander = async { await $future; Write-Error bystander }
        $setter = async { await (Start-AsyncSleep 0); $future.SetResult(1); await (Start-AsyncSleep 0.02) }
        @(await $setter -TimeoutSec 60 2>&1) | & $sequence | Should -Be 'error bystander'
        await $bystander
    }

    It 'of one that an outer cmdlet waits for come to that, though an inner one turns the loop' {
        class AsyncRecordWaiter { static [object] Wait([scriptblock] $block) { return & $block } }
        $future = New-Future
        $awaited = async { $null = await $future; Write-Error awaited; 'done' }
        $inner = async {
            await (Start-AsyncSleep 0)
            $null = [AsyncRecordWaiter]::Wait({ await (async { await (Start-AsyncSleep 0); $future.SetResult(1); await (Start-AsyncSleep 0.02) }) -ErrorAction SilentlyContinue })
        }
        @(await $awaited, $inner -TimeoutSec 60 2>&1) | & $sequence | Should -Be 'error awaited, String done'
    }

    It 'come while it runs' {
        $seen = [Collections.Generic.List[string]]::new()
        $task = async { await (Start-AsyncSleep 0); Write-Warning early; $seen.Add('ran on'); await (Start-AsyncSleep 0) }
        await $task -TimeoutSec 60 3>&1 | ForEach-Object { $seen.Add("$_") }
        $seen | Should -Be 'early', 'ran on'
    }

    It 'have their place and command' {
        $null = await (async { await (Start-AsyncSleep 0); Get-Item /no/such; 'out' }) -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].InvocationInfo.MyCommand.Name | Should -Be Get-Item
        $errors[0].InvocationInfo.Line | Should -BeLike '*Get-Item /no/such*'
        $errors[0].FullyQualifiedErrorId | Should -Be 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
    }

    It 'are under its own preferences first' {
        $task = async { await (Start-AsyncSleep 0); $ErrorActionPreference = 'SilentlyContinue'; Write-Error e; Write-Warning w -WarningAction Ignore; 'out' }
        @(await $task *>&1) | & $sequence | Should -Be 'String out'
        $task = async { await (Start-AsyncSleep 0); try { Write-Error e -ErrorAction Stop } catch { "caught $_" } }
        @(await $task -ErrorAction SilentlyContinue *>&1) | & $sequence | Should -Be 'String caught e'
    }

    It 'that end the wait do not end the coroutine' {
        $task = async { await (Start-AsyncSleep 0); try { Write-Error e; 'went on' } catch { 'seen' } }
        { await $task -ErrorAction Stop } | Should -Throw e
        await $task -TimeoutSec 60 | Should -Be 'went on'
    }

    It 'end a pipeline that has had enough, and not the coroutine' {
        $task = async { await (Start-AsyncSleep 0); try { Write-Error e; 'went on' } catch { 'seen' } }
        "$(await $task 2>&1 | Select-Object -First 1)" | Should -Be e
        await $task -TimeoutSec 60 | Should -Be 'went on'
    }

    It 'fill -InformationVariable, and are under -InformationAction: <_>' -ForEach 'Wait-AsyncTask', 'ForEach-Async', 'one that another awaits' {
        $block = { await (Start-AsyncSleep 0); Write-Host h; Write-Information i; 'out' }
        $with = @{ InformationVariable = 'information'; InformationAction = 'Ignore' }
        @(. $waiters[$_] 6>&1) | & $sequence | Should -Be 'String out'
        "$information" | Should -Be 'h i'
        $with.Remove('InformationAction')
        @(. $waiters[$_] 6>&1) | & $sequence | Should -Be 'Information h, Information i, String out'
        "$information" | Should -Be 'h i'
    }

    It 'are nothing where the session stops at errors and the block does not' {
        $ErrorActionPreference = 'Stop'
        $remark = { await (Start-AsyncSleep 0); Write-Error remark -ErrorAction Continue; $ErrorActionPreference = 'Continue'; Write-Error another; "item $_" }
        foreach ($waiter in { await (async $remark) -ErrorVariable errors 2>$null }, { 1 | ForEach-Async $remark -ErrorVariable errors 2>$null },
            { 1 | ForEach-Async -OnThread $remark -ErrorVariable errors 2>$null }, { await (async -OnThread $remark) -ErrorVariable errors 2>$null }) {
            . $waiter | Should -BeLike 'item*'
            "$errors" | Should -Be 'remark another'
        }

        { 1 | ForEach-Async { await (Start-AsyncSleep 0); Write-Error remark -ErrorAction Continue; throw 'failed' } 2>$null } | Should -Throw failed
        { await (async { await (Start-AsyncSleep 0); Write-Error e }) } | Should -Throw e
    }

    It 'of its finally come, too, where the pipeline is stopped' {
        $session = New-TestSession
        try {
            $seen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            $null = Stop-InSession $session @'
                $task = async { try { await (Start-AsyncSleep 60) } finally { Write-Warning w; Write-Error e; await (Start-AsyncSleep 0); Write-Warning w2; $seen.Enqueue('finally') } }
                $signal.Set(); await $task
'@ -Variable @{ seen = $seen }
            $seen | Should -Be finally
        }
        finally { Remove-TestSession $session }
    }

    It 'are not for the redirections of another that happens to wait, in the middle of a <Step>: <Wait>' -ForEach (& {
            foreach ($step in 'first step', 'step') {
                @{ Step = $step; Wait = { $taken = await $go 2>&1 } }
                @{ Step = $step; Wait = { $taken = await $go *>&1 } }
                @{ Step = $step; Wait = { $taken = await $go 2>$null } }
                @{ Step = $step; Wait = { $taken = await $go -ErrorVariable bad; $taken = @($taken; $bad) } }
                @{ Step = $step; Wait = { $taken = await $go -ErrorAction Ignore } }
            }
        }) {
        $inside, $go = (New-Future), (New-Future)
        $nobodys = Start-AsyncTask {
            $null = await $inside
            Write-Error 'of nobody'
            $go.SetResult('went on')
        }
        $written = & {
            $waiting = Start-AsyncTask -OnLoop {
                if ($step -eq 'step') { await (Start-AsyncSleep 0) }
                @(1).ForEach({ $inside.SetResult(1); . $Wait; "taken $taken, $?" })
            }
            await $waiting -TimeoutSec 60
        } 2>&1
        $written | Where-Object { $_ -is [string] } | Should -Be 'taken went on, True'
        $written | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | Should -BeLike 'of nobody'
        await $nobodys -TimeoutSec 60
    }

    It 'are a failure of the command that waits for them, and not of another that happens to wait inside it' {
        $inside, $go = (New-Future), (New-Future)
        $waiting = Start-AsyncTask -OnLoop {
            await (Start-AsyncSleep 0)
            @(1).ForEach({ $inside.SetResult(1); $null = await $go; $? })
        }
        $failing = Start-AsyncTask -OnLoop {
            await $inside
            Write-Error 'of the one outside'
            $go.SetResult(1)
        }
        $errors = & { $null = await $failing -TimeoutSec 60; "success: $?" } 2>&1
        $errors | Should -Be 'of the one outside', 'success: False'
        await $waiting -TimeoutSec 60 | Should -BeTrue
    }
}

Describe 'The records of a coroutine that a coroutine awaits' {
    It 'come to the redirection of the await: <Script>' -ForEach @(
        @{ Script = 'await (async $block) *>&1'; Expected = 'error e, Warning w, Verbose v, Debug d, String out' }
        @{ Script = '$( await (async $block) ) *>&1'; Expected = 'error e, Warning w, Verbose v, Debug d, String out' }
        @{ Script = '& { await (async $block) } *>&1'; Expected = 'error e, Warning w, Verbose v, Debug d, String out' }
        @{ Script = 'async $block | Wait-AsyncGather 2>&1 3>$null 4>$null 5>$null'; Expected = 'error e, String out' }
        @{ Script = '1 | ForEach-Async $block *>&1'; Expected = 'error e, Warning w, Verbose v, Debug d, String out' }
        @{ Script = 'await (async { await (async $block) }) *>&1'; Expected = 'error e, Warning w, Verbose v, Debug d, String out' }
        @{ Script = '$h = async $block; await $h 2>&1 3>$null 4>$null 5>$null'; Expected = 'error e, String out' }
    ) {
        $inner = [scriptblock]::Create("`$r = @($Script); `$r | & `$sequence")
        await (async -OnLoop $inner) -TimeoutSec 60 | Should -Be $Expected
    }

    It 'are under the parameters of the await' {
        await (async {
                $null = await (async $block) -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction Ignore -Verbose:$false -Debug:$false
                try { await (async $block) -ErrorAction Stop -WarningAction Ignore -Verbose:$false -Debug:$false } catch { "caught $_" }
                "$errors"
            }) -TimeoutSec 60 *>&1 | Should -Be 'caught e', 'e'
    }

    It 'fill -InformationVariable of the await' {
        $inner = { await (Start-AsyncSleep 0); Write-Host h; 'out' }
        await (async { $null = await (async $inner) -InformationVariable information 6>$null; "$information" }) -TimeoutSec 60 *>&1 | Should -Be h
    }
}

Describe 'The records of many items' {
    BeforeAll {
        $blocks = @{
            OnThread = { if ($_ -eq 1) { Start-Sleep -Milliseconds 300 }; Write-Error "e$_"; Write-Warning "w$_"; Write-Host "h$_"; "o$_" }
            OnLoop = { if ($_ -eq 1) { await (Start-AsyncSleep 0.3) }; Write-Error "e$_"; Write-Warning "w$_"; Write-Host "h$_"; "o$_" }
        }
    }

    It 'come with the output of their item: <Kind>' -TestCases @(@{ Kind = 'OnThread' }; @{ Kind = 'OnLoop' }) {
        $block = $blocks[$Kind]
        "$(1..3 | ForEach-Async $block *>&1)" | Should -Be 'e1 w1 h1 o1 e2 w2 h2 o2 e3 w3 h3 o3'
        "$(1..3 | ForEach-Async $block 2>&1 3>&1 6>$null)" | Should -Be 'e1 w1 o1 e2 w2 o2 e3 w3 o3'
        $null = 1..3 | ForEach-Async $block -ErrorVariable errors -ErrorAction SilentlyContinue -WarningVariable warnings 3>$null 6>$null
        "$errors $warnings" | Should -Be 'e1 e2 e3 w1 w2 w3'
        await (async -OnLoop { "$(1..3 | ForEach-Async $block *>&1)" }) -TimeoutSec 60 | Should -Be 'e1 w1 h1 o1 e2 w2 h2 o2 e3 w3 h3 o3'
        "$(1..3 | ForEach-Async $block -PassThru *>&1 | ForEach-Object { $_ -is [AsyncJobs.ForEachResult] ? "result $($_.Input)" : "$_" })" |
            Should -Be 'e1 w1 h1 result 1 e2 w2 h2 result 2 e3 w3 h3 result 3'
    }

    It 'come as they happen with -AsCompleted: <Kind>' -TestCases @(@{ Kind = 'OnThread' }; @{ Kind = 'OnLoop' }) {
        "$(1..2 | ForEach-Async $blocks[$Kind] -AsCompleted 2>&1 3>$null 6>$null)" | Should -Be 'e2 o2 e1 o1'
    }

    It 'end the command with the first that happens, at -ErrorAction Stop: <Kind>' -TestCases @(@{ Kind = 'OnThread' }; @{ Kind = 'OnLoop' }) {
        { 1..3 | ForEach-Async $blocks[$Kind] -ErrorAction Stop 3>$null 6>$null } | Should -Throw 'e?'
    }

    It 'of the item whose turn it is come while it runs' {
        $future = New-Future
        1..2 | ForEach-Async { await (Start-AsyncSleep 0); Write-Warning "early $_"; await $future } 3>&1 -TotalTimeoutSec 60 |
            ForEach-Object { if (-not $future.IsCompleted) { $future.SetResult('done') }; "$_" } | Should -Be 'early 1', 'done', 'early 2', 'done'
    }

    It 'of first steps are kept, too' {
        "$(1..3 | ForEach-Async { Write-Error "first$_"; if ($_ -eq 1) { await (Start-AsyncSleep 0.1) }; Write-Error "e$_"; "o$_" } 2>&1)" |
            Should -Be 'first1 e1 o1 first2 e2 o2 first3 e3 o3'
    }
}

Describe 'A terminating error of an advanced function in a coroutine' {
    It 'is the await''s, as of the function: <Call>' -TestCases @(
        @{ Call = 'Stop-Late 5' }
        @{ Call = '5 | Stop-Late' }
        @{ Call = '$null = Stop-Late 5' }
        @{ Call = 'if ($true) { & Stop-Late 5 }' }
    ) {
        function Stop-Late {
            [CmdletBinding()] param([Parameter(ValueFromPipeline)] $Item)
            process {
                await (Start-AsyncSleep 0)
                $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([IO.IOException]::new('bad'), 'Own', 'ReadError', $Item))
            }
        }

        $block = [scriptblock]::Create($Call)
        $plain = try { & $block } catch { $_ }
        $Error.Clear()
        $failure = try { await (async -OnLoop $block) -TimeoutSec 60 } catch { $_ }
        "$($failure.FullyQualifiedErrorId) $($failure.Exception.GetType()) $($failure.TargetObject) $($failure.InvocationInfo.MyCommand)" |
            Should -Be "$($plain.FullyQualifiedErrorId) $($plain.Exception.GetType()) $($plain.TargetObject) $($plain.InvocationInfo.MyCommand)"
        $Error | Should -HaveCount 1
        $caught = [scriptblock]::Create("try { $Call; 'went on' } catch { `"caught `$_`" }")
        await (async -OnLoop $caught) -TimeoutSec 60 | Should -Be 'caught bad'
    }
}

Describe 'A transcript' {
    It 'has each line that a coroutine writes to the host, those after a wait too' {
        $null = Invoke-InOwnProcess "
            `$null = Start-Transcript '$TestDrive/transcript.txt'
            await (Start-AsyncTask -OnLoop { Write-Host 'line 1'; await (Start-AsyncSleep 0); Write-Host 'line 2'; await (Start-AsyncSleep 0); Write-Host 'line 3' })
            1..2 | ForEach-Async -OnLoop { await (Start-AsyncSleep 0); Write-Host `"line of `$_`" }
            function Write-It { await (Start-AsyncSleep 0); Write-Host 'line of a function' }
            await (Start-AsyncTask -OnLoop { Write-It })
            `$null = Stop-Transcript"
        (Get-Content $TestDrive/transcript.txt) -like 'line *' | Should -Be 'line 1', 'line 2', 'line 3', 'line of 1', 'line of 2', 'line of a function'
    }
}
