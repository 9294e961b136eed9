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
$placeCount = [Math]::Max(1, [int]($Count / 5))
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

# What a word in a block costs: each block is started and gathered; beside it the statement of its own, plainly.
$file = [IO.Path]::GetTempFileName()
$script = [IO.Path]::ChangeExtension([IO.Path]::GetTempFileName(), 'ps1')
Set-Content $script '$dotted = 1'
$wordCount = [Math]::Max(1, [int]($Count / 20))
$removing = "[IO.File]::WriteAllText('$file', ''); Remove-Item '$file'"
$blocks = [ordered]@{
    'no other word' = { await (Start-AsyncSleep 0); 1 }, $null
    'Remove-Item on a path not taken' = { if ($false) { Remove-Item $file } await (Start-AsyncSleep 0); 1 }, $null
    'Remove-Item that runs, its path written' = [scriptblock]::Create("$removing; await (Start-AsyncSleep 0); 1"), [scriptblock]::Create($removing)
    'Remove-Item that runs, its path computed' = { [IO.File]::WriteAllText($file, ''); Remove-Item $file; await (Start-AsyncSleep 0); 1 }, { [IO.File]::WriteAllText($file, ''); Remove-Item $file }
    '[ref] for TryParse' = { $n = 0; $null = [int]::TryParse('1', [ref] $n); await (Start-AsyncSleep 0); 1 }, { $n = 0; $null = [int]::TryParse('1', [ref] $n) }
    'Set-StrictMode' = { Set-StrictMode -Version 3; await (Start-AsyncSleep 0); 1 }, { Set-StrictMode -Version 3 }
    'a dot-sourced file' = { . $script; await (Start-AsyncSleep 0); 1 }, { . $script }
}
$loops = [ordered]@{
    'no other word' = { foreach ($i in 1..1000) { await (Start-AsyncSleep 0) } }, $null
    'behind Remove-Item' = { [IO.File]::WriteAllText($file, ''); Remove-Item $file; foreach ($i in 1..1000) { await (Start-AsyncSleep 0) } }, $null
    'behind Set-StrictMode' = { Set-StrictMode -Version 3; foreach ($i in 1..1000) { await (Start-AsyncSleep 0) } }, $null
    'behind a dot-sourced file' = { . $script; foreach ($i in 1..1000) { await (Start-AsyncSleep 0) } }, $null
    'a dot-sourced file each time' = { foreach ($i in 1..1000) { . $script; await (Start-AsyncSleep 0) } }, { . $script }
}

# What a coroutine has in its scope costs each step that PowerShell runs for it.
$steps = [ordered]@{
    'no other word' = { $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..1000) { $list.Add($i); await (Start-AsyncSleep 0) } }, $null
    'behind Set-Alias' = { Set-Alias other Get-Item; $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..1000) { $list.Add($i); await (Start-AsyncSleep 0) } }, $null
    'behind New-PSDrive' = { $null = New-PSDrive other FileSystem /; $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..1000) { $list.Add($i); await (Start-AsyncSleep 0) } }, $null
    'behind Set-StrictMode' = { Set-StrictMode -Version 3; $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..1000) { $list.Add($i); await (Start-AsyncSleep 0) } }, $null
    'in a block with $?' = { $good = $?; $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..1000) { $list.Add($i); await (Start-AsyncSleep 0) } }, $null
}

# The figure of each block and of each statement, in turn; the first round is to warm up.
function Get-WordTime([System.Collections.IDictionary] $Words, [scriptblock] $Measure) {
    $figures = @{}
    foreach ($turn in 0..$Round) {
        foreach ($name in $Words.Keys) {
            $inBlock, $plain = $Words[$name]
            $figure = & $Measure $inBlock
            $alone = $plain ? 1e6 / 500 * (Measure-Second { for ($i = 0; $i -lt 500; $i++) { & $plain } }) : [double]::NaN
            if ($turn -gt 0) {
                $figures[$name] = @($figures[$name]) + $figure | Where-Object { $null -ne $_ }
                $figures["plain $name"] = @($figures["plain $name"]) + $alone | Where-Object { $null -ne $_ }
            }
        }
    }

    foreach ($name in $Words.Keys) {
        [pscustomobject]@{ Name = $name; Median = Get-Median $figures[$name]; Plain = Get-Median $figures["plain $name"] }
    }
}

function Format-WordTime($Times) {
    $Times | Format-Table @{ Name = 'In the block'; Expression = 'Name' },
        @{ Name = 'Microseconds each'; Expression = { [Math]::Round($_.Median, 1) } },
        @{ Name = 'Times the first'; Expression = { [Math]::Round($_.Median / $Times[0].Median, 2) } },
        @{ Name = 'Plainly'; Expression = { [double]::IsNaN($_.Plain) ? '' : [Math]::Round($_.Plain, 1) } }
}

if ($python) {
    $contenders.asyncio = { [double](& $python -c $asyncio $Count) }
}

$times = Measure-InTurn $contenders -Round $Round
$placeTimes = Measure-InTurn $places -Round $Round
$wordTimes = Get-WordTime $blocks { param($inBlock) 1e6 / $wordCount * (Measure-Second { 1..$wordCount | Start-AsyncTask $inBlock | Wait-AsyncGather }) }
$loopTimes, $stepTimes = foreach ($words in $loops, $steps) {
    , @(Get-WordTime $words { param($inBlock) 1e6 / 1000 * (Measure-Second { await (Start-AsyncTask $inBlock -OnLoop) }) })
}
Remove-Item $file, $script -ErrorAction Ignore

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
$early = [Math]::Clamp([int]($Awaits / 10), 1, 1000)
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
        if ($i -eq $early -or $i -eq $Awaits) { Add-Look }
    }
}
$seconds = Measure-Second { await (Start-AsyncTask $loop) -WarningAction SilentlyContinue }

Write-Host "Coroutine: $Count coroutines { await (Start-AsyncSleep 0); 1 }, started and gathered"
$times | Format-Table Name, @{ Name = 'Microseconds each'; Expression = { [Math]::Round($_.Median, 1) } }, @{ Name = 'All'; Expression = { $_.All.ForEach{ [Math]::Round($_, 1) } -join ', ' } }
Write-Host "Coroutine: $placeCount of them at each place"
$placeTimes | Format-Table @{ Name = 'Place'; Expression = 'Name' }, @{ Name = 'Microseconds each'; Expression = { [Math]::Round($_.Median, 1) } }, @{ Name = 'Times the top level'; Expression = { [Math]::Round($_.Median / $placeTimes[$_.Name -like '*piped' ? 0 : 4].Median, 2) } }
Write-Host "Coroutine: $wordCount of them with other words in the block"
Format-WordTime $wordTimes
Write-Host 'Coroutine: an await in a loop of 1000'
Format-WordTime $loopTimes
Write-Host 'Coroutine: a step and an await in a loop of 1000'
Format-WordTime $stepTimes
[pscustomobject]@{
    'Times asyncio' = $python ? [Math]::Round($times[0].Median / $times[1].Median, 2) : 'no Python here'
    'Bytes allocated for each' = [Math]::Round($allocated)
    'Bytes held by one that awaits a future' = [Math]::Round($asleepOnFuture)
    'Bytes held by one asleep, its sleep included' = [Math]::Round($asleep)
    'Microseconds for each of the awaits of something done' = [Math]::Round($seconds * 1e6 / $Awaits, 2)
    "Bytes held more after $Awaits such awaits than after $early" = $looks[-1].Held - $looks[0].Held
    'Stack frames there, .NET and script' = ($looks | ForEach-Object { "$($_.Frames) and $($_.Calls)" }) -join ', then '
} | Format-List
