# In a process of its own: how long so many blocks that sleep a second take all at once, their runspaces to be opened.
param([string] $Contender, [string] $ModulePath, [int] $Number)
$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
Set-AsyncLoop -ThreadLimit $Number
$clock = [Diagnostics.Stopwatch]::StartNew()
if ($Contender -eq 'Parallel') {
    1..$Number | ForEach-Object -ThrottleLimit $Number -Parallel { Start-Sleep 1 }
} else {
    1..$Number | Start-AsyncTask { Start-Sleep 1 } | Wait-AsyncGather
}

$clock.Elapsed.TotalSeconds
