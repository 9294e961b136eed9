<#
Many programs, so many at once, through AsyncJobs and through what else one could use: xargs -P, a plain C# loop on
System.Diagnostics.Process, Python's asyncio.create_subprocess_exec, and ForEach-Object -Parallel. Each of them reads what the
programs write, but xargs, which lets them write where it does.

Python is left out where there is no python3. What it takes to start the contenders is not counted, but for xargs, which is
nothing else.
#>
param([int] $Count = 500, [int] $ThrottleLimit = 50, [int] $Round = 7)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

if ($IsWindows) {
    Write-Host 'Process: the programs are those of a Unix.'
    return
}

Add-Type -TypeDefinition @'
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

public static class PlainLoop
{
    public static void Run(int count, int limit, string program, string argument) => RunAsync(count, limit, program, argument).GetAwaiter().GetResult();

    private static async Task RunAsync(int count, int limit, string program, string argument)
    {
        using var places = new SemaphoreSlim(limit);
        var runs = new List<Task>();
        for (int number = 0; number < count; number++)
        {
            await places.WaitAsync();
            runs.Add(Task.Run(async () =>
            {
                await RunOneAsync(program, argument);
                places.Release();
            }));
        }

        await Task.WhenAll(runs);
    }

    private static async Task RunOneAsync(string program, string argument)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(argument);
        using Process process = Process.Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        await error;
    }
}
'@

$asyncio = @'
import asyncio, sys, time

async def main(count, limit, program):
    places = asyncio.Semaphore(limit)

    async def run(number):
        async with places:
            process = await asyncio.create_subprocess_exec(
                program, str(number),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
            await process.communicate()

    begin = time.perf_counter()
    await asyncio.gather(*[run(number) for number in range(count)])
    print(time.perf_counter() - begin)

asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
'@

$program = (Get-Command echo -CommandType Application -TotalCount 1).Source
$contenders = [ordered]@{
    'Start-AsyncProcess, limit'     = {
        Measure-Second {
            $results = 1..$Count | Start-AsyncProcess $program { $_ } -ThrottleLimit $ThrottleLimit | Wait-AsyncGather
            if (@($results.ExitCode -ne 0).Count -or "$($results[-1].Output)" -ne $Count) { throw 'Start-AsyncProcess is wrong.' }
        }
    }
    'C#, Process and SemaphoreSlim' = { Measure-Second { [PlainLoop]::Run($Count, $ThrottleLimit, $program, 'x') } }
    'xargs -P'                      = { Measure-Second { 1..$Count | & xargs -P $ThrottleLimit -n 1 $program } }
    'ForEach-Object -Parallel'      = { Measure-Second { 1..$Count | ForEach-Object -Parallel { & $using:program $_ } -ThrottleLimit $ThrottleLimit } }
}
if (Get-Command python3 -CommandType Application -ErrorAction Ignore) {
    $contenders['Python, create_subprocess_exec'] = {
        [double]::Parse((& python3 -c $asyncio $Count $ThrottleLimit $program), [cultureinfo]::InvariantCulture)
    }
}

$results = @(Measure-InTurn $contenders $Round)
$own = $results[0].Median
Write-Host "Process: $Count times $program, $ThrottleLimit at once, median of $Round rounds"
$results | Select-Object @{ Name = 'How'; Expression = 'Name' },
    @{ Name = 'Seconds'; Expression = { '{0:0.000}' -f $_.Median } },
    @{ Name = 'Times ours'; Expression = { '{0:0.00}' -f ($_.Median / $own) } },
    @{ Name = 'All'; Expression = { ($_.All | ForEach-Object { '{0:0.00}' -f $_ }) -join ' ' } } |
    Format-Table
