# A hundred thousand items through a bounded queue between one producer and one consumer: microseconds for each, beside
# asyncio in the same run where there is a python3.
param([int] $Count = 100000, [int] $Capacity = 100, [int] $Round = 5)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

# The core by itself, without cmdlets: what a .NET program would see.
Add-Type -IgnoreWarnings -WarningAction Ignore -ReferencedAssemblies ([AsyncJobs.AsyncQueue].Assembly.Location) -TypeDefinition @'
using System.Threading.Tasks;
using AsyncJobs;

public static class QueueRun
{
    public static void Run(int count, int capacity)
    {
        var queue = new AsyncQueue(capacity);
        Task.WaitAll(Task.Run(() => Put(queue, count)), Task.Run(() => Get(queue, count)));
    }

    private static async Task Put(AsyncQueue queue, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await queue.PutAsync(null).ConfigureAwait(false);
        }
    }

    private static async Task Get(AsyncQueue queue, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await queue.GetAsync().ConfigureAwait(false);
        }
    }
}
'@

$asyncio = @'
import asyncio, sys, time

async def put(queue, count):
    for _ in range(count):
        await queue.put(None)

async def get(queue, count):
    for _ in range(count):
        await queue.get()

async def run(count, capacity):
    queue = asyncio.Queue(capacity)
    begun = time.perf_counter()
    await asyncio.gather(put(queue, count), get(queue, count))
    print(time.perf_counter() - begun)

asyncio.run(run(int(sys.argv[1]), int(sys.argv[2])))
'@

$contenders = [ordered]@{
    'core: two .NET tasks'                   = { Measure-Second { [QueueRun]::Run($Count, $Capacity) } }
    'core: two .NET tasks, capacity 1'       = { Measure-Second { [QueueRun]::Run($Count, 1) } }
    'cmdlets: session to thread task'        = {
        Measure-Second {
            $queue = New-AsyncQueue $Capacity
            $consumer = Start-AsyncTask { Receive-AsyncQueueItem $using:queue -All | ForEach-Object { } }
            1..$Count | Add-AsyncQueueItem $queue
            Close-AsyncQueue $queue
            await $consumer
        }
    }
    'cmdlets: two script blocks, a call each' = {
        Measure-Second {
            $queue = New-AsyncQueue $Capacity
            $producer = Start-AsyncTask { foreach ($i in 1..$Count) { Add-AsyncQueueItem $queue $i }; Close-AsyncQueue $queue }
            $consumer = Start-AsyncTask { foreach ($i in 1..$Count) { $null = Receive-AsyncQueueItem $queue } }
            await $producer, $consumer
        }
    }
    'cmdlets: one session, no wait at all'   = {
        Measure-Second {
            $queue = New-AsyncQueue
            1..$Count | Add-AsyncQueueItem $queue
            Close-AsyncQueue $queue
            Receive-AsyncQueueItem $queue -All
        }
    }
}
if (Get-Command python3 -ErrorAction Ignore) {
    $contenders['asyncio'] = { [double](python3 -c $asyncio $Count $Capacity) }
}

Write-Host "Queue: $Count items, capacity $Capacity, microseconds for each item"
Measure-InTurn $contenders $Round | Format-Table Name,
    @{ Name = 'Median'; Expression = { '{0:0.00}' -f ($_.Median * 1e6 / $Count) } },
    @{ Name = 'All'; Expression = { $_.All.ForEach({ '{0:0.00}' -f ($_ * 1e6 / $Count) }) -join ', ' } }
