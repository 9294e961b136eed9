BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
}

Describe 'A stopped coroutine' {
    BeforeAll {
        # Starts a coroutine that holds at its wait by the time this returns.
        function Start-Waiting([scriptblock] $Block, [object[]] $ArgumentList) { Start-AsyncTask -OnLoop $Block -ArgumentList $ArgumentList }
    }

    It 'leaves its place in the line for an item before the stop returns' {
        $queue = New-AsyncQueue
        $old = Start-Waiting { param($queue) Receive-AsyncQueueItem $queue } $queue
        Stop-AsyncTask $old
        $queue.WaitingGetCount | Should -Be 0
        $new = Start-Waiting { param($queue) Receive-AsyncQueueItem $queue } $queue
        Add-AsyncQueueItem $queue 'item'
        await $new -TimeoutSec 60 | Should -Be 'item'
        { await $old } | Should -Throw -ErrorId AsyncCanceled*
    }

    It 'leaves no room in a full queue to more than it holds' {
        $queue = New-AsyncQueue -Capacity 2
        1..5 | ForEach-Object { Start-Waiting { param($queue) Receive-AsyncQueueItem $queue } $queue } | Stop-AsyncTask
        1..2 | Add-AsyncQueueItem $queue -NoWait
        { Add-AsyncQueueItem $queue 3 -NoWait } | Should -Throw -ErrorId QueueFull*
    }

    It 'has not put what it was about to put' {
        $queue = New-AsyncQueue -Capacity 1
        Add-AsyncQueueItem $queue 'a'
        $putting = Start-Waiting { param($queue) Add-AsyncQueueItem $queue 'b' } $queue
        Stop-AsyncTask $putting
        Receive-AsyncQueueItem $queue | Should -Be 'a'
        { Receive-AsyncQueueItem $queue -NoWait } | Should -Throw -ErrorId QueueEmpty*
    }

    It 'is no party at a barrier' {
        $barrier = New-AsyncBarrier -Parties 2
        Stop-AsyncTask (Start-Waiting { param($barrier) Wait-AsyncBarrier $barrier } $barrier)
        $one = Start-Waiting { param($barrier) Wait-AsyncBarrier $barrier } $barrier
        await (Start-AsyncSleep 0)
        $one.State | Should -Be 'Running'
        Wait-AsyncBarrier $barrier -TimeoutSec 60 | Should -BeIn 0, 1
        await $one -TimeoutSec 60 | Should -BeIn 0, 1
    }

    It 'leaves the line of <What>' -TestCases @(
        @{ What = 'a lock'; New = { $lock = New-AsyncLock; Enter-AsyncLock $lock; $lock }; Wait = { param($lock) Enter-AsyncLock $lock } }
        @{ What = 'a semaphore'; New = { $semaphore = New-AsyncSemaphore -Count 1; Enter-AsyncSemaphore $semaphore; $semaphore }; Wait = { param($semaphore) Enter-AsyncSemaphore $semaphore } }
        @{ What = 'an event'; New = { New-AsyncEvent }; Wait = { param($event) Wait-AsyncEvent $event } }
    ) {
        $primitive = & $New
        $waiting = Start-Waiting $Wait $primitive
        $primitive.WaitingCount | Should -Be 1
        Stop-AsyncTask $waiting
        $primitive.WaitingCount | Should -Be 0
    }

    It 'ends where tasks await each other in a circle of <Size>, <How>' -TestCases @(
        foreach ($how in 'each by await', 'each in a gather', 'each under a time limit') {
            2, 3 | ForEach-Object { @{ Size = $_; How = $how } }
        }
    ) {
        $wait = switch ($How) {
            'each by await' { { param($tasks, $next) await $tasks[$next] } }
            'each in a gather' { { param($tasks, $next) Wait-AsyncGather $tasks[$next], (New-Future -Result 1) } }
            default { { param($tasks, $next) Invoke-WithTimeout 600 { await $tasks[$next] } } }
        }
        $begin = New-AsyncEvent
        $tasks = [Collections.Generic.List[object]]::new()
        $ended = [Collections.Generic.List[int]]::new()
        0..($Size - 1) | ForEach-Object {
            $place = $_
            $tasks.Add((Start-AsyncTask -OnLoop {
                        try {
                            Wait-AsyncEvent $begin
                            . $wait $tasks (($place + 1) % $Size)
                        } finally {
                            await (Start-AsyncSleep 0)
                            $ended.Add($place)
                        }
                    }))
        }
        Set-AsyncEvent $begin
        await (Start-AsyncSleep 0)
        Stop-AsyncTask $tasks[0]
        foreach ($task in $tasks) {
            { await $task -TimeoutSec 60 } | Should -Throw -ErrorId AsyncCanceled*
        }
        $ended | Sort-Object | Should -Be (0..($Size - 1))
    }

    It 'is stopped through everything that it awaits, also where that is deep' {
        $event = New-AsyncEvent
        $task = Start-Waiting { param($event) Wait-AsyncEvent $event } $event
        foreach ($i in 1..300) { $task = Start-Waiting { param($inner) await $inner } $task }
        Stop-AsyncTask $task
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId AsyncCanceled*
        $event.WaitingCount | Should -Be 0
    }

    It 'is stopped in its last step, too' {
        $task = Start-AsyncTask -OnLoop { await (Start-AsyncSleep 0); Stop-AsyncTask (Get-AsyncTask -Current); 'end' }
        { await $task -TimeoutSec 60 } | Should -Throw -ErrorId AsyncCanceled*
        $task.State | Should -Be 'Stopped'
    }

    It 'that has swallowed its stop ends as any' {
        $task = Start-AsyncTask -OnLoop { try { await (Start-AsyncSleep 600) } catch [OperationCanceledException] { 'swallowed' } }
        Stop-AsyncTask $task
        await $task -TimeoutSec 60 | Should -Be 'swallowed'
    }
}

Describe 'A time limit' {
    It 'counts from the first step on, in <Command>' -TestCases @(
        @{ Command = 'Invoke-WithTimeout'; Run = { Invoke-WithTimeout -TimeoutSec 0.1 { Start-Sleep -Milliseconds 300; await (Start-AsyncSleep 600) } } }
        @{ Command = 'Start-AsyncTask'; Run = { await (Start-AsyncTask -OnLoop -TimeoutSec 0.1 { Start-Sleep -Milliseconds 300; await (Start-AsyncSleep 600) }) } }
    ) {
        $Run | Should -Throw -ErrorId AsyncTimeout*
    }

    It 'that has passed in a first step that ends the block is no fault, in Invoke-WithTimeout' {
        # As in asyncio, which looks at the clock only where the work waits.
        Invoke-WithTimeout -TimeoutSec 0.05 { Start-Sleep -Milliseconds 200; if ($false) { await $null }; 'done' } | Should -Be 'done'
    }
}

Describe 'A queue by <Kind>' -ForEach @(
    @{ Kind = 'Priority'; First = 'b'; Rest = 'c', 'a' }
    @{ Kind = 'Lifo'; First = 'c'; Rest = 'b', 'a' }
    @{ Kind = 'Fifo'; First = 'a'; Rest = 'b', 'c' }
) {
    It 'gives who waits what is the next when the wait is over' {
        $queue = New-AsyncQueue -Kind $Kind
        $waiting = Start-AsyncTask -OnLoop { param($queue) Receive-AsyncQueueItem $queue } -ArgumentList $queue
        $priorities = @{ a = 3; b = 1; c = 2 }
        foreach ($item in 'a', 'b', 'c') {
            $priority = $Kind -eq 'Priority' ? @{ Priority = $priorities[$item] } : @{}
            Add-AsyncQueueItem $queue $item @priority
        }
        await $waiting -TimeoutSec 60 | Should -Be $First
        Receive-AsyncQueueItem $queue -All -NoWait | Should -Be $Rest
    }
}

Describe 'A .NET task that is awaited again and again' {
    It 'has one task of ours, however often' {
        $source = [Threading.Tasks.TaskCompletionSource[object]]::new()
        $before = @(Get-AsyncTask).Count
        foreach ($i in 1..20) { $null = await $source.Task, (Start-AsyncSleep 0) -Any }
        foreach ($i in 1..5) { { await $source.Task -TimeoutSec 0.001 } | Should -Throw -ErrorId AsyncTimeout* }
        (@(Get-AsyncTask).Count - $before) | Should -Be 1
        $source.SetResult('done')
        await $source.Task -TimeoutSec 60 | Should -Be 'done'
        await $source.Task | Should -Be 'done'
        @(Get-AsyncTask).Count | Should -Be $before
    }

    It 'is waited for anew once a wait for it was stopped' {
        $source = [Threading.Tasks.TaskCompletionSource[object]]::new()
        $waiting = Start-AsyncTask -OnLoop { param($task) await $task } -ArgumentList $source.Task
        Stop-AsyncTask $waiting -Wait
        $source.SetResult('done')
        await $source.Task -TimeoutSec 60 | Should -Be 'done'
    }
}
