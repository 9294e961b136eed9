BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

# All that PowerShell would drop with the scope of each step: an alias, a drive and a strict mode, as `see` tells of them.
Describe 'What a coroutine has made its own of its scope' {
    BeforeAll {
        $root = (New-Item -ItemType Directory $TestDrive/root).FullName
        1..20 | ForEach-Object { Set-Content $root/$_ $_ }

        function see {
            $mode = try { $null = $notThere; 'lax' } catch { 'strict' }
            "$(own 'alias') $((Get-Content mine:/7 -ErrorAction Ignore)) $mode"
        }
        $block = {
            param($root)
            Set-Alias own Write-Output
            $null = New-PSDrive mine FileSystem $root
            Set-StrictMode -Version 3
            foreach ($i in 1..3) {
                see
                await (Start-AsyncSleep 0)
            }
        }
    }

    It 'lasts while it waits' {
        await (Start-AsyncTask $block -ArgumentList $root) -TimeoutSec 60 | Should -Be (@('alias 7 strict') * 3)
    }

    It 'is gone with it' {
        $null = await (Start-AsyncTask $block -ArgumentList $root) -TimeoutSec 60
        Get-Alias own -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-PSDrive mine -ErrorAction Ignore | Should -BeNullOrEmpty
        $(try { $null = $notThere; 'lax' } catch { 'strict' }) | Should -Be 'lax'
    }

    It 'is its own among many that take turns' {
        $tasks = 1..20 | Start-AsyncTask -OnLoop {
            $number = $_
            $folder = New-Item -ItemType Directory "$TestDrive/own$number"
            Set-Content "$folder/7" $number
            $null = New-PSDrive mine FileSystem $folder
            if ($number % 2) { Set-StrictMode -Version 3; Set-Alias own Write-Output } else { function own($text) { "function$text" } }
            foreach ($i in 1..3) {
                await (Start-AsyncSleep 0)
                see
            }
        }
        $seen = @($tasks | Wait-AsyncGather -TimeoutSec 60)
        foreach ($number in 1..20) {
            $mine = $number % 2 ? "alias $number strict" : "functionalias $number lax"
            $seen[$number - 1] | Should -Be (@($mine) * 3)
        }
    }

    It 'is seen in the functions that it calls and that wait' {
        function look { await (Start-AsyncSleep 0); see; await (Start-AsyncSleep 0); see }
        await (Start-AsyncTask {
                Set-Alias own Write-Output
                $null = New-PSDrive mine FileSystem $root
                Set-StrictMode -Version 3
                look
                await (Start-AsyncSleep 0)
                look
            }) -TimeoutSec 60 | Should -Be (@('alias 7 strict') * 4)
    }

    It 'changes with each statement that changes it' {
        await (Start-AsyncTask {
                Set-Alias own Write-Output
                own 1
                await (Start-AsyncSleep 0)
                own 2
                Set-Alias own Write-Warning
                await (Start-AsyncSleep 0)
                own 3 3>&1 | ForEach-Object { "$($_.GetType().Name)" }
                Remove-Alias own
                await (Start-AsyncSleep 0)
                try { own 4 } catch { $_.FullyQualifiedErrorId }
                trap { Set-Alias own Write-Output; own 5; continue }
                throw 'x'
                await (Start-AsyncSleep 0)
                try { own 6 } catch { $_.FullyQualifiedErrorId }
                Set-StrictMode -Version 3
                try { $notThere } catch { 'strict' }
                Set-StrictMode -Off
                await (Start-AsyncSleep 0)
                "$($notThere)lax"
            }) -TimeoutSec 60 | Should -Be 1, 2, 'WarningRecord', 'CommandNotFoundException', 5, 'CommandNotFoundException', 'strict', 'lax'
    }

    It 'is there in steps inside which the loop is turned, and behind them' {
        $inner = [scriptblock]::Create('await (Start-AsyncTask { Set-Alias own Get-Date; await (Start-AsyncSleep 0); (own).GetType().Name })')
        await (Start-AsyncTask {
                Set-Alias own Write-Output
                own 1
                1 | Where-Object { . $inner | Write-Output -OutVariable found; own 2 | Out-Null; $true } | Out-Null
                "$found"
                own 3
                await (Start-AsyncSleep 0)
                own 4
            }) -TimeoutSec 60 | Should -Be 1, 'DateTime', 3, 4
    }

    It 'is there for whoever waits next for it' {
        $event = New-AsyncEvent
        $task = Start-AsyncTask {
            Set-Alias own Write-Output
            own 1
            await (Start-AsyncSleep 0)
            own 2
            Wait-AsyncEvent $event
            own 3
        }
        function Wait-Once { await (Start-AsyncSleep 0); await (Start-AsyncSleep 0) }
        Wait-Once
        Set-AsyncEvent $event
        await $task -TimeoutSec 60 | Should -Be 1, 2, 3
    }

    It 'is there in the finally of one that <How>' -TestCases @(
        @{ How = 'is stopped'; Stop = { param($task) Stop-AsyncTask $task } }
        @{ How = 'runs out of time'; Stop = { param($task) try { await $task -TimeoutSec 0.01 } catch { } Stop-AsyncTask $task } }
    ) {
        $log = [Collections.Generic.List[string]]::new()
        $task = Start-AsyncTask {
            Set-Alias own Write-Output
            try {
                $log.Add((own 'before'))
                await (Start-AsyncSleep 600)
            } finally {
                $log.Add((own 'finally'))
                await (Start-AsyncSleep 0)
                $log.Add((own 'after'))
            }
        }
        & $Stop $task
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId AsyncCanceled*
        $log | Should -Be before, finally, after
    }

    It 'is there in the finally that Ctrl+C runs <Where>' -TestCases @(
        @{ Where = 'at a wait'; Wait = '$signal.Set(); await (Start-AsyncSleep 600)' }
        @{ Where = 'in a step'; Wait = '$signal.Set(); while ($true) { $null = own 1 }' }
    ) {
        $session = New-TestSession
        try {
            $log = [Collections.Generic.List[string]]::new()
            $null = Stop-InSession $session -Variable @{ log = $log } -Script @"
await (Start-AsyncTask -OnLoop {
    Set-Alias own Write-Output
    try {
        `$log.Add((own 'before'))
        await (Start-AsyncSleep 0)
        $Wait
    } finally {
        `$log.Add((own 'finally'))
        await (Start-AsyncSleep 0)
        `$log.Add((own 'after'))
    }
})
"@
            $log | Should -Be before, finally, after
        } finally {
            Remove-TestSession $session
        }
    }

    It 'is not taken along by a task <Kind> that it starts, other than as the script has it' -TestCases @(
        @{ Kind = 'of its kind'; Place = @{ OnLoop = $true } }
        @{ Kind = 'on a thread'; Place = @{ OnThread = $true } }
    ) {
        await (Start-AsyncTask {
                Set-Alias own Write-Output
                await (Start-AsyncSleep 0)
                await (Start-AsyncTask @Place {
                        own 1
                        Set-Alias own Write-Warning
                        await (Start-AsyncSleep 0)
                        own 2 3>&1 | ForEach-Object { "$_" }
                    })
                own 3
            }) -TimeoutSec 60 | Should -Be 1, 2, 3
    }

    It 'is let go soon after its end, while the loop goes on' {
        $alive = await (Start-AsyncTask {
                $tasks = foreach ($i in 1..200) {
                    $task = Start-AsyncTask -OnLoop { Set-Alias own Write-Output; await (Start-AsyncSleep 0); own $_ } -InputObject $i
                    $null = await $task
                    [WeakReference] $task
                }
                $task = $null
                1..20 | ForEach-Object { await (Start-AsyncSleep 0) }
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
                [GC]::Collect()
                @($tasks | Where-Object IsAlive).Count
            }) -TimeoutSec 120
        $alive | Should -BeLessThan 100
    }
}
