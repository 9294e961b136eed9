# What each step, start and call costs, beside what there is instead of it in the same run: plain PowerShell,
# ForEach-Object -Parallel, and asyncio where there is a python3. Writes the table, as Markdown, and a picture of how
# costs grow into output/benchmarks.
param([int] $Count = 20000, [int] $Round = 5, [int] $Process = 5, [int] $Largest = 100000, [int] $Many = 1000000)

. "$PSScriptRoot/Common.ps1"
Set-StrictMode -Off
$WarningPreference = 'SilentlyContinue'
Import-Module $modulePath
Import-Module "$PSScriptRoot/costs/Growth.psm1"
$python = Get-Command python3, python -CommandType Application -ErrorAction Ignore | Select-Object -First 1

$done = New-Future -Result 1
$few = [Math]::Max(1, [int]($Count / 4))
function Add-One($number) { $number + 1 }
function Add-OneLater($number) { await $done; $number + 1 }
function Start-InFunction { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather }

# Microseconds for each of a number, in a scope of its own.
function Measure-One([int] $Number, [scriptblock] $Work) { 1e6 / $Number * (Measure-Second $Work) }
function Measure-Loop([int] $Number, [scriptblock] $Coroutine) { Measure-One $Number { await (Start-AsyncTask $Coroutine) } }

$contenders = [ordered]@{
    start      = { Measure-One $Count { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather } }
    startFn    = { Measure-One $Count { Start-InFunction } }
    startTry   = { Measure-One $Count { try { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather } catch { throw } } }
    startStop  = { $ErrorActionPreference = 'Stop'; Measure-One $Count { 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather } }
    task       = { Measure-Loop $few { foreach ($i in 1..$few) { $v = await (async { await $done }) } } }
    function   = { Measure-Loop $few { foreach ($i in 1..$few) { $v = Add-OneLater $i } } }
    functionPs = { Measure-One $few { foreach ($i in 1..$few) { $v = Add-One $i } } }
    cmdlet     = { Measure-Loop $few { foreach ($i in 1..$few) { $d = Get-Date; $null = await $done } } }
    cmdletPs   = { Measure-One $few { foreach ($i in 1..$few) { $d = Get-Date } } }
    method     = { Measure-Loop $Count { $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..$Count) { $list.Add($i); $null = await $done } } }
    methodPs   = { Measure-One $Count { $list = [Collections.Generic.List[int]]::new(); foreach ($i in 1..$Count) { $list.Add($i) } } }
    remove     = { Measure-Loop $few { if ($few -eq 0) { Remove-Item nothing } foreach ($i in 1..$few) { $v = $i + 1; $null = await $done } } }
    await      = { $number = $Count * 5; Measure-Loop $number { foreach ($i in 1..$number) { $null = await $done } } }
    sleep      = { $number = $Count * 2; Measure-Loop $number { foreach ($i in 1..$number) { await (Start-AsyncSleep 0) } } }
    plain      = { Measure-One $Count { foreach ($i in 1..$Count) { $null = await $done } } }
    plainPs    = { Measure-One $Count { foreach ($i in 1..$Count) { $null = Get-Date } } }
    thread     = { Measure-One $few { 1..$few | Start-AsyncTask -ThrottleLimit 20 { $_ } | Wait-AsyncGather } }
    threadPs   = { $number = [Math]::Max(1, [int]($few / 10)); Measure-One $number { 1..$number | ForEach-Object -ThrottleLimit 20 -Parallel { $_ } } }
    queue      = {
        Measure-One $Count {
            $queue = New-AsyncQueue 100
            $producer = async { foreach ($i in 1..$Count) { Add-AsyncQueueItem $queue $i } }
            $consumer = async { foreach ($i in 1..$Count) { $null = Receive-AsyncQueueItem $queue } }
            await $producer, $consumer
        }
    }
}
$figures = @{}
Measure-InTurn $contenders -Round $Round | ForEach-Object { $figures[$_.Name] = $_.Median }

if ($python) {
    $rounds = foreach ($turn in 1..$Round) { , (& $python "$PSScriptRoot/costs/rival.py" $Count) }
    $rounds | ForEach-Object { $_ } | Group-Object { ($_ -split '=')[0] } | ForEach-Object { $figures["py-$($_.Name)"] = Get-Median $_.Group.ForEach{ [double]($_ -split '=')[1] } }
}

# Whole processes.
$processes = Measure-InTurn -Round $Process -NoWarmUp ([ordered]@{
    first      = { [double]@(Invoke-Pwsh "$PSScriptRoot/threads/first.ps1" AsyncTask $modulePath 1)[0] }
    firstPs    = { [double]@(Invoke-Pwsh "$PSScriptRoot/threads/first.ps1" Parallel $modulePath 1)[0] }
    sleepers   = { [double](Invoke-Pwsh "$PSScriptRoot/costs/sleepers.ps1" AsyncTask $modulePath 200) }
    sleepersPs = { [double](Invoke-Pwsh "$PSScriptRoot/costs/sleepers.ps1" Parallel $modulePath 200) }
    nothing    = { 1000 * (Measure-Second { Invoke-PowerShell -Command 'exit' }) }
    import     = { 1000 * (Measure-Second { Invoke-PowerShell -Command "Import-Module '$modulePath'" }) }
    importPs   = { 1000 * (Measure-Second { Invoke-PowerShell -Command 'Import-Module Microsoft.PowerShell.ThreadJob' }) }
})
$processes | ForEach-Object { $figures[$_.Name] = $_.Median }

$before = Get-LiveByte
$sleepers = 1..10000 | Start-AsyncTask { await (Start-AsyncSleep 1000) }
$figures.asleep = ((Get-LiveByte) - $before) / 10000
$sleepers | Stop-AsyncTask
$null = $sleepers | Wait-AsyncGather -ReturnExceptions
$sleepers = $null

# A tenth first, and once more before that, which opens what runspaces it takes and compiles: time has to grow as the number
# does, and what is held has not to grow at all.
function Measure-Growth([int] $Number, [scriptblock] $Work) {
    $few = [Math]::Max(1, [int]($Number / 10))
    $null = & $Work $few
    $first = Measure-Second { & $Work $few }
    $held = Get-LiveByte
    $all = Measure-Second { & $Work $Number }
    [pscustomobject]@{ Each = $all * 1e6 / $Number; Growth = $all / $first; Held = ((Get-LiveByte) - $held) / 1MB }
}

$gather = Measure-Growth 10000 { param($number) 1..$number | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather -Progress }
$forEach = Measure-Growth $Many { param($number) 1..$number | Invoke-AsyncForEach -ThrottleLimit 100 { $_ } | Measure-Object }

# How cost grows.
$numbers = @(1; for ($n = 10; $n -le $Largest; $n *= 10) { $n })
$works = [ordered]@{
    'tasks, gathered'      = { param($number) $null = 1..$number | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather }
    'awaits in a loop'     = { param($number) await (Start-AsyncTask { foreach ($i in 1..$number) { await (Start-AsyncSleep 0) } }) }
    'items of ForEach-Async' = { param($number) $null = 1..$number | Invoke-AsyncForEach -ThrottleLimit 20 { $_ } }
}
$series = [ordered]@{}
foreach ($name in $works.Keys) {
    $null = & $works[$name] 1000
    $series[$name] = foreach ($number in $numbers) {
        # Small numbers are measured several times: their time is near that of the clock.
        $seconds = foreach ($turn in 1..[Math]::Clamp([int](1000 / $number), 1, 20)) { Measure-Second { & $works[$name] $number } }
        [pscustomobject]@{ Number = $number; Seconds = Get-Median $seconds }
    }
}

function Format-Figure([double] $Value) { $Value -ge 100 ? '{0:N0}' -f $Value : '{0:0.0}' -f $Value }
function Format-Rival([string] $Key, [string] $Of) { $figures.ContainsKey($Key) ? "$Of $(Format-Figure $figures[$Key])" : "$Of not here" }

$rows = @(
    , ('a coroutine `{ await (Start-AsyncSleep 0); 1 }`, started through the pipeline and gathered', 'us', 'start', (Format-Rival 'py-start' 'asyncio'), 6.6)
    , ('the same in a function', 'us', 'startFn', '', 6.6)
    , ('the same inside `try`', 'us', 'startTry', '', 6.6)
    , ('the same under `$ErrorActionPreference = ''Stop''`', 'us', 'startStop', '', 6.6)
    , ('a task in a task: `$v = await (async { await $done })`', 'us', 'task', (Format-Rival 'py-task' 'asyncio'), 20)
    , ('a function that awaits: `$v = Get-It $i`', 'us', 'function', "plain function $(Format-Figure $figures.functionPs); $(Format-Rival 'py-function' 'asyncio')", [Math]::Round(1.3 * $figures.functionPs, 1))
    , ('a cmdlet between awaits: `$d = Get-Date; $null = await $done`', 'us', 'cmdlet', "plain Get-Date $(Format-Figure $figures.cmdletPs)", 15)
    , ('a method between awaits: `$list.Add($i); $null = await $done`', 'us', 'method', "plain $(Format-Figure $figures.methodPs)", 6)
    , ('a step of a block with `Remove-Item` somewhere in it', 'us', 'remove', '', 15)
    , ('`$null = await $done` in a loop of a coroutine', 'us', 'await', (Format-Rival 'py-await' 'asyncio'), 1)
    , ('`await (Start-AsyncSleep 0)` in a loop', 'us', 'sleep', (Format-Rival 'py-sleep' 'asyncio'), 2.2)
    , ('`$null = await $done` in plain script', 'us', 'plain', "a plain Get-Date $(Format-Figure $figures.plainPs)", 11)
    , ('a thread task `{ $_ }`, gathered, limit of 20', 'us', 'thread', "ForEach-Object -Parallel $(Format-Figure $figures.threadPs)", 30)
    , ('an item through a queue between two coroutines', 'us', 'queue', (Format-Rival 'py-queue' 'asyncio'), 1)
    , ('200 blocks that sleep a second, runspaces to open', 's', 'sleepers', "ForEach-Object -Parallel $(Format-Figure $figures.sleepersPs)", 1.4)
    , ('the first block of a session', 'ms', 'first', "ForEach-Object -Parallel $(Format-Figure $figures.firstPs)", 25)
    , ('`Import-Module` in a fresh pwsh, over an empty one', 'ms', 'import', "ThreadJob $(Format-Figure ($figures.importPs - $figures.nothing))", 40)
    , ('memory of a coroutine asleep', 'bytes', 'asleep', (Format-Rival 'py-asleep' 'asyncio'), 1000)
)
$figures.import -= $figures.nothing

$version = if ($python) { ", $((& $python --version) -replace 'Python', 'CPython')" }
$table = @(
    "$([Environment]::ProcessorCount) cores, PowerShell $($PSVersionTable.PSVersion)$version; medians of $Round rounds in turn, of $Process processes each."
    ''
    '| work | unit | here | beside it, in the same run | mark |'
    '|---|---|---|---|---|'
    foreach ($row in $rows) { "| $($row[0]) | $($row[1]) | $(Format-Figure $figures[$row[2]]) | $($row[3]) | $(Format-Figure $row[4]) |" }
    "| 10,000 tasks in one gather with progress, each | us | $(Format-Figure $gather.Each) | ten times as many take $('{0:0.0}' -f $gather.Growth) times as long, and leave $('{0:0.0}' -f $gather.Held) MB | linear, flat |"
    "| $('{0:N0}' -f $Many) items through ``ForEach-Async -ThrottleLimit 100``, each | us | $(Format-Figure $forEach.Each) | ten times as many take $('{0:0.0}' -f $forEach.Growth) times as long, and leave $('{0:0.0}' -f $forEach.Held) MB | linear, flat |"
)

$folder = New-Item "$PSScriptRoot/../../output/benchmarks" -ItemType Directory -Force
Set-Content "$folder/costs.md" $table
Set-Content "$folder/growth.svg" (ConvertTo-GrowthPicture $series 'How long it takes, by how many')
$table | Write-Host
Write-Host "Written to $(Convert-Path "$folder/costs.md") and growth.svg."
