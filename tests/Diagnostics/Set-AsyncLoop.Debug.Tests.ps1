BeforeAll {
    . $PSScriptRoot/../../.build/PowerShellHost.ps1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'Set-AsyncLoop' {
    BeforeEach { $session = New-TestSession }
    AfterEach { Remove-TestSession $session }

    It 'shows its settings in Get-AsyncLoop' {
        $loop = Invoke-InSession $session 'Set-AsyncLoop -DebugMode -OnUnhandledError { 1 }; Get-AsyncLoop'
        $loop.DebugMode, $loop.SlowStepMilliseconds, "$($loop.OnUnhandledError)" | Should -Be $true, 100, ' 1 '
        $loop = Invoke-InSession $session 'Set-AsyncLoop -DebugMode:$false -OnUnhandledError $null; Get-AsyncLoop'
        $loop.DebugMode, $loop.SlowStepMilliseconds, $loop.OnUnhandledError | Should -Be $false, 1000, $null
        (Invoke-InSession $session 'Set-AsyncLoop -SlowStepMilliseconds 250; Set-AsyncLoop -DebugMode; Get-AsyncLoop').SlowStepMilliseconds | Should -Be 250
    }

    Context 'a step that holds the loop for too long' {
        It 'is counted, and told of once, by its line' {
            $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
            $script = Join-Path $TestDrive slow.ps1
            Set-Content $script @"
Import-Module '$module'
Set-AsyncLoop -DebugMode
`$null = Register-AsyncCallback -After 00:00:00.01 {
    Start-Sleep -Milliseconds 1000
}
await (Start-AsyncSleep 0.2)
"slow: `$((Get-AsyncLoop).SlowSteps)"
"@
            $lines = @(Invoke-PowerShell -File $script)
            @($lines -match 'held the loop').Count | Should -Be 1
            $lines -match 'held the loop' | Should -BeLike "*The callback at $script`:3 *has held the loop for * s and still does*"
            $lines[-1] | Should -Be 'slow: 1'
        }

        It 'is not told of to a waiter that wants no warnings' {
            $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
            $lines = @(Invoke-PowerShell -Command "Import-Module '$module'
                Set-AsyncLoop -DebugMode
                `$null = Register-AsyncCallback -After 00:00:00.01 { Start-Sleep -Milliseconds 1000 }
                await (Start-AsyncSleep 0.2) -WarningAction SilentlyContinue
                (Get-AsyncLoop).SlowSteps" 3>&1)
            $lines | Should -Be '1'
        }

        It 'is no step that waits, since the loop turns meanwhile' {
            Invoke-InSession $session 'Set-AsyncLoop -DebugMode -SlowStepMilliseconds 700
                $null = Register-AsyncCallback -After 00:00:00.01 { await (Start-AsyncSleep 1.5) }
                await (Start-AsyncSleep 2)
                (Get-AsyncLoop).SlowSteps' | Should -Be 0
        }

        It 'is one of a second without debug mode' {
            Invoke-InSession $session '$null = Register-AsyncCallback -After 00:00:00.01 { Start-Sleep -Milliseconds 200 }
                await (Start-AsyncSleep 0.5)
                (Get-AsyncLoop).SlowSteps' | Should -Be 0
        }
    }

    Context 'failures that no script has seen' {
        It 'go to -OnUnhandledError instead of a warning, those of callbacks too' {
            $seen = Invoke-InSession $session '$seen = [Collections.Generic.List[object]]::new()
                Set-AsyncLoop -OnUnhandledError { param($failure) $seen.Add($failure); $seen.Add($_) }
                $null = Register-AsyncCallback -After 00:00:00.01 { throw [IO.IOException]::new("lost") }
                await (Start-AsyncSleep 0.3) 2>&1
                $seen'
            $seen.Count | Should -Be 2
            "$($seen[0])" | Should -Be 'A callback failed: lost'
            $seen[0] | Should -Be $seen[1]
            $seen[0].Exception | Should -BeOfType IO.IOException
            $seen[0].ErrorRecord.InvocationInfo.Line | Should -BeLike '*new("lost")*'
        }

        It 'are warned of when the block fails itself' {
            $warned = Invoke-InSession $session 'Set-AsyncLoop -OnUnhandledError { throw "of its own" }
                $null = Register-AsyncCallback -After 00:00:00.01 { throw "lost" }
                await (Start-AsyncSleep 0.3) 3>&1'
            $warned[0].Message | Should -BeLike 'A callback failed: lost'
            $warned[1].Message | Should -BeLike '*-OnUnhandledError failed: of its own'
        }

        It 'are told of at the end of the session, as are tasks never awaited in debug mode' {
            $module = Convert-Path "$PSScriptRoot/../../output/AsyncJobs"
            $lines = @(Invoke-PowerShell -Command "Import-Module '$module'; Set-AsyncLoop -DebugMode -OnUnhandledError { `"handled: `$_`" | Out-Host }
                `$lost = Start-AsyncTask { throw 'lost' } -Name lost
                `$done = Start-AsyncTask { 1 } -Name done
                `$seen = Start-AsyncTask { 1 } -Name seen
                `$null = await `$seen
                `$pending = Start-AsyncSleep 600 -Name pending
                `$null = [Threading.SpinWait]::SpinUntil({ `$lost.IsCompleted -and `$done.IsCompleted }, 60000)")
            $text = $lines -join "`n"
            $text | Should -Match "handled: AsyncTask \d+ 'lost', started at line 2, failed"
            $text | Should -Match "'done', started at line 3, was never awaited"
            $text | Should -Match "'pending', started at line 6, was never awaited, and is Running still"
            $text | Should -Not -Match "'seen'"
        }
    }
}
