# A thousand tasks over one semaphore of three: microseconds for each task, beside asyncio in the same run where there
# is a python3. Each kind also runs without the semaphore: the difference is what the semaphore costs.
param([int] $Count = 1000, [int] $Permits = 3, [int] $Round = 5)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

# The core by itself, without cmdlets: what a .NET program would see.
Add-Type -IgnoreWarnings -WarningAction Ignore -ReferencedAssemblies ([AsyncJobs.AsyncSemaphore].Assembly.Location) -TypeDefinition @'
using System.Threading.Tasks;
using AsyncJobs;

public static class SemaphoreRun
{
    public static void Run(int count, int permits)
    {
        var semaphore = permits == 0 ? null : new AsyncSemaphore(permits);
        var tasks = new Task[count];
        for (int i = 0; i < count; i++)
        {
            tasks[i] = Work(semaphore);
        }

        Task.WaitAll(tasks);
    }

    private static async Task Work(AsyncSemaphore semaphore)
    {
        if (semaphore is not null)
        {
            await semaphore.EnterAsync().ConfigureAwait(false);
        }

        await Task.Yield();
        semaphore?.Release();
    }
}
'@

$asyncio = @'
import asyncio, contextlib, sys, time

async def work(semaphore):
    async with semaphore:
        await asyncio.sleep(0)

async def run(count, permits):
    semaphore = asyncio.Semaphore(permits) if permits else contextlib.nullcontext()
    begun = time.perf_counter()
    await asyncio.gather(*(work(semaphore) for _ in range(count)))
    print(time.perf_counter() - begun)

asyncio.run(run(int(sys.argv[1]), int(sys.argv[2])))
'@

$contenders = [ordered]@{
    'core: .NET tasks'                            = { Measure-Second { [SemaphoreRun]::Run($Count, 0) } }
    'core: .NET tasks, semaphore'                 = { Measure-Second { [SemaphoreRun]::Run($Count, $Permits) } }
    'cmdlets: IO tasks'                           = { Measure-Second { 1..$Count | ForEach-Object { 0 } | Start-AsyncSleep | Wait-AsyncGather } }
    'cmdlets: IO tasks, -Semaphore'               = {
        $semaphore = New-AsyncSemaphore $Permits
        Measure-Second { 1..$Count | ForEach-Object { 0 } | Start-AsyncSleep -Semaphore $semaphore | Wait-AsyncGather }
    }
    'cmdlets: script blocks, -Semaphore'          = {
        $semaphore = New-AsyncSemaphore $Permits
        Measure-Second { 1..$Count | Start-AsyncTask { } -Semaphore $semaphore | Wait-AsyncGather }
    }
    'cmdlets: script blocks that await'           = { Measure-Second { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0) } | Wait-AsyncGather } }
    'cmdlets: script blocks that await, semaphore' = {
        $semaphore = New-AsyncSemaphore $Permits
        Measure-Second { 1..$Count | Start-AsyncTask { Use-AsyncSemaphore $semaphore { await (Start-AsyncSleep 0) } } | Wait-AsyncGather }
    }
}
if (Get-Command python3 -ErrorAction Ignore) {
    $contenders['asyncio: coroutines'] = { [double](python3 -c $asyncio $Count 0) }
    $contenders['asyncio: coroutines, semaphore'] = { [double](python3 -c $asyncio $Count $Permits) }
}

Write-Host "Semaphore: $Count tasks, $Permits permits, microseconds for each task"
Measure-InTurn $contenders $Round | Format-Table Name,
    @{ Name = 'Median'; Expression = { '{0:0.0}' -f ($_.Median * 1e6 / $Count) } },
    @{ Name = 'All'; Expression = { $_.All.ForEach({ '{0:0.0}' -f ($_ * 1e6 / $Count) }) -join ', ' } }
