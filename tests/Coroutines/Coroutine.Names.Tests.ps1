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
        '1 | ForEach-Object { await $f }', '$x = 1, 2 | % { if ($_) { await $f } } | Sort-Object'
    ) | ForEach-Object { @{ Text = $_ } }) {
        (Start-AsyncTask ([scriptblock]::Create("return`n$Text"))).Kind | Should -Be Coroutine
    }

    It 'not with <Text>' -TestCases $(@(
        '1', '"await"', '& { await $f }', '1 | Where-Object { await $f }', '& { 1 } | ForEach-Object { await $f }', 'function f { await $f }', 'Start-AsyncSleep 0', 'Set-AsyncEvent $l', '& "await" $f'
    ) | ForEach-Object { @{ Text = $_ } }) {
        (Start-AsyncTask ([scriptblock]::Create("return`n$Text"))).Kind | Should -Be Thread
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
