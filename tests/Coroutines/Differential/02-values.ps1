# Statements as values

Alike '$x = foreach' { $x = foreach ($i in 1..3) { await (later $i) }; $x.Count; $x }
Alike '$x = foreach with break' { $x = foreach ($i in 1..5) { if ($i -eq 3) { break }; await (later $i) }; $x }
Alike '$x = foreach with continue' { $x = foreach ($i in 1..5) { if ($i -eq 3) { continue }; await (later $i) }; $x }
Alike '$x = foreach with return' { $x = foreach ($i in 1..5) { await (later $i); if ($i -eq 3) { return 'r' } }; "not here $x" }
Alike '$x = foreach with throw' { $x = 'old'; try { $x = foreach ($i in 1..5) { await (later $i); if ($i -eq 3) { throw 't' } } } catch { "c $_" }; $x }
Alike '$x = if' { $x = if (await (later $true)) { 'a'; 'b' } else { 'c' }; $x.Count; $x }
Alike '$x = if that is false and has no else' { $x = 5; $x = if (await (later $false)) { 1 }; $null -eq $x }
Alike '$x = switch' { $x = switch (await (later 2)) { 1 { 'one' } 2 { await (later 'two') } default { 'd' } }; $x }
Alike '$x = try' { $x = try { await (fail 'no') } catch { "c $_"; await (later 2) } finally { 'f' }; $x }
Alike '$x = try with output before the failure' { $x = try { 1; await (fail 'no') } catch { 2 }; $x }
Alike '$x = while' { $n = 0; $x = while ($n -lt 3) { $n++; await (later $n) }; $x }
Alike '$x = do' { $n = 0; $x = do { $n++; await (later $n) } until ($n -ge 3); $x }
Alike '$x = for' { $x = for ($i = 0; $i -lt 3; $i++) { await (later $i) }; $x }
Alike '$x = if in an if' { $x = if (1) { if (await (later 1)) { await (later 'in') } }; $x }
Alike '$x += foreach' { $x = @(0); $x += foreach ($i in 1..2) { await (later $i) }; $x }
Alike '$x, $y = foreach' { $x, $y = foreach ($i in 1..3) { await (later $i) }; "$x / $y" }
Alike '[int]$x = if' { [int] $x = if (await (later $true)) { '7' }; $x.GetType().Name; $x }
Alike '$x = nothing' { $x = foreach ($i in 1..3) { $null = await (later $i) }; $null -eq $x; @($x).Count }
Alike 'a value of one array' { $x = await (later @(1, 2)); $x.Count; $x = @(await (later @(1, 2))); $x.Count }
Alike 'a value of an empty array' { $x = await (later @()); $null -eq $x; $x.Count }
Alike 'a value of null' { $x = await (later $null); $null -eq $x; @(await (later $null)).Count }
Alike 'nothing awaited' { $x = await (Start-AsyncSleep 0.001); $null -eq $x; @(await (Start-AsyncSleep 0)).Count }
Alike 'output of an array in the block' { await (later @(1, 2)); , @(3, 4); , (await (later @(5, 6))) }
Alike '$( ) with statements' { $x = $(1; await (later 2); 3); $x; "s $(1; await (later 2); 3)" }
Alike '$( ) with one value' { $x = $(await (later 2)); $x.GetType().Name }
Alike '$( ) with nothing' { $x = $($null = await (later 2)); $null -eq $x }
Alike '$( ) with an error' { $x = $(1; 1 / 0; await (later 2)); $x; 'end' }
Alike '$( ) with return' { $x = $(1; return (await (later 2)); 3); "not here $x" }
Alike '$( ) with break' { foreach ($i in 1..3) { $x = 'old'; $x = $(1; if ((await (later $i)) -eq 2) { break }; 3); "$x" } "end $x" }
Alike '$( ) with continue' { foreach ($i in 1..3) { $x = 'old'; $x = $(1; if ((await (later $i)) -eq 2) { continue }; 3); "$x" } "end $x" }
Alike '$( ) with throw' { try { $x = 'old'; $x = $(await (later 1); throw 't') } catch { "c $_" }; $x }
Alike '@( ) with statements' { $x = @(1; await (later 2); 3); $x.Count; $x }
Alike '@( ) with one value' { $x = @(await (later 2)); $x.GetType().Name; $x.Count }
Alike '@( ) with nothing' { $x = @($null = await (later 2)); $x.Count }
Alike '@( ) with an array' { $x = @(await (later @(1, 2))); $x.Count }
Alike '@( ) with return loses its output' { @(1; return (await (later 2))); 3 }
Alike '@( ) with return after an await' { @(await (later 1); return 2); 3 }
Alike '@( ) with break' { foreach ($i in 1..2) { @(1; await (later $i); break); 'no' } 'end' }
Alike '$( ) with return as a statement' { $(1; return (await (later 2))); 3 }
Alike 'nested $( ) and @( )' { @(1; $(await (later 2); @(await (later 3); 4)); 5).Count }
Alike 'foreach in $( )' { "$(foreach ($i in 1..3) { await (later $i); if ($i -eq 2) { break } })" }
Alike 'foreach in $( ) with continue to an outer label' { :o foreach ($k in 1..3) { "v $(foreach ($i in 1..3) { await (later $i); if ($k -eq 2) { continue o } })" } }
Alike 'try in @( )' { @(try { await (fail 'x') } catch { 'c'; 'd' }).Count }
Alike 'switch in a string' { "<$(switch (await (later 'b')) { a { 1 } b { 2 } })>" }
Alike 'if in an argument' { Write-Output $(if (await (later $false)) { 1 } else { 2 }) }
Alike 'a break in the condition of a loop leaves the outer one' { foreach ($k in 1..3) { "k $k"; while ($(if ((await (later $k)) -eq 2) { break } else { $false })) { 'in' } "after $k" } 'end' }
Alike 'a continue in the condition of a loop' { foreach ($k in 1..3) { "k $k"; while ($(if ((await (later $k)) -eq 2) { continue } else { $false })) { 'in' } "after $k" } 'end' }
Alike 'a break in the collection of a foreach' { foreach ($k in 1..3) { "k $k"; foreach ($i in $(await (later 1); break)) { "i $i" } 'no' } 'end' }
Alike 'a break in the value of a switch' { foreach ($k in 1..3) { "k $k"; switch ($(await (later 1); break)) { 1 { 'one' } } 'no' } 'end' }
Alike 'a return in a condition' { if ($(await (later 1); return 'r')) { 'no' } 'no' }
Alike 'a return in an argument' { Write-Output $(await (later 1); return 'r'); 'no' }
Alike 'a return in a hashtable' { @{ a = $(await (later 1); return 'r') }; 'no' }
Alike '[void] and $null =' { [void] (await (later 1)); $null = await (later 2); await (later 3) | Out-Null; await (later 4) > $null; 'end' }
Alike 'an assignment as a value' { ($x = await (later 1)); $y = ($x = await (later 2)) + 1; $x; $y }
Alike 'a chained assignment' { $a = $b = await (later 3); $a; $b }
Alike 'parentheses write an assignment' { ($x = @(await (later 1); 2)); ($x).Count }
Alike 'return without a value' { 1; await (later 2); return; 3 }
Alike 'return with a pipeline' { return await (later 1) | ForEach-Object { $_ + 1 } }
Alike 'return with an awaited value' { return await (later 1); 2 }
Alike 'return of an array' { return await (later @(1, 2)) }
Alike 'return of several' { return 1, (await (later 2)), 3 }
Alike 'whether a value is wrapped' {
    $x = await (later 1); $x -is [psobject]
    $y = await (later 'a'); $z = $y; $z -is [psobject]; "$y" -is [psobject]
    $several = if ($x) { await (later 1); 2; $y; 'b' }; foreach ($item in $several) { $item -is [psobject] }
    $all = @(await (later 3); 4); $all[0] -is [psobject]; $all[1] -is [psobject]
    (await (later @(1, 2))) | ForEach-Object { $_ -is [psobject] }
    $queue = New-AsyncQueue; Add-AsyncQueueItem $queue 5; $item = Receive-AsyncQueueItem $queue; $item -is [psobject]
    foreach ($one in await (later 6)) { $one -is [psobject] }
    $map = @{}; $map[(await (later 'key'))] = 1; $map['key']; [Collections.ArrayList] $list = @(await (later 'in')); $list.Contains('in'); $list[0] -is [psobject]
    switch (await (later 7)) { 7 { $_ -is [psobject] } }
    ((await (later 8)), 9)[0] -is [psobject]; @{ a = await (later 10) }.a -is [psobject]
    $x = $y = await (later 11); $x -is [psobject]; $y -is [psobject]; [int] $n = await (later 12); $n -is [psobject]
    try { $w = await (Start-AsyncTask -OnThread { 13 }) } finally { $w -is [psobject] }
    $g = @(1, 2 | ForEach-Object { later $_ }) | Wait-AsyncGather; $g[0] -is [psobject]; $g.GetType().Name
    return (await (later 14))
}
Alike 'whether what native commands write is wrapped' {
    function f { 'raw' }
    $x = if (await (later 1)) { Write-Output 'a' }; $x -is [psobject]
    $x = $(await (later 1); Get-Item /); $x[1] -is [psobject]
    $x = foreach ($i in 1, 2) { $null = await (later 1); $i | Where-Object { $true }; f; 'b'; $i }; foreach ($one in $x) { $one -is [psobject] }
    $x = switch (await (later 1)) { 1 { 3, 2 | sort; & { 'c' }; 1 | ForEach-Object { 'd' } } }; foreach ($one in $x) { $one -is [psobject] }
    $x = await (later 'e') | Select-Object -First 1; $x -is [psobject]
    $x = try { await (later 1); echo 'g' } finally { }; $x[1] -is [psobject]
    [ValidateNotNullOrEmpty()] $y = 'h'; $y = if (await (later 1)) { Write-Output '' }; "<$y>"; $y = if (await (later 1)) { '' }; "<$y>"
}
Alike 'errors and assignments in a hashtable' { @{ (await (later 'k')) = no-such }; @{ a = await (later 1); b = Get-Item /no/such -ErrorAction Ignore }.Count; @{ a = $q = await (later 9) }.a; $q; @{ a = $(no-such; await (later 2)) }.a; @{ a = await (later 3) && 'and' }.a; @{ a = if (await (later 1)) { no-such; 'on' } }.a; @{ a = await (later 1) | ForEach-Object { $_ / 0; $_ } }.a; 'end' }
Alike 'an error in the condition of a value in a hashtable' { $b = 'old'; $d = $true; $b = [ordered] @{ k = await (later 1); l = if (($d--)) { await (later 2) } }; "$b"; $b = @{ l = if ($true) { $d--; 'on' }; k = await (later 3) }; $b.l; $b = @{ k = await (later 4); l = foreach ($i in 1..2) { $i } }; "$($b.l)"; @{ l = switch (1) { 1 { 'one' } }; k = (await (later 5)); m = try { throw 'x' } catch { "c $_" } }.m }
