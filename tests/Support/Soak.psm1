# Many thread tasks that end in every way there is, and what must hold afterwards.

<#
Each task writes Count objects and Count records of one stream, and then ends as its Kind says. What it wrote before is
told by numbers, so that a record that is lost or comes twice shows.
#>
$block = {
    $plan = $_
    foreach ($i in 1..$plan.Count) {
        if ($plan.Size) { $null = 'x' * $plan.Size }
        switch ($plan.Stream) {
            'Error' { Write-Error "$($plan.Number).$i" }
            'Warning' { Write-Warning "$($plan.Number).$i" }
            'Information' { Write-Information "$($plan.Number).$i" }
            'Verbose' { Write-Verbose "$($plan.Number).$i" -Verbose }
        }
        "$($plan.Number).$i"
    }
    switch ($plan.Kind) {
        'Throw' { throw "broken $($plan.Number)" }
        'Sleep' { Start-Sleep -Seconds 600 }
        'Change' { $global:soak = $plan.Number; function global:Get-Soak { }; Set-Location / }
        'Nested' { 1..2 | Start-AsyncTask { 'inner' } | Wait-AsyncTask | Out-Null }
        'Exit' { exit 1 }
    }
}

function New-SoakPlan([int] $Number, [Random] $Random) {
    $kinds = 'Complete', 'Complete', 'Complete', 'Complete', 'Throw', 'Throw', 'Stop', 'TimeOut', 'Change', 'Nested', 'Exit'
    $kind = $kinds[$Random.Next($kinds.Count)]
    [pscustomobject]@{
        Number = $Number
        End    = $kind
        Kind   = $kind -in 'Stop', 'TimeOut' ? 'Sleep' : $kind
        Count  = 1 + $Random.Next($Random.Next(5) ? 5 : 200)
        Size   = $Random.Next(3) ? 0 : $Random.Next(100000)
        Stream = ('Error', 'Warning', 'Information', 'Verbose', 'None')[$Random.Next(5)]
    }
}

function Start-SoakTask($Plan) {
    $timeout = $Plan.End -eq 'TimeOut' ? @{ TimeoutSec = 0.5 } : @{}
    Start-AsyncTask -ScriptBlock $block -InputObject $Plan -OnThread @timeout
}

<#
.SYNOPSIS
Runs the tasks, so many at a time, and writes a line for each thing that did not hold.
#>
function Invoke-Soak([int] $Count, [int] $Window = 100, [int] $Seed = 1, [int] $TimeoutSec = 600) {
    $random = [Random]::new($Seed)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    for ($first = 0; $first -lt $Count; $first += $Window) {
        $plans = foreach ($number in $first..([Math]::Min($first + $Window, $Count) - 1)) { New-SoakPlan $number $random }
        $tasks = foreach ($plan in $plans) { Start-SoakTask $plan }
        foreach ($task in $tasks | Where-Object { $_.InputObject.End -eq 'Stop' }) {
            if ($random.Next(2)) { [Threading.Thread]::Sleep($random.Next(3)) }
            $null = Stop-AsyncTask $task
        }
        Test-SoakTask $tasks
        if ($clock.Elapsed.TotalSeconds -gt $TimeoutSec) { return "The soak took more than $TimeoutSec s: $first of $Count tasks." }
    }
}

function Test-SoakTask($Tasks) {
    $records = @{ Error = @(); Warning = @(); Information = @(); Verbose = @() }
    foreach ($task in $Tasks) {
        $plan = $task.InputObject
        $failure = $null
        try {
            # Verbose has no variable of its own, so it comes by redirection.
            $all = @(Wait-AsyncTask $task -TimeoutSec 120 -Verbose -ErrorVariable errors -WarningVariable warnings -InformationVariable information 4>&1 2>$null 3>$null 6>$null)
        } catch {
            $failure = $_
            $all = $null
        }
        $seen = @{
            Error       = @($errors | Where-Object { $_.Exception.Message -match '^\d+\.\d+$' } | ForEach-Object { $_.Exception.Message })
            Warning     = @($warnings | ForEach-Object Message)
            Information = @($information | ForEach-Object { "$($_.MessageData)" })
        }
        Test-SoakEnd $task $failure
        if ($failure) { continue }

        $wanted = @(foreach ($i in 1..$plan.Count) { "$($plan.Number).$i" })
        $output = @($all | Where-Object { $_ -is [string] })
        $seen.Verbose = @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
        if ("$output" -ne "$wanted") { "$task ($($plan.End)) wrote '$output'." }
        foreach ($stream in 'Error', 'Warning', 'Information', 'Verbose') {
            $due = $stream -eq $plan.Stream ? "$wanted" : ''
            if ("$($seen[$stream])" -ne $due) { "$task ($($plan.End), $($plan.Stream)): the $stream stream has '$($seen[$stream])'." }
        }
    }
}

function Test-SoakEnd($Task, $Failure) {
    $plan = $Task.InputObject
    $wanted = @{ Complete = 'Completed'; Change = 'Completed'; Nested = 'Completed'; Exit = 'Completed'; Throw = 'Failed'; TimeOut = 'Failed'; Stop = 'Stopped' }[$plan.End]
    if ("$($Task.State)" -ne $wanted) { "$Task ($($plan.End)) is $($Task.State): $Failure" }
    $type = @{ Throw = [Management.Automation.RuntimeException]; TimeOut = [TimeoutException]; Stop = [OperationCanceledException] }[$plan.End]
    if ($type -and $Failure.Exception -isnot $type -or -not $type -and $Failure) { "$Task ($($plan.End)) threw $($Failure.Exception.GetType()): $Failure" }
    $written = @($Task.Streams.Error).Count + @($Task.Streams.Warning).Count + @($Task.Streams.Information).Count + @($Task.Streams.Verbose).Count
    if ($written) { "$Task ($($plan.End)) still has $written records." }
}

# What a process holds, after idle workers have gone and garbage is collected.
function Measure-Soak {
    # PowerShell keeps the last errors, with all that hangs on them.
    $global:Error.Clear()
    [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect()
    $process = [Diagnostics.Process]::GetCurrentProcess()
    [pscustomobject]@{
        Runspaces = @(Get-Runspace).Count
        Threads   = $process.Threads.Count
        Handles   = $process.HandleCount
        MB        = [Math]::Round([GC]::GetTotalMemory($true) / 1MB, 1)
    }
}

Export-ModuleMember -Function Invoke-Soak, Measure-Soak
