# ForEach-Object and Where-Object in coroutines: that what awaits in them suspends. That they do what they do plainly: Differential/15-each.ps1 and 20-where.ps1.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'ForEach-Object in a coroutine' {
    It 'makes one of a block that awaits in it: <Block>' -TestCases @(
        @{ Block = { 1..2 | ForEach-Object { await (Start-AsyncSleep 0) } } }
        @{ Block = { $x = 1 | % { 2 | foreach { await (Start-AsyncSleep 0) } } } }
        @{ Block = { @(1) | % -Begin { await (Start-AsyncSleep 0) } -Process { } } }
        @{ Block = { 1 | % { $_ } | % { $l = New-AsyncLock; Use-AsyncLock $l { } } } }
        @{ Block = { Get-Item / | Where-Object Name -EQ '/' | ForEach-Object { await (Start-AsyncSleep 0) } | Sort-Object } }
        @{ Block = { 1..2 | ForEach-Object { await (Start-AsyncSleep 0); $_ } | Where-Object { $_ -gt 1 } | Set-Content /dev/null } }
        @{ Block = { Get-Item / | Where-Object { $script:seen = $_ } | ForEach-Object { await (Start-AsyncSleep 0) } } }
        @{ Block = { 1 | Where-Object { await (Start-AsyncSleep 0) } } }
        @{ Block = { 1..2 | ForEach-Object { $_ } | ? -FilterScript { await (Start-AsyncSleep 0); $true } | Sort-Object } }
        @{ Block = { function Get-One { 1 } (Get-One) | ForEach-Object { await (Start-AsyncSleep 0) } } }
    ) {
        $task = Start-AsyncTask $Block
        $task.Kind | Should -Be Coroutine
        $null = await $task
    }

    It 'makes none where not all that stands before it may come first, or its block is of another kind: <Block>' -TestCases @(
        @{ Block = { function Get-One { 1 } Get-One | ForEach-Object { await (Start-AsyncSleep 0) } } }
        @{ Block = { Get-Content /dev/null -Wait:$false | ForEach-Object { await (Start-AsyncSleep 0) } } }
        @{ Block = { 1 | Start-AsyncTask { 1 } | ForEach-Object { await $_ } } }
        @{ Block = { 1..3 | ForEach-Object { await (Start-AsyncSleep 0); $_ } | Select-Object -First 1 } }
        @{ Block = { function Write-It { process { } } 1..3 | ForEach-Object { await (Start-AsyncSleep 0); $_ } | Write-It } }
        @{ Block = { 1 | ForEach-Object { await (Start-AsyncSleep 0) } -ErrorVariable e } }
        @{ Block = { 1 | ForEach-Object { param($p) await (Start-AsyncSleep 0) } } }
        @{ Block = { 1 | Where-Object { await (Start-AsyncSleep 0) } -ErrorVariable e } }
        @{ Block = { ForEach-Object { await (Start-AsyncSleep 0) } } }
    ) {
        $task = Start-AsyncTask $Block
        $task.Kind | Should -Be Thread
        $null = await $task
    }

    It 'lets <Count> hold a lock across awaits in it, on a flat stack' -TestCases @{ Count = 200 } {
        $lock = New-AsyncLock
        $seen = @{ Inside = 0; Together = 0; Depth = 0 }
        $tasks = 1..$Count | Start-AsyncTask {
            $n = $_
            1..3 | ForEach-Object {
                Enter-AsyncLock $lock
                try {
                    $seen.Inside++
                    $seen.Together = [Math]::Max($seen.Together, $seen.Inside)
                    $seen.Depth = [Math]::Max($seen.Depth, (Get-PSCallStack).Count)
                    await (Start-AsyncSleep 0.001)
                    $seen.Inside--
                }
                finally { Exit-AsyncLock $lock }
                "$n $_"
            }
        }
        $alone = @{ Depth = 0 }
        await (Start-AsyncTask { 1 | ForEach-Object { $alone.Depth = (Get-PSCallStack).Count; await (Start-AsyncSleep 0) } })
        @($tasks | Wait-AsyncGather | ForEach-Object { $_ }) | Should -Be (1..$Count | ForEach-Object { foreach ($i in 1..3) { "$_ $i" } })
        $seen.Together | Should -Be 1
        # The gather's own frame stands in for that of the await.
        $seen.Depth | Should -BeLessOrEqual ($alone.Depth + 2)
        $lock.IsHeld | Should -BeFalse
    }

    It 'lets <Count> wait in it at once' -TestCases @{ Count = 2000 } {
        $tasks = 1..$Count | Start-AsyncTask { $_ | ForEach-Object { await (Start-AsyncSleep 0.1); $_ } }
        ($tasks | Wait-AsyncGather | Measure-Object -Sum).Sum | Should -Be ($Count * ($Count + 1) / 2)
    }

    It 'lets <Count> wait in a filter at once' -TestCases @{ Count = 500 } {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $tasks = 1..$Count | Start-AsyncTask { $_, -$_ | Where-Object { await (Start-AsyncSleep 0.1); $_ -gt 0 } }
        ($tasks | Wait-AsyncGather | Measure-Object -Sum).Sum | Should -Be ($Count * ($Count + 1) / 2)
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 25
    }

    It 'lets many wait at once in a function that awaits only in it: <Body>' -TestCases @(
        @{ Body = '1..2 | ForEach-Object { Wait-Gate; "$n $_" }' }
        @{ Body = '1..2 | % { 3 | ForEach-Object -Process { await $gate | Out-Null }; "$n $_" }' }
        @{ Body = '1..2 | ForEach-Object { if ($n) { Invoke-Inner } }' }
    ) {
        $gate = New-Future
        $inside = @{ Count = 0 }
        function Wait-Gate { $null = await $gate }
        function Invoke-Inner { 7 | ForEach-Object { Wait-Gate }; "$n $_" }
        Invoke-Expression "function Invoke-Outer(`$n) { `$inside.Count++; $Body }"
        $tasks = 1..20 | Start-AsyncTask -OnLoop { Invoke-Outer $_ }
        $inside.Count | Should -Be 20
        $gate.SetResult($null)
        Wait-AsyncGather $tasks -TimeoutSec 60 | ForEach-Object { $_ } | Should -Be @(1..20 | ForEach-Object { "$_ 1", "$_ 2" })
    }

    It 'shares a queue with others: each takes an item when it has handled the last' {
        $queue = New-AsyncQueue
        1..6 | Add-AsyncQueueItem $queue
        $workers = 1..2 | Start-AsyncTask { Receive-AsyncQueueItem $queue -All | ForEach-Object { await (Start-AsyncSleep 0.02); $_ } }
        $workers.Kind | Should -Be Coroutine, Coroutine
        $queue.Count | Should -Be 4
        Wait-Until { await (Start-AsyncSleep 0.01); $queue.IsEmpty }
        Add-AsyncQueueItem $queue 7
        Close-AsyncQueue $queue
        $taken = $workers | Wait-AsyncGather
        $taken[0] + $taken[1] | Sort-Object | Should -Be (1..7)
        $taken | ForEach-Object { $_.Count } | Should -Not -Contain 0
    }

    It 'leaves in the queue what it has not come to, however it ends' {
        $queue = New-AsyncQueue
        1..4 | Add-AsyncQueueItem $queue
        $task = Start-AsyncTask { Receive-AsyncQueueItem $queue -All | ForEach-Object { await (Start-AsyncSleep 0); if ($_ -eq 2) { throw 'enough' } } }
        { await $task } | Should -Throw 'enough'
        $queue.Count | Should -Be 2
        $task = Start-AsyncTask { Receive-AsyncQueueItem $queue -All | ForEach-Object { await (Start-AsyncSleep 0) } }
        Wait-Until { await (Start-AsyncSleep 0.01); $queue.IsEmpty }
        Stop-AsyncTask $task
        { await $task } | Should -Throw -ExceptionType ([OperationCanceledException])
        Add-AsyncQueueItem $queue 5
        $queue.Count | Should -Be 1
    }

    It 'handles a result as it comes, in blocks that await and that do not' {
        $open = New-Future
        $seen = [Collections.ArrayList]::new()
        $first = Start-AsyncTask { Receive-AsyncTask $open, (Start-AsyncSleep 0.01 -Result 'a') | ForEach-Object { $null = $seen.Add($_); await (Start-AsyncSleep 0); $_ } }
        $second = Start-AsyncTask { $open, (Start-AsyncSleep 0.01 -Result 'b') | Receive-AsyncTask | ForEach-Object { $null = $seen.Add($_); $_ } }
        Wait-Until { await (Start-AsyncSleep 0.01); $seen.Count -eq 2 }
        $first.IsCompleted, $second.IsCompleted | Should -Be $false, $false
        $open.SetResult('z')
        await $first, $second | Should -Be 'a', 'z', 'b', 'z'
    }

    It 'does not keep the one that began first waiting for the one that began last' {
        $gate = New-AsyncEvent
        $first = Start-AsyncTask { 1 | ForEach-Object { await (Start-AsyncSleep 0.01); 'first' } }
        $last = Start-AsyncTask { 1 | ForEach-Object { Wait-AsyncEvent $gate; 'last' } }
        await (Start-AsyncTask { await $first; Set-AsyncEvent $gate }) | Should -Be 'first'
        await $last | Should -Be 'last'
    }

    It 'ends when Select-Object -First behind it has had enough of what never ends: <Pipeline>' -TestCases @(
        @{ Pipeline = { Receive-AsyncTask $endless -Live | Select-Object -First 3 } }
        @{ Pipeline = { $some = Receive-AsyncTask $endless -Live | Select-Object -First 2 -Skip 1; 1; $some } }
        @{ Pipeline = { Receive-AsyncTask $endless -Live | ForEach-Object { $null; $_ } | Select-Object -First 3 } }
        @{ Pipeline = { Receive-AsyncTask $endless -Live | ForEach-Object { await (Start-AsyncSleep 0); $_ } | select -First 3 } }
        @{ Pipeline = { Receive-AsyncTask $endless -Live | Where-Object { $_ -lt 4 } | Select-Object -First 3 | ForEach-Object { await (New-Future -Result $_) } } }
        @{ Pipeline = { foreach ($n in 1..3) { Receive-AsyncTask $endless -Live | Where-Object { $_ -eq $n } | Select-Object -First 1 } } }
        @{ Pipeline = { Receive-AsyncQueueItem $queue -All | Select-Object -First 3 } }
        @{ Pipeline = { Receive-AsyncQueueItem $queue -All | ForEach-Object { $_ } | Select-Object -First 3 | Sort-Object } }
    ) {
        $queue = New-AsyncQueue
        $endless = Start-AsyncTask {
            for ($i = 1; ; $i++) {
                Add-AsyncQueueItem $queue $i
                $i
                await (Start-AsyncSleep 0.001)
            }
        }
        try {
            $task = Start-AsyncTask $Pipeline
            $task.Kind | Should -Be Coroutine
            await $task -TimeoutSec 60 | Should -Be (1..3)
            $endless.State | Should -Be Running
            if ("$Pipeline" -like '*$queue*') {
                await $queue.GetAsync() | Should -Be 4
            }
        } finally {
            Stop-AsyncTask $endless
        }
    }

    It 'stops what its pipeline has started when that has had enough, or is stopped: <How>' -TestCases @(
        @{ How = 'enough'; Pipeline = { 600, 0, 600 | Start-AsyncSleep -Name fromPipeline | Receive-AsyncTask -PassThru | Select-Object -First 1 } }
        @{ How = 'enough behind a block'; Pipeline = { 600, 0, 600 | Start-AsyncSleep -Name fromPipeline | Receive-AsyncTask -PassThru | ForEach-Object { await (Start-AsyncSleep 0); 1 } | Select-Object -First 1 } }
        @{ How = 'stopped'; Pipeline = { 600, 600 | Start-AsyncSleep -Name fromPipeline | Receive-AsyncTask } }
        @{ How = 'stopped behind a block'; Pipeline = { 600, 600 | Start-AsyncSleep -Name fromPipeline | Receive-AsyncTask | ForEach-Object { $_ } } }
        @{ How = 'stopped at the second'; Pipeline = { 0, 600, 600 | Start-AsyncSleep -Name fromPipeline | Receive-AsyncTask -PassThru } }
    ) {
        $other = Start-AsyncSleep 600 -Name fromElsewhere
        $task = Start-AsyncTask $Pipeline
        if ($How -like 'stopped*') {
            await (Start-AsyncSleep 0.05)
            @(Get-AsyncTask -Name fromPipeline | Where-Object State -NE Completed).Count | Should -Be 2
            Stop-AsyncTask $task
            { await $task -TimeoutSec 60 } | Should -Throw -ErrorId AsyncCanceled*
        } else {
            $null = await $task -TimeoutSec 60
        }
        Get-AsyncTask -Name fromPipeline | Where-Object State -EQ Running | Should -BeNullOrEmpty
        $other.State | Should -Be Running
        Stop-AsyncTask $other
    }

    It 'takes what it goes over one by one, when each is handled' {
        $queue = New-AsyncQueue
        $blocking = [Collections.Concurrent.BlockingCollection[int]]::new()
        $blocking.Add(1)
        await (Start-AsyncTask {
            $blocking.GetConsumingEnumerable() | ForEach-Object {
                await (Start-AsyncSleep 0.001)
                if ($_ -lt 3) { $blocking.Add($_ + 1) } else { $blocking.CompleteAdding() }
                "n $_"
            }
        }) | Should -Be 'n 1', 'n 2', 'n 3'
    }

    It 'is stopped in the middle of it, and its finally runs' {
        $log = [Collections.ArrayList]::new()
        $task = Start-AsyncTask {
            1..3 | ForEach-Object {
                try { $null = $log.Add("in $_"); await (Start-AsyncSleep ($_ -eq 1 ? 0.01 : 1000)) }
                finally { await (Start-AsyncSleep 0.001); $null = $log.Add("out $_") }
            } | Sort-Object
        }
        Wait-Until { await (Start-AsyncSleep 0.01); $log.Count -eq 3 }
        Stop-AsyncTask $task
        { await $task } | Should -Throw -ExceptionType ([OperationCanceledException])
        $task.State | Should -Be Stopped
        $log | Should -Be 'in 1', 'out 1', 'in 2', 'out 2'
    }

    It 'may catch that it is stopped, and goes on' {
        $task = Start-AsyncTask { 1..3 | ForEach-Object { try { await (Start-AsyncSleep ($_ -eq 2 ? 1000 : 0.001)); "slept $_" } catch [OperationCanceledException] { "stopped $($_.Exception.GetType().Name)" } } }
        $null = await (Start-AsyncSleep 0.1)
        Stop-AsyncTask $task
        await $task | Should -Be 'slept 1', 'stopped OperationCanceledException', 'slept 3'
    }

    It 'is stopped by Ctrl+C <Where>' -TestCases @(
        @{ Where = 'at an await'; Block = '1..3 | ForEach-Object { $signal.Set(); await (Start-AsyncSleep 1000) }' }
        @{ Where = 'in a loop of finished awaits'; Block = '1..1e7 | ForEach-Object { $signal.Set(); await $done }' }
        @{ Where = 'in a loop that awaits nothing'; Block = '1..1e7 | ForEach-Object { if (-not $signal.IsSet) { $signal.Set(); await $done } }' }
        @{ Where = 'in one behind it'; Block = '1..3 | ForEach-Object { $_ } | ForEach-Object { $signal.Set(); await (Start-AsyncSleep 1000) } | Sort-Object' }
    ) {
        $session = New-TestSession
        try {
            Stop-InSession $session "`$done = New-Future; `$done.SetResult(1); await (Start-AsyncTask { $Block }) | Out-Null" | Should -BeLessThan ([TimeSpan]::FromSeconds(10))
            Invoke-InSession $session 'await (Start-AsyncTask { 1..2 | ForEach-Object { await (Start-AsyncSleep 0.01 -Result $_) } })' | Should -Be 1, 2
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'sees variables that are named with $using:' {
        $value = 'used'
        await (Start-AsyncTask { 1..2 | ForEach-Object { await (Start-AsyncSleep 0 -Result "$using:value $_") } }) | Should -Be 'used 1', 'used 2'
    }

    It 'is what its name stands for where the task starts' {
        $session = New-TestSession
        try {
            Invoke-InSession $session @'
                $block = { await (Start-AsyncSleep 0); 1..2 | ForEach-Object { await (Start-AsyncSleep 0 -Result $_) } }
                await (Start-AsyncTask $block)
                function ForEach-Object { process { "mine $_" } }
                await (Start-AsyncTask $block)
                (Start-AsyncTask { 1 | ForEach-Object { await (Start-AsyncSleep 0) } }).Kind
                Remove-Item function:ForEach-Object
                Set-Alias each ForEach-Object
                $task = Start-AsyncTask { 3 | each { await (Start-AsyncSleep 0 -Result "each $_") } }
                $task.Kind; await $task
'@ | Should -Be 1, 2, 'mine 1', 'mine 2', 'Thread', 'Coroutine', 'each 3'
        }
        finally {
            Remove-TestSession $session
        }
    }

    It 'is hit by a breakpoint in its block for each object, and on its own line once' {
        $file = "$TestDrive/Each.ps1"
        Set-Content $file @(
            'await (Start-AsyncTask {'
            '    1..2 |'
            '        ForEach-Object {'
            '            $n = $_ * 10'
            '            await (Start-AsyncSleep 0.001)'
            '            $m = $n'
            '        }'
            '})'
        )
        $global:coroutineHits = [Collections.ArrayList]::new()
        $points = foreach ($number in 2, 4, 6) { Set-PSBreakpoint -Script $file -Line $number -Action { $null = $global:coroutineHits.Add("$((Get-PSCallStack)[1].ScriptLineNumber) $n") } }
        try { & $file } finally { $points | Remove-PSBreakpoint }
        $global:coroutineHits | Should -Be '2 ', '4 ', '6 10', '4 10', '6 20'
        Remove-Variable coroutineHits -Scope Global
    }

    It 'gets what was written before the command in front of it failed: <Name>' -TestCases @(
        @{ Name = 'Receive-AsyncTask'; Block = { Receive-AsyncTask (New-Future -Result 1), (New-Future -Exception ([IO.IOException]'x')) -ErrorAction Stop | ForEach-Object { "got $_" } } }
        @{ Name = 'Receive-AsyncTask, awaiting'; Block = { Receive-AsyncTask (New-Future -Result 1), (New-Future -Exception ([IO.IOException]'x')) -ErrorAction Stop | ForEach-Object { await (Start-AsyncSleep 0); "got $_" } } }
        @{ Name = 'ForEach-Async'; Block = { 1..3 | ForEach-Async -OnLoop -ErrorAction Stop { if ($_ -eq 2) { throw 'x' }; $_ } | ForEach-Object { "got $_" } } }
    ) {
        $seen = await (async -OnLoop { try { & $Block } catch { "failed $_" } })
        $seen | Should -Be 'got 1', 'failed x'
        $plain = & { try { & $Block } catch { "failed $_" } }
        $plain | Should -Be $seen
    }
}
