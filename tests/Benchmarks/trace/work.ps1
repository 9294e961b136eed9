# Does a piece of work again and again, as it is and traced in turn, and prints for each the microseconds of processor time and of
# the clock that one item took, as JSON. With a module that knows no trace, as it is alone.
param([string] $Module, [string] $Work, [string] $Address, [int] $Count, [int] $Round, [switch] $Untraced)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module
$own = [Diagnostics.Process]::GetCurrentProcess()

$works = @{
    coroutine = { $null = 1..$Count | Start-AsyncTask { await (Start-AsyncSleep 0); 1 } | Wait-AsyncGather }
    web = { $null = $urls | Start-AsyncRestMethod -ThrottleLimit 50 | Wait-AsyncGather }
}
$urls = if ($Work -eq 'web') { foreach ($i in 1..$Count) { "$Address/pages/$($i % 1000).txt" } }

function Measure-Work([bool] $IsTraced) {
    if ($IsTraced) { Start-AsyncTrace -MaximumEvents 10000000 }
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
    $own.Refresh()
    $before = $own.TotalProcessorTime
    $clock = [Diagnostics.Stopwatch]::StartNew()
    . $works[$Work]
    $elapsed = $clock.Elapsed
    $own.Refresh()
    $processor = $own.TotalProcessorTime - $before
    $figure = [ordered]@{ traced = $IsTraced; processor = $processor.TotalMicroseconds / $Count; clock = $elapsed.TotalMicroseconds / $Count }
    if ($IsTraced) {
        $clock.Restart()
        $trace = Stop-AsyncTrace
        $figure.events = $trace.EventCount
        $figure.stop = $clock.Elapsed.TotalMicroseconds / $trace.EventCount
    }
    $figure
}

$kinds = $Untraced ? @($false) : @($false, $true)
$figures = foreach ($round in -1..$Round) {
    foreach ($isTraced in $round % 2 ? $kinds : $kinds[-1..(-$kinds.Count)]) {
        $figure = Measure-Work $isTraced
        if ($round -gt 0) { $figure }
    }
}
ConvertTo-Json @($figures) -Compress
