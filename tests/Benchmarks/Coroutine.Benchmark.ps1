# A hundred thousand coroutines started through the pipeline and gathered, beside asyncio's; the same at other places, through
# the pipeline and one by one; what one costs in memory while it is asleep; and a million awaits of something that is done.
param([int] $Count = 100000, [int] $Asleep = 10000, [int] $Awaits = 1000000, [int] $Round = 3)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

$asyncio = @'
import asyncio, sys, time

async def one():
    await asyncio.sleep(0)
    return 1

async def main(count):
    start = time.perf_counter()
    await asyncio.gather(*[asyncio.create_task(one()) for _ in range(count)])
    print((time.perf_counter() - start) * 1e6 / count)

asyncio.run(main(int(sys.argv[1])))
'@
$python = Get-Command python3, python -CommandType Application -ErrorAction Ignore | Select-Object -First 1

function Get-LiveByte {
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
    [GC]::GetTotalMemory($true)
}

$contenders = [ordered]@{
    coroutines = {
        1e6 / $Count * (Measure-Second { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather })
    }
}

# Where they are started must make no difference.
$inModule = New-Module {
    function Start-Piped([int] $Count) { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather }
    function Start-OneByOne([int] $Count) { $(foreach ($i in 1..$Count) { Start-AsyncTask { await (Start-AsyncSleep 0); 1 } }) | Wait-AsyncGather }
}
$placeCount = [int]($Count / 5)
$places = [ordered]@{}
$runs = [ordered]@{
    'piped' = '1..$placeCount | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather', 'Start-Piped $placeCount'
    'one by one' = '$(foreach ($i in 1..$placeCount) { Start-AsyncTask { await (Start-AsyncSleep 0); 1 } }) | Wait-AsyncGather', 'Start-OneByOne $placeCount'
}
foreach ($way in $runs.Keys) {
    $statement, $call = $runs[$way]
    $measured = "1e6 / `$placeCount * (Measure-Second { $statement })"
    $places["at the top level, $way"] = [scriptblock]::Create("`$ErrorActionPreference = 'Continue'; $measured")
    $places["inside try, $way"] = [scriptblock]::Create("`$ErrorActionPreference = 'Continue'; try { $measured } catch { throw }")
    $places["under Stop, $way"] = [scriptblock]::Create("`$ErrorActionPreference = 'Stop'; $measured")
    $places["in a module's function, $way"] = [scriptblock]::Create("`$ErrorActionPreference = 'Continue'; 1e6 / `$placeCount * (Measure-Second { $call })")
}
if ($python) {
    $contenders.asyncio = { [double](& $python -c $asyncio $Count) }
}

$times = Measure-InTurn $contenders -Round $Round
$placeTimes = Measure-InTurn $places -Round $Round

$before = [GC]::GetTotalAllocatedBytes($true)
$null = 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather
$allocated = ([GC]::GetTotalAllocatedBytes($true) - $before) / $Count

# A few first, so that what the figures above still held is let go.
$null = 1..100 | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather
$future = New-Future
$before = Get-LiveByte
$sleepers = 1..$Asleep | Start-AsyncTask { await $future; 1 }
$asleepOnFuture = ((Get-LiveByte) - $before) / $Asleep
$future.SetResult(1)
$null = $sleepers | Wait-AsyncGather
$sleepers = $null

$before = Get-LiveByte
$sleepers = 1..$Asleep | Start-AsyncTask { await (Start-AsyncSleep 100); 1 }
$asleep = ((Get-LiveByte) - $before) / $Asleep
$sleepers | Stop-AsyncTask
$null = $sleepers | Wait-AsyncGather -ReturnExceptions
$sleepers = $null

# How deep the stack of the thread is inside a coroutine, and how much is held: near the beginning of the loop and at its end.
$done = New-Future
$done.SetResult(1)
$looks = [Collections.Generic.List[object]]::new()
function Add-Look {
    $looks.Add([pscustomobject]@{ Held = Get-LiveByte; Frames = [Diagnostics.StackTrace]::new().FrameCount; Calls = @(Get-PSCallStack).Count })
}
$loop = {
    await (Start-AsyncSleep 0)
    for ($i = 1; $i -le $Awaits; $i++) {
        $null = await $done
        if ($i -eq 1000 -or $i -eq $Awaits) { Add-Look }
    }
}
$seconds = Measure-Second { await (Start-AsyncTask $loop) -WarningAction SilentlyContinue }

Write-Host "Coroutine: $Count coroutines { await (Start-AsyncSleep 0); 1 }, started and gathered"
$times | Format-Table Name, @{ Name = 'Microseconds each'; Expression = { [Math]::Round($_.Median, 1) } }, @{ Name = 'All'; Expression = { $_.All.ForEach{ [Math]::Round($_, 1) } -join ', ' } }
Write-Host "Coroutine: $placeCount of them at each place"
$placeTimes | Format-Table @{ Name = 'Place'; Expression = 'Name' }, @{ Name = 'Microseconds each'; Expression = { [Math]::Round($_.Median, 1) } }, @{ Name = 'Times the top level'; Expression = { [Math]::Round($_.Median / $placeTimes[$_.Name -like '*piped' ? 0 : 4].Median, 2) } }
[pscustomobject]@{
    'Times asyncio' = $python ? [Math]::Round($times[0].Median / $times[1].Median, 2) : 'no Python here'
    'Bytes allocated for each' = [Math]::Round($allocated)
    'Bytes held by one that awaits a future' = [Math]::Round($asleepOnFuture)
    'Bytes held by one asleep, its sleep included' = [Math]::Round($asleep)
    'Microseconds for each of the awaits of something done' = [Math]::Round($seconds * 1e6 / $Awaits, 2)
    "Bytes held more after $Awaits such awaits than after 1000" = $looks[1].Held - $looks[0].Held
    'Stack frames there, .NET and script' = ($looks | ForEach-Object { "$($_.Frames) and $($_.Calls)" }) -join ', then '
} | Format-List
