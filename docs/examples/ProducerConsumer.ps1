#requires -Version 7.4 -Modules AsyncJobs

<#
.SYNOPSIS
A producer hands items to consumers through a queue, waits until all are done, and then cancels the consumers.
#>
param([int] $Items = 6, [int] $Consumers = 2)

$queue = New-AsyncQueue -Capacity 3
$done = [Collections.Concurrent.ConcurrentQueue[string]]::new()

$workers = 1..$Consumers | Start-AsyncTask {
    while ($true) {
        $item = Receive-AsyncQueueItem $queue
        await (Start-AsyncSleep 0.05)
        $done.Enqueue("item $item is done")
        Complete-AsyncQueueItem $queue
    }
}

# With three items in it the queue is full, and this waits for room.
1..$Items | Add-AsyncQueueItem $queue
Wait-AsyncQueue $queue

# Nothing more will come: the consumers wait for nothing.
Stop-AsyncTask $workers
$workers | Wait-AsyncGather -ReturnExceptions | ForEach-Object { "a consumer ended with $($_.GetType().Name)" }
$done | Sort-Object
