# The cmdlets of a queue inside coroutines: there they suspend.

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
}

Describe 'A queue between coroutines' {
    BeforeEach {
        $log = [Collections.Generic.List[object]]::new()
    }

    It 'holds producers up at its capacity, and hands items on in order' {
        $queue = New-AsyncQueue -Capacity 2
        $producer = Start-AsyncTask { foreach ($i in 1..6) { Add-AsyncQueueItem $queue $i; $log.Add("put $i") }; Close-AsyncQueue $queue }
        $log | Should -Be 'put 1', 'put 2'
        $queue.WaitingPutCount | Should -Be 1
        $consumer = Start-AsyncTask { while ($true) { try { $item = Receive-AsyncQueueItem $queue } catch [AsyncJobs.QueueShutDownException] { break }; $item; await (Start-AsyncSleep 0) } }
        await $consumer -TimeoutSec 30 | Should -Be (1..6)
        await $producer
        $log | Should -HaveCount 6
    }

    It 'takes items from the pipeline, waiting for room for each' {
        $queue = New-AsyncQueue -Capacity 3
        $producer = Start-AsyncTask { 1..20 | ForEach-Object { $_ * 2 } | Add-AsyncQueueItem $queue; Close-AsyncQueue $queue }
        $queue.Count | Should -Be 3
        await (Start-AsyncTask { Receive-AsyncQueueItem $queue -All }) -TimeoutSec 30 | Should -Be (1..20 | ForEach-Object { $_ * 2 })
        $producer.IsCompleted | Should -BeTrue
    }

    It 'writes items with -All as they come' {
        $queue = New-AsyncQueue
        $consumer = Start-AsyncTask { Receive-AsyncQueueItem $queue -All }
        foreach ($i in 1..3) { Add-AsyncQueueItem $queue $i; await (Start-AsyncSleep 0) }
        Close-AsyncQueue $queue
        await $consumer -TimeoutSec 30 | Should -Be 1, 2, 3
    }

    It 'serves consumers in the order of asking, also where several items come at once' {
        $queue = New-AsyncQueue
        $consumers = 1..100 | Start-AsyncTask { $item = Receive-AsyncQueueItem $queue; $log.Add("$_=$item") }
        1..100 | Add-AsyncQueueItem $queue
        await $consumers -TimeoutSec 30
        $log | Should -Be (1..100 | ForEach-Object { "$_=$_" })
    }

    It 'gives an array and null whole' {
        $queue = New-AsyncQueue
        $task = Start-AsyncTask { foreach ($i in 1..2) { $item = Receive-AsyncQueueItem $queue; if ($null -eq $item) { 'null' } else { "$($item.Count) items" } } }
        Add-AsyncQueueItem $queue (1, 2, 3)
        Add-AsyncQueueItem $queue $null
        await $task -TimeoutSec 30 | Should -Be '3 items', 'null'
    }

    It 'keeps the item that was handed over in the instant of a stop' {
        foreach ($round in 1..30) {
            $queue = New-AsyncQueue
            $stopped = Start-AsyncTask { Receive-AsyncQueueItem $queue }
            if ($round % 2) { Add-AsyncQueueItem $queue $round; Stop-AsyncTask $stopped } else { Stop-AsyncTask $stopped; Add-AsyncQueueItem $queue $round }
            await $stopped -PassThru -TimeoutSec 30 | ForEach-Object State | Should -Be Stopped
            Receive-AsyncQueueItem $queue -NoWait | Should -Be $round
        }
    }

    It 'takes nothing from a producer that is late or stopped' {
        $queue = New-AsyncQueue -Capacity 1
        Add-AsyncQueueItem $queue 'first'
        $late = Start-AsyncTask { try { Add-AsyncQueueItem $queue 'late' -TimeoutSec 0.01 } catch [TimeoutException] { "late: $($_.TargetObject)" } }
        $stopped = Start-AsyncTask { Add-AsyncQueueItem $queue 'stopped' }
        Stop-AsyncTask $stopped
        await $late -TimeoutSec 30 | Should -Be 'late: late'
        $null = await $stopped -PassThru -TimeoutSec 30
        Receive-AsyncQueueItem $queue | Should -Be 'first'
        $queue.Count | Should -Be 0
    }

    It 'says what -NoWait could not do, where it could not' {
        $queue = New-AsyncQueue -Capacity 1
        $task = Start-AsyncTask {
            try { Receive-AsyncQueueItem $queue -NoWait } catch [AsyncJobs.QueueEmptyException] { 'empty' }
            Add-AsyncQueueItem $queue 1
            try { Add-AsyncQueueItem $queue 2 -NoWait } catch [AsyncJobs.QueueFullException] { 'full' }
        }
        await $task -TimeoutSec 30 | Should -Be 'empty', 'full'
    }

    It 'is joined when all work is done' {
        $queue = New-AsyncQueue
        $join = Start-AsyncTask { 1..3 | Add-AsyncQueueItem $queue; Wait-AsyncQueue $queue -TimeoutSec 30; $log.Add('joined') }
        $workers = 1..2 | Start-AsyncTask { while ($true) { $item = Receive-AsyncQueueItem $queue; await (Start-AsyncSleep 0); $log.Add($item); Complete-AsyncQueueItem $queue } }
        await $join -TimeoutSec 30
        $log | Should -Be 1, 2, 3, 'joined'
        Stop-AsyncTask $workers
        $null = await $workers -PassThru -TimeoutSec 30
        $queue.WaitingGetCount | Should -Be 0
    }

    It 'passes 1,000 items through a bounded pipeline of coroutines, a thread and plain script' {
        $raw = New-AsyncQueue -Capacity 10
        $done = New-AsyncQueue -Capacity 10
        $producer = Start-AsyncTask { 1..1000 | Add-AsyncQueueItem $raw; Close-AsyncQueue $raw }
        $workers = @(1..4 | Start-AsyncTask { Receive-AsyncQueueItem $raw -All | ForEach-Object { $_ } })
        $pumps = @(1..3 | Start-AsyncTask { while ($true) { try { $item = Receive-AsyncQueueItem $raw } catch [AsyncJobs.QueueShutDownException] { return }; Add-AsyncQueueItem $done $item } })
        $pumps += Start-AsyncTask -OnThread { Receive-AsyncQueueItem $using:raw -All | Add-AsyncQueueItem $using:done }
        $closer = Start-AsyncTask { await $pumps; Close-AsyncQueue $done }
        $all = @(Receive-AsyncQueueItem $done -All -TimeoutSec 60) + @(await $workers)
        await $producer, $closer -TimeoutSec 60
        $all | Sort-Object | Should -Be (1..1000)
    }
}
