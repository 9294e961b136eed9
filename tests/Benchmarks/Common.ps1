# What the benchmarks share. Each benchmark is run by build.ps1 in a PowerShell of its own.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$ProgressPreference = 'SilentlyContinue'
. "$PSScriptRoot/../../.build/Tools.ps1"
$modulePath = Convert-Path "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1"

function Get-Median([double[]] $Value) {
    $sorted = @($Value | Sort-Object)
    $middle = [int][Math]::Floor($sorted.Count / 2)
    $sorted.Count % 2 ? $sorted[$middle] : ($sorted[$middle - 1] + $sorted[$middle]) / 2
}

function Measure-Second([scriptblock] $Block) {
    [GC]::Collect()
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = . $Block
    $clock.Elapsed.TotalSeconds
}

# What is held, with all that can go gone.
function Get-LiveByte {
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
    [GC]::GetTotalMemory($true)
}

# Runs each contender once to warm up and then in turn, so that what else the machine does meets all of them alike.
# A contender returns one figure; the answer is name, median and all figures, in the order of the contenders.
function Measure-InTurn([System.Collections.IDictionary] $Contender, [int] $Round, [switch] $NoWarmUp) {
    $figures = @{}
    foreach ($round in (0 + [int][bool]$NoWarmUp)..$Round) {
        foreach ($name in $Contender.Keys) {
            $figure = & $Contender[$name]
            if ($round -gt 0) {
                $figures[$name] = @($figures[$name]) + $figure | Where-Object { $null -ne $_ }
            }
        }
    }

    foreach ($name in $Contender.Keys) {
        [pscustomobject]@{ Name = $name; Median = Get-Median $figures[$name]; All = [double[]]$figures[$name] }
    }
}
