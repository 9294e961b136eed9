# A reader of the trace-event format, after its public description ("Trace Event Format"): refuses what viewers could not show.

function Read-TraceEvent {
    <# Reads a file, checks it by the rules of the format, and writes its events. #>
    param([string] $Path)
    $file = [IO.File]::ReadAllText($Path) | ConvertFrom-Json -Depth 20
    $events = $file -is [array] ? $file : $file.traceEvents
    $last = [double]::NegativeInfinity
    $stacks = @{}
    $flows = @{}
    $position = 0
    foreach ($item in $events) {
        $said = "event $position ($($item | ConvertTo-Json -Compress -Depth 5))"
        $position++
        foreach ($name in 'name', 'ph', 'ts', 'pid', 'tid') {
            if (-not $item.PSObject.Properties[$name]) { throw "$said has no $name." }
        }
        foreach ($name in 'ts', 'pid', 'tid') {
            if ($item.$name -isnot [long] -and $item.$name -isnot [double]) { throw "${said}: $name is no number." }
        }
        if ($item.name -isnot [string] -or $item.name.Length -eq 0) { throw "$said has an empty name." }
        if ($item.ph -eq 'M') {
            if ($item.name -notin 'process_name', 'thread_name', 'process_sort_index', 'thread_sort_index', 'process_labels') { throw "$said is no known metadata." }
            if ($item.name -like '*_name' -and -not $item.args.name) { throw "$said names nothing." }
            continue
        }

        if ($item.ts -lt $last) { throw "$said comes after $last." }
        $last = $item.ts
        $threadKey = "$($item.pid)/$($item.tid)"
        switch -CaseSensitive ($item.ph) {
            'B' { if (-not $stacks[$threadKey]) { $stacks[$threadKey] = [Collections.Generic.Stack[object]]::new() }; $stacks[$threadKey].Push($item) }
            'E' {
                if (-not $stacks[$threadKey] -or $stacks[$threadKey].Count -eq 0) { throw "$said ends what has not begun." }
                $null = $stacks[$threadKey].Pop()
            }
            'X' {
                if (-not $item.PSObject.Properties['dur'] -or $item.dur -lt 0) { throw "$said has no duration." }
                # Those of a thread lie one in the other, or apart.
                if (-not $flows["x$threadKey"]) { $flows["x$threadKey"] = [Collections.Generic.Stack[object]]::new() }
                $open = $flows["x$threadKey"]
                while ($open.Count -and $open.Peek().ts + $open.Peek().dur -le $item.ts + 0.0011) { $null = $open.Pop() }
                if ($open.Count -and $open.Peek().ts + $open.Peek().dur + 0.0011 -lt $item.ts + $item.dur) { throw "$said overlaps $($open.Peek().name) at $($open.Peek().ts)." }
                $open.Push($item)
            }
            { $_ -cin 'b', 'e', 'n' } {
                foreach ($name in 'id', 'cat') {
                    if (-not $item.PSObject.Properties[$name]) { throw "$said has no $name." }
                }
                $key = "$($item.cat)/$($item.id)"
                if (-not $stacks[$key]) { $stacks[$key] = [Collections.Generic.Stack[object]]::new() }
                if ($_ -ceq 'b') { $stacks[$key].Push($item) }
                elseif ($stacks[$key].Count -eq 0) { throw "$said is of nothing that has begun." }
                elseif ($_ -ceq 'e' -and $stacks[$key].Pop().name -cne $item.name) { throw "$said ends another." }
            }
            'C' { if (-not $item.args) { throw "$said counts nothing." } }
            'i' { }
            default { throw "$said has a phase that is not known." }
        }
    }

    foreach ($key in $stacks.Keys) {
        if ($stacks[$key].Count) { throw "'$($stacks[$key].Peek().name)' of $key has no end." }
    }
    $events
}

Export-ModuleMember -Function Read-TraceEvent
