BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1, $PSScriptRoot/../Support/OwnProcess.psm1
    function Get-Slowly($Value) { await (Start-AsyncSleep 0.05); $Value }
}

Describe 'Depth and stopping of coroutines' {
    It 'awaits coroutines that start each other <Depth> deep' -TestCases @{ Depth = 300 } {
        $step = { param($n) if ($n -eq 0) { return 0 } 1 + (await (Start-AsyncTask $step -ArgumentList ($n - 1))) }
        await (Start-AsyncTask $step -ArgumentList $Depth) | Should -Be $Depth
    }

    It 'turns the loop inside blocks that .NET code calls, <Count> of them within each other' -TestCases @{ Count = 100 } {
        $results = 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0.01); @($_).ForEach({ Get-Slowly $_ }) } | Wait-AsyncGather
        ($results | Measure-Object -Sum).Sum | Should -Be ($Count * ($Count + 1) / 2)
    }

    It 'lets the errors of others end what they end anywhere, while <Name> waits' -TestCases @(
        @{ Name = 'a block that .NET code calls'; Waiter = { { await (Start-AsyncSleep 0.2) -ErrorAction SilentlyContinue }.Invoke() } }
        @{ Name = 'the condition of a switch'; Waiter = { switch (1) { { await (Start-AsyncSleep 0.2) -ErrorAction SilentlyContinue } { } } } }
        @{ Name = 'a method with a block'; Waiter = { (1..2).ForEach({ await (Start-AsyncSleep 0.1) }) } }
        @{ Name = 'a function'; Waiter = { Get-Slowly 1 } }
        @{ Name = 'a function in a pipeline'; Waiter = { Get-Slowly 1 | Write-Output } }
    ) {
        $other = Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0.02); Write-Error 'written' -ErrorAction SilentlyContinue; "on $(await (Start-AsyncSleep 0 -Result 1))" }
        $ended = Start-AsyncTask -OnLoop { $flag = $true; await (Start-AsyncSleep 0.02); $flag++; 'no' }
        $null = & { try { $waiter = Start-AsyncTask -OnLoop $Waiter; await $waiter } catch { throw } } -ErrorVariable ignored 2>$null
        await $other 2>$null | Should -Be 'on 1'
        $Error.ForEach{ "$_" } | Should -Contain 'written'
        { await $ended } | Should -Throw "*'++'*"
    }

    It 'runs functions of <Count> coroutines all at once, on a flat stack' -TestCases @{ Count = 2000 } {
        $seen = @{ Now = 0; Most = 0; Stack = 0 }
        function Get-Counted($Value) {
            $seen.Now++
            $seen.Most = [Math]::Max($seen.Most, $seen.Now)
            await (Start-AsyncSleep 0.2)
            $seen.Stack = [Math]::Max($seen.Stack, (Get-PSCallStack).Count)
            $seen.Now--
            $Value
        }
        $stack = (Get-PSCallStack).Count
        $results = 1..$Count | Start-AsyncTask { Get-Counted $_ ; await (Start-AsyncSleep 0) } | Wait-AsyncGather
        $results | Should -Be (1..$Count)
        $seen.Most | Should -BeGreaterThan 500
        $seen.Stack | Should -BeLessThan ($stack + 20)
    }

    It 'runs functions on a flat stack, called <Where>' -TestCases @(
        @{ Where = 'in a ForEach-Object'; Block = { 1..2 | ForEach-Object { Get-Flat $_ } } }
        @{ Where = 'in the body of a lock'; Block = { Use-AsyncLock $own { Get-Flat 1 } } }
        @{ Where = 'before other commands'; Block = { Get-Flat 1 | Sort-Object | Out-Null } }
        @{ Where = 'by a function that does not await itself'; Block = { Get-Outer 1 } }
        @{ Where = 'by a block that is called on the spot'; Block = { & { Get-Flat 1 } } }
        @{ Where = 'by a block that is dotted on the spot'; Block = { . { Get-Flat 1 } } }
        @{ Where = 'by a block in a variable'; Block = { $inner = { param($n) Get-Flat $n }; & $inner 1; . $inner 2 } }
        @{ Where = 'by a block that a function is given'; Block = { function Invoke-It($given) { & $given } Invoke-It { Get-Flat 1 } } }
        @{ Where = 'by an operator'; Block = { & Get-Flat 1; & (Get-Command Get-Flat) 2; & ${function:Get-Flat} 3 } }
        @{ Where = 'by its name in a variable, dotted'; Block = { $name = 'Get-Flat'; . $name 1; & $name 2; Get-Flat 3 } }
        @{ Where = 'by an alias'; Block = { Set-Alias flat Get-Flat; flat 1; & flat 2 } }
        @{ Where = 'with the output of a block going on'; Block = { & { Get-Flat 1; 1, 2 } | Sort-Object | Out-Null } }
    ) {
        $seen = @{ Now = 0; Most = 0; Stack = 0 }
        function Get-Flat($Value) {
            $seen.Now++
            $seen.Most = [Math]::Max($seen.Most, $seen.Now)
            await (Start-AsyncSleep 0.2)
            $seen.Stack = [Math]::Max($seen.Stack, (Get-PSCallStack).Count)
            $seen.Now--
        }
        function Get-Outer($Value) { Get-Flat $Value }
        $stack = (Get-PSCallStack).Count
        1..100 | ForEach-Object { $own = New-AsyncLock; Start-AsyncTask $Block -OnLoop } | Wait-AsyncGather
        $seen.Most | Should -Be 100
        $seen.Stack | Should -BeLessThan ($stack + 25)
    }

    It 'runs functions that call themselves <Depth> deep' -TestCases @{ Depth = 120 } {
        function Get-Sum($n) { await (Start-AsyncSleep 0); if ($n -eq 0) { return 0 } $n + (Get-Sum ($n - 1)) }
        $tasks = 1..3 | Start-AsyncTask { await (Start-AsyncSleep 0.01); Get-Sum $args[0] } -ArgumentList $Depth
        Wait-AsyncGather $tasks | Should -Be (@($Depth * ($Depth + 1) / 2) * 3)
    }

    It 'turns the loop inside blocks in <Count> coroutines, and the stack does not grow with them' -TestCases @{ Count = 2000 } {
        $depth = @{ Now = 0; Most = 0 }
        function Get-AtDepth($Value) { $depth.Now++; $depth.Most = [Math]::Max($depth.Most, $depth.Now); await (Start-AsyncSleep 0.02); $depth.Now--; $Value }
        $results = 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0.01); @($_).ForEach({ Get-AtDepth $_ }) } | Wait-AsyncGather
        $results | Should -Be (1..$Count)
        $depth.Most | Should -BeLessThan 500
    }

    It 'runs functions that await coroutines which call them, <Depth> deep' -TestCases @{ Depth = 300 } {
        function Get-Depth($n) { if ($n -eq 0) { return 0 } 1 + (await (Start-AsyncTask { param($n) await (Start-AsyncSleep 0); @($n - 1).ForEach({ Get-Depth $_ }) } -ArgumentList $n)) }
        Get-Depth $Depth | Should -Be $Depth
    }

    It 'is ended by an error, and not with its process, where functions call themselves without end' {
        # On a small stack, whose end is soon come to, in a process of its own.
        $script = {
            Add-Type 'public static class SmallStack {
                public static void Invoke(System.Management.Automation.PowerShell script, System.Collections.Generic.List<object> output) {
                    var thread = new System.Threading.Thread(() => script.Invoke(null, output), 1 << 20);
                    thread.Start();
                    thread.Join();
                }
            }'
            $state = [initialsessionstate]::CreateDefault2()
            $state.ImportPSModule((Get-Module AsyncJobs).Path)
            $runspace = [runspacefactory]::CreateRunspace($state)
            $runspace.ThreadOptions = 'UseCurrentThread'
            $runspace.Open()
            $output = [Collections.Generic.List[object]]::new()
            [SmallStack]::Invoke([powershell]::Create($runspace).AddScript({
                function Get-Endless { await (Start-AsyncSleep 0); await (Start-AsyncTask { await (Start-AsyncSleep 0); @(1).ForEach({ Get-Endless }) }) }
                try { $ErrorActionPreference = 'Stop'; Get-Endless } catch { $_.FullyQualifiedErrorId }
                await (Start-AsyncTask { await (Start-AsyncSleep 0); 'it goes on' })
            }), $output)
            $output
        }
        $said = Invoke-InOwnProcess "$script" -TimeoutSec 120
        $said[0] | Should -BeLike 'CallDepthOverflow*'
        $said[1] | Should -Be 'it goes on'
    }

    It 'awaits 50,000 finished tasks in a row without growing' {
        $future = New-Future
        $future.SetResult(1)
        $awaitAll = { $n = 0; for ($i = 0; $i -lt 50000; $i++) { $n += await $future } $n }
        $null = await (Start-AsyncTask { for ($i = 0; $i -lt 1000; $i++) { await $future } })
        $before = [GC]::GetTotalMemory($true)
        # It holds the loop, which it is told where the machine is slow.
        await (Start-AsyncTask $awaitAll -WarningAction SilentlyContinue) | Should -Be 50000
        [GC]::GetTotalMemory($true) - $before | Should -BeLessThan 4MB
    }

    It 'is stopped by Ctrl+C <Where>' -TestCases @(
        @{ Where = 'in a loop of finished awaits'; Block = 'await (Start-AsyncSleep 0.01); $signal.Set(); while ($true) { await $done }' }
        @{ Where = 'in a loop of finished awaits that it writes'; Block = '$signal.Set(); for (;;) { await $done; 1 }' }
        @{ Where = 'at an await'; Block = '$signal.Set(); await (Start-AsyncSleep 1000)' }
        @{ Where = 'in a step'; Block = 'await (Start-AsyncSleep 0.01); $signal.Set(); while ($true) { }' }
        @{ Where = 'between steps'; Block = '$signal.Set(); while ($true) { await (Start-AsyncSleep 0.001) }' }
        @{ Where = 'in a function that awaits'; Block = 'function Wait-It { $signal.Set(); await (Start-AsyncSleep 1000) } await (Start-AsyncSleep 0.01); Wait-It' }
    ) {
        $session = New-TestSession
        try {
            Stop-InSession $session "`$done = New-Future; `$done.SetResult(1); await (Start-AsyncTask { $Block })" | Should -BeLessThan ([TimeSpan]::FromSeconds(10))
            Invoke-InSession $session '1 + 1' | Should -Be 2
            Invoke-InSession $session 'await (Start-AsyncTask { await (Start-AsyncSleep 0.01); 3 })' | Should -Be 3
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'leaves no task and no runspace behind' {
        $before = @(Get-Runspace).Count
        $null = 1..200 | Start-AsyncTask { try { await (Start-AsyncSleep 0.01); if ($_ % 2) { throw 'odd' } } finally { await (Start-AsyncSleep 0.01) } } | Wait-AsyncGather -ReturnExceptions
        $stopped = 1..200 | Start-AsyncTask { try { await (Start-AsyncSleep 1000) } finally { await (Start-AsyncSleep 0.01) } }
        $stopped | Stop-AsyncTask
        $null = $stopped | Wait-AsyncGather -ReturnExceptions
        $stopped.State | Should -Be (, 'Stopped' * 200)
        @(Get-AsyncTask).Count | Should -Be 0
        # An idle one of the pool may have gone meanwhile.
        @(Get-Runspace).Count | Should -BeLessOrEqual $before
    }
}
