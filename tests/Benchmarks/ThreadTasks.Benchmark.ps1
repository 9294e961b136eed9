# Blocking script blocks beside ForEach-Object -Parallel and Start-ThreadJob: small ones, sleeping ones, the first one,
# and what a runspace holds.
param([int] $Count = 5000, [int] $ThrottleLimit = 20, [int] $Sleepers = 200, [int] $Round = 3)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath
Get-Module -ListAvailable Microsoft.PowerShell.ThreadJob, ThreadJob | Select-Object -First 1 | Import-Module

# Fails the run when results are missing: a fast wrong answer is no figure.
function Measure-Each([int] $Number, [scriptblock] $Work) {
    $script:written = $null
    $seconds = Measure-Second { $script:written = @(. $Work) }
    if ($written.Count -ne $Number -or ($written | Measure-Object -Sum).Sum -ne $Number * ($Number + 1)) {
        throw "$($written.Count) of $Number results arrived: $Work"
    }

    1000 * $seconds / $Number
}

function Write-Comparison([string] $Title, [string] $Unit, $Results) {
    $reference = $Results[0].Median
    Write-Host $Title
    $Results | Format-Table Name,
        @{ n = $Unit; e = { '{0:0.000}' -f $_.Median }; a = 'right' },
        @{ n = 'times as good'; e = { '{0:0.0}' -f ($reference / $_.Median) }; a = 'right' } -AutoSize
}

$few = [int]($Count / 10)
Write-Comparison "$Count blocks that double a number, at most $ThrottleLimit at once (Start-ThreadJob: $few); medians of $Round in turn" 'ms/block' (
    Measure-InTurn -Round $Round ([ordered]@{
        'ForEach-Object -Parallel'     = { Measure-Each $Count { 1..$Count | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel { $_ * 2 } } }
        'Start-ThreadJob, Receive-Job' = { Measure-Each $few { 1..$few | ForEach-Object { Start-ThreadJob -ThrottleLimit $ThrottleLimit { $using:_ * 2 } } | Receive-Job -Wait -AutoRemoveJob } }
        'Invoke-AsyncForEach'          = { Measure-Each $Count { 1..$Count | Invoke-AsyncForEach -ThrottleLimit $ThrottleLimit { $_ * 2 } } }
        'Start-AsyncTask, gathered'    = { Measure-Each $Count { 1..$Count | Start-AsyncTask -ThrottleLimit $ThrottleLimit { $_ * 2 } | Wait-AsyncGather } }
        '  with a function and a cmdlet' = {
            function Get-Double($number) { $number * 2 | Select-Object -First 1 }
            Measure-Each $Count { 1..$Count | Start-AsyncTask -ThrottleLimit $ThrottleLimit { Get-Double $_ } | Wait-AsyncGather }
        }
    }))

# The first round of the pool opens its runspaces, as -Parallel does every time; the next finds them open.
Set-AsyncLoop -ThreadLimit $Sleepers
$cold = $null
$results = Measure-InTurn -Round $Round -NoWarmUp ([ordered]@{
    'ForEach-Object -Parallel'  = { Measure-Second { 1..$Sleepers | ForEach-Object -ThrottleLimit $Sleepers -Parallel { Start-Sleep 1 } } }
    'Start-AsyncTask, gathered' = {
        $seconds = Measure-Second { 1..$Sleepers | Start-AsyncTask { Start-Sleep 1 } | Wait-AsyncGather }
        $script:cold ??= $seconds
        $seconds
    }
})
Write-Comparison "$Sleepers blocks that sleep a second, all at once; medians of $Round in turn" 'seconds' (
    $results[0], [pscustomobject]@{ Name = 'Start-AsyncTask, runspaces to open'; Median = $cold }, $results[1])

$runspaces = 50
$figures = @{}
foreach ($round in 1..$Round) {
    foreach ($contender in 'Parallel', 'ThreadJob', 'AsyncTask') {
        $lines = @(Invoke-Pwsh "$PSScriptRoot/threads/first.ps1" $contender $modulePath $runspaces)
        $figures[$contender] += , [double[]]$lines
    }
}

Write-Host "The first block of a session, and what each of $runspaces runspaces holds; medians of $Round sessions each"
'Parallel', 'ThreadJob', 'AsyncTask' | ForEach-Object {
    $contender = $_
    [pscustomobject]@{
        Name             = $contender
        'First, ms'      = '{0:0}' -f (Get-Median $figures[$contender].ForEach{ $_[0] })
        'MB a runspace'  = '{0:0.00}' -f (Get-Median $figures[$contender].ForEach{ $_[1] })
    }
} | Format-Table -AutoSize
