# Which blocks are coroutines: by the names of what they call, and what these names mean where the task starts.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A block is a coroutine' {
    It 'whose program -Debug shows, and nothing else does' {
        $lines = Start-AsyncTask -Debug { $a = 1; await (Start-AsyncSleep 0); Get-Date -Year $a | Out-Null } 5>&1 | Where-Object { $_ -is [Management.Automation.DebugRecord] }
        $lines.Message | Should -Be "The block as a coroutine:`nsequence`n  INLINE `$a = 1`n  INTRINSIC sleep 0`n  run Get-Date -Year `$a | Out-Null`n"
        Start-AsyncTask { await (Start-AsyncSleep 0) } 5>&1 | Should -BeOfType ([AsyncJobs.AsyncTask])
    }

    It 'with <Text>' -TestCases $(@(
        'await $f', 'Wait-AsyncTask $f', 'AWAIT $f', 'AsyncJobs\Wait-AsyncTask $f', 'Wait-AsyncGather $f', 'Receive-AsyncTask $f'
        'Invoke-WithTimeout 1 { 1 }', '1 | ForEach-Async { 1 }', '1 | Invoke-AsyncForEach { 1 }'
        'Enter-AsyncLock $l', 'Enter-AsyncSemaphore $l', 'Enter-AsyncRateLimiter $l', 'Use-AsyncLock $l { 1 }', 'Use-AsyncSemaphore $l { 1 }'
        'Wait-AsyncEvent $l', 'Wait-AsyncCondition $l', 'Wait-AsyncBarrier $l', '1 | Add-AsyncQueueItem $l', 'Receive-AsyncQueueItem $l', 'Wait-AsyncQueue $l'
        '$x = @{ a = 1, (await $f) }', 'if ($false) { while ($true) { "$(await $f)" } }'
        '1 | ForEach-Object { await $f }', '1 | Where-Object { await $f }', '1, 2 | ? -FilterScript { $_ -eq (await $f) } | Sort-Object', '$x = 1, 2 | % { if ($_) { await $f } } | Sort-Object'
    ) | ForEach-Object { @{ Text = $_ } }) {
        (Start-AsyncTask ([scriptblock]::Create("return`n$Text"))).Kind | Should -Be Coroutine
    }

    It 'not with <Text>' -TestCases $(@(
        '1', '"await"', '1 | Where-Object { $_ }', '(1, 2).Where({ await $f })', '& { 1 } | Where-Object { await $f }', '& { 1 } | ForEach-Object { await $f }', 'function f { await $f }', '& { 1 }', '$b = { await $f }', '& $nothing', 'Start-AsyncSleep 0', 'Set-AsyncEvent $l', '& "await" $f'
    ) | ForEach-Object { @{ Text = $_ } }) {
        (Start-AsyncTask ([scriptblock]::Create("return`n$Text"))).Kind | Should -Be Thread
    }
}

Describe 'A block whose awaits are in what it calls' {
    BeforeAll {
        function Get-Awaiting { await (Start-AsyncSleep 0 -Result 'awaited') }
        function Get-Advanced { [CmdletBinding()] param([Parameter(Mandatory)] $X) process { await (Start-AsyncSleep 0 -Result "advanced $X") } }
        function Get-Deep { $x = Get-Awaiting; "deep $x" }
        function Get-Circle($n) { if ($n) { Get-Round ($n - 1) } else { Get-Awaiting } }
        function Get-Round($n) { Get-Circle $n }
        function Get-Endless { Get-EndlessToo }
        function Get-EndlessToo { Get-Endless }
        function Get-Plain { 'plain' }
        function Get-Piped { process { await (Start-AsyncSleep 0) } }
        function Invoke-Given([scriptblock] $Action) { & $Action }
        Set-Alias aliased Get-Awaiting
        $awaiting = { await (Start-AsyncSleep 0 -Result 'block') }
        $plain = { 'plain' }
        $name = 'Get-Awaiting'
        $command = Get-Command Get-Awaiting
        $table = @{ a = $awaiting; b = $plain }
        $plainTable = @{ b = $plain }
        $list = @($plain, $awaiting)
        $module = New-Module { function Get-Private { await (Start-AsyncSleep 0 -Result 'private') } function Get-OfModule { Get-Private } Export-ModuleMember Get-OfModule } | Import-Module -PassThru
        $file = Join-Path $TestDrive awaits.ps1
        Set-Content $file 'param($x) function Get-Inner { await (Start-AsyncSleep 0 -Result "$x in $(Split-Path -Leaf $PSCommandPath)") } Get-Inner'
    }

    AfterAll {
        Remove-Module $module
    }

    It 'is a coroutine: <Text>' -TestCases $(@(
        '& { await (Start-AsyncSleep 0 -Result 1) }', '. { await (Start-AsyncSleep 0 -Result 1) }', '& { & { Get-Awaiting } }', '$x = & { Get-Awaiting }; $x', 'if (Get-Awaiting) { 1 }', 'try { Get-Awaiting } finally { }', '"$(Get-Awaiting)"'
        'Get-Awaiting', 'get-awaiting', 'Get-Advanced 1', 'Get-Advanced -X 1', 'Get-Deep', 'Get-Circle 3', 'aliased', '& aliased', "& 'Get-Awaiting'", '. Get-Awaiting', 'Get-OfModule', 'Get-Awaiting | Sort-Object'
        '& $awaiting', '. $awaiting', '& $using:awaiting', '& $name', '& $command', '& $table.a', '& $list[1]', '& $args[0]', 'param($given) & $given', '1 | ForEach-Object { & $awaiting }', '1 | ForEach-Object { Get-Deep }'
        '$own = { Get-Awaiting }; & $own', 'foreach ($own in { 1 }, { Get-Awaiting }) { & $own }', '$own = @{ Action = { Get-Awaiting } }; & $own.Action', '$one, $own = { 1 }, { Get-Awaiting }; & $own'
        'Invoke-Given { Get-Awaiting }', 'Invoke-Given -Action { await (Start-AsyncSleep 0 -Result 1) }', 'Invoke-Given $awaiting', 'Invoke-Given -Action $awaiting'
        'function Get-First { await (Start-AsyncSleep 0 -Result 1) } function Get-Second { Get-First } Get-Second', '& { function Get-First { await (Start-AsyncSleep 0 -Result 1) } Get-First }', 'Set-Alias own Get-Awaiting; own'
        '$own = { param($n) if ($n) { & $own ($n - 1) } else { Get-Awaiting } }; & $own 2'
    ) | ForEach-Object { @{ Text = $_ } }) {
        $task = Start-AsyncTask ([scriptblock]::Create($Text)) -ArgumentList $awaiting
        $task.Kind | Should -Be Coroutine
        await $task -TimeoutSec 20 | Should -Not -BeNullOrEmpty
    }

    It 'is none where nothing of that awaits: <Text>' -TestCases $(@(
        'Get-Plain', 'if ($false) { Get-Endless } 1', '& $plain', '& $plainTable.b', 'Invoke-Given { 1 }', 'Invoke-Given $plain', 'function Get-Own { Get-Awaiting } 1', '$own = { Get-Awaiting }; 1', '1 | Get-Piped', '$own = { & $own2 }; $own2 = { & $own }; if ($false) { & $own } 1'
    ) | ForEach-Object { @{ Text = $_ } }) {
        $task = Start-AsyncTask ([scriptblock]::Create($Text))
        $task.Kind | Should -Be Thread
        Stop-AsyncTask $task
    }

    It 'is one in ForEach-Async, Invoke-WithTimeout, a group and a periodic task' {
        $here = [Threading.Thread]::CurrentThread.ManagedThreadId
        function Get-Thread { await (Start-AsyncSleep 0); [Threading.Thread]::CurrentThread.ManagedThreadId }
        1..2 | ForEach-Async { Get-Thread } | Should -Be $here, $here
        Invoke-WithTimeout 20 { Get-Thread } | Should -Be $here
        Invoke-AsyncTaskGroup { Start-AsyncTask { & { Get-Thread } } } | Should -Be $here
        $periodic = Start-AsyncTask -Every 0.01 -Count 2 { Get-Thread }
        $periodic.Kind | Should -Be Coroutine
        await $periodic -TimeoutSec 20 | Select-Object -Last 1 | Should -Be $here
        await (Start-AsyncTask -OnThread { Get-Thread }) -TimeoutSec 20 | Should -Not -Be $here
    }

    It 'is one where it is a file' {
        $task = Start-AsyncTask -FilePath $file -ArgumentList 5
        $task.Kind | Should -Be Coroutine
        await $task -TimeoutSec 20 | Should -Be '5 in awaits.ps1'
        (Start-AsyncTask -FilePath $file -OnThread).Kind | Should -Be Thread
        await (Start-AsyncTask -FilePath $file 6 -OnLoop) -TimeoutSec 20 | Should -Be '6 in awaits.ps1'
    }

    It 'is none where it is a file with a class, which -OnLoop refuses' {
        $with = Join-Path $TestDrive class.ps1
        Set-Content $with 'class Own { } await (Start-AsyncSleep 0)'
        (Start-AsyncTask -FilePath $with).Kind | Should -Be Thread
        { Start-AsyncTask -FilePath $with -OnLoop } | Should -Throw -ErrorId 'InvalidArgument,AsyncJobs.StartAsyncTaskCommand'
    }

    It 'follows what a name means now' {
        function Start-It { Start-AsyncTask { Get-Late } }
        function Get-Late { 'plain' }
        (Start-It).Kind | Should -Be Thread
        function Get-Late { Get-Later }
        function Get-Later { 'plain' }
        (Start-It).Kind | Should -Be Thread
        function Get-Later { await (Start-AsyncSleep 0 -Result 'late') }
        $task = Start-It
        $task.Kind | Should -Be Coroutine
        await $task | Should -Be 'late'
        function Get-Late { 'plain again' }
        (Start-It).Kind | Should -Be Thread
    }

    It 'lets many of them wait at once on the one loop' {
        function Get-Slow($n) { await (Start-AsyncSleep 0.3); $n }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        (1..40 | ForEach-Async { Get-Slow $_ } -ThrottleLimit 40 | Measure-Object).Count | Should -Be 40
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 6
    }
}

Describe 'A name that the script has taken' {
    BeforeAll {
        $session = New-TestSession
    }

    AfterAll {
        Remove-TestSession $session
    }

    It 'by a function calls that, and does not suspend' {
        Invoke-InSession $session @'
            function Wait-AsyncEvent { 'mine' }
            $block = { Wait-AsyncEvent; await (Start-AsyncSleep 0 -Result 'ours') }
            (Start-AsyncTask { Wait-AsyncEvent }).Kind
            await (Start-AsyncTask $block)
            Remove-Item function:Wait-AsyncEvent
            $event = New-AsyncEvent; Set-AsyncEvent $event
            $block = { Wait-AsyncEvent $event }
            (Start-AsyncTask $block).Kind
            function Wait-AsyncEvent { 'again' }
            (Start-AsyncTask $block).Kind
            (Start-AsyncTask { AsyncJobs\Wait-AsyncEvent $event }).Kind
            Remove-Item function:Wait-AsyncEvent
'@ | Should -Be 'Thread', 'mine', 'ours', 'Coroutine', 'Thread', 'Coroutine'
    }

    It 'is heeded where the block has run before, and suspends before it comes to the name' {
        Invoke-InSession $session @'
            $event = New-AsyncEvent; Set-AsyncEvent $event
            $block = { await (Start-AsyncSleep 0); Wait-AsyncEvent $event; 'end' }
            await (Start-AsyncTask $block)
            function Wait-AsyncEvent { 'mine' }
            await (Start-AsyncTask $block)
            Remove-Item function:Wait-AsyncEvent
            await (Start-AsyncTask $block)
'@ | Should -Be 'end', 'mine', 'end', 'end'
    }

    It 'by an alias of its own is what that stands for' {
        Invoke-InSession $session @'
            Set-Alias aw Wait-AsyncTask
            $task = Start-AsyncTask { aw (Start-AsyncSleep 0 -Result 'by alias') }
            $task.Kind; await $task
            Set-Alias await Write-Output -Scope Local
            (Start-AsyncTask { await 'written' }).Kind
            Set-Alias await Wait-AsyncTask
'@ | Should -Be 'Coroutine', 'by alias', 'Thread'
    }

    It 'by a function in the block itself calls that' {
        Invoke-InSession $session @'
            await (Start-AsyncTask { function Wait-AsyncQueue { 'local' }; await (Start-AsyncSleep 0); Wait-AsyncQueue })
'@ | Should -Be 'local'
    }

    It 'is heeded where the engine would else do by itself what our cmdlet does' {
        Invoke-InSession $session @'
            $semaphore = New-AsyncSemaphore 1
            $block = { Enter-AsyncSemaphore $semaphore; await (Start-AsyncSleep 0); Exit-AsyncSemaphore $semaphore; $semaphore.CurrentCount }
            await (Start-AsyncTask $block)
            function Exit-AsyncSemaphore { "kept $($args.Count)" }
            await (Start-AsyncTask $block)
            Remove-Item function:Exit-AsyncSemaphore
            $semaphore.Release()
            function Start-AsyncSleep { $future = New-Future; $future.SetResult("slept $args"); $future }
            await (Start-AsyncTask $block)
            Remove-Item function:Start-AsyncSleep
            await (Start-AsyncTask $block)
'@ | Should -Be 1, 'kept 1', 0, 'slept 0', 1, 1
    }

    It 'by default parameters is heeded, too' {
        Invoke-InSession $session @'
            $queue = New-AsyncQueue
            $block = { Receive-AsyncQueueItem $queue; await (Start-AsyncSleep 0) }
            $PSDefaultParameterValues = @{ 'Receive-AsyncQueueItem:TimeoutSec' = 0.05; 'Start-AsyncSleep:Result' = 'from the defaults' }
            try { await (Start-AsyncTask $block) } catch { $_.Exception.GetType().Name }
            $queue.Put(1)
            await (Start-AsyncTask $block)
            $PSDefaultParameterValues = @{}
'@ | Should -Be 'TaskTimeoutException', 1, 'from the defaults'
    }
}
