# In a process of its own: what the first block costs, and what each of many runspaces holds. Writes both figures.
param([string] $Contender, [string] $ModulePath, [int] $Number)
$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
Get-Module -ListAvailable Microsoft.PowerShell.ThreadJob, ThreadJob | Select-Object -First 1 | Import-Module

$run = @{
    Parallel  = { param($Number, $Block) 1..$Number | ForEach-Object -ThrottleLimit $Number -Parallel $Block }
    AsyncTask = { param($Number, $Block) 1..$Number | Start-AsyncTask $Block | Wait-AsyncTask }
    ThreadJob = { param($Number, $Block) 1..$Number | ForEach-Object { Start-ThreadJob -ThrottleLimit $Number $Block } | Receive-Job -Wait -AutoRemoveJob }
}[$Contender]

$clock = [Diagnostics.Stopwatch]::StartNew()
$result = & $run 1 { 1 }
$first = $clock.Elapsed.TotalMilliseconds
if ($result -ne 1) { throw "The first result is '$result'." }

# All blocks wait for each other; the last to come measures.
$meeting = [Threading.CountdownEvent]::new($Number)
$gate = [Threading.ManualResetEventSlim]::new()
$held = [Collections.Concurrent.ConcurrentQueue[double]]::new()
$before = [GC]::GetTotalMemory($true)
$null = & $run $Number {
    $m = $using:meeting
    if ($m.Signal()) {
        ($using:held).Enqueue([GC]::GetTotalMemory($true))
        ($using:gate).Set()
    }
    $null = ($using:gate).Wait(60000)
}
$after = 0.0
if (-not $held.TryDequeue([ref] $after)) { throw 'The blocks did not all run at once.' }

$first
($after - $before) / $Number / 1MB
