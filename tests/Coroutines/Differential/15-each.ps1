# ForEach-Object that awaits

Alike 'a range' { 1..3 | ForEach-Object { await (later $_) } }
Alike 'a variable' { $x = 1, 2, 3; $x | ForEach-Object { $r = await (later $_); "r $r $_" }; "$r $_" }
Alike 'its aliases' { 1..2 | % { await (later $_) }; 1..2 | foreach { await (later $_) }; 1..2 | Microsoft.PowerShell.Core\ForEach-Object { await (later $_) } }
Alike 'nothing, $null and one' { $null | % { await (later "n<$_>") }; $none | % { await (later 'u') }; @() | % { await (later 'no') }; $() | % { await (later 'sub') }; 'abc' | % { await (later $_) }; $x = @(); $x | % { await (later 'no') }; $x = & { }; $x | % { await (later 'no') } }
Alike 'nothing in parentheses' { ($()) | % { await (later 'a') }; (& { }) | % { await (later 'no') }; $t = $(); $t | % { await (later 'b') }; $t = @{}.k; $t | % { await (later 'c') }; $t = if (0) { 1 }; $t | % { await (later 'no') }; , $null | % { await (later 'd') }; @($null) | % { await (later 'e') } }
Alike 'nulls and nested arrays' { 1, $null, (2, 3), @(), (, 4) | % { await (later "<$_>"); $_.Count }; $an = & { }; 1, $an, 2 | % { await (later "a<$_>") } }
Alike 'hashtables, strings and dictionaries' { @{ a = 1 } | % { await (later $_.a) }; ([ordered] @{ a = 1; b = 2 }).GetEnumerator() | % { await (later "$($_.Key) $($_.Value)") }; [pscustomobject] @{ p = 1 } | % { await (later $_.p) } }
Alike 'lists and other collections' { [Collections.Generic.List[int]] (1, 2) | % { await (later $_) }; [Collections.Queue] (3, 4) | % { await (later $_) }; [Collections.Generic.Queue[string]] ('a', 'b') | % { await (later $_) }; 'a b' -split ' ' | % { await (later $_) }; [xml] '<a><b/></a>' | % { await (later $_.a.Name) } }
Alike 'an enumerator that comes one by one' { $q = [Collections.ArrayList] (1, 2); $e = $q.GetEnumerator(); , $e | % { await (later $_.GetType().Name) }; $e | % { await (later $_) }; $e | % { await (later 'no') } }
Alike 'a list that changes' { $l = [Collections.ArrayList] (1, 2); $l | % { await (later $_); $null = $l.Add(9); 'after' }; 'end'; try { $l | % { await (later $_); $null = $l.Add(9) } } catch { "c $($_.FullyQualifiedErrorId) $_" } }
Alike 'errors before it' {
    (1 / 0) | % { await (later $_) }
    [int]::Parse('x') |
        % { await (later $_) }
    $null.Call() | % {
        await (later $_) }
    no-such | % { await (later 'no') }
    (no-such) |
        % { await (later "n<$_>") }
    Get-Item /no/such |
        % { await (later 'no') }
    1, (1 / 0) | % { await (later 'no') } | Sort-Object
    $x = (1 / 0) | % { await (later $_) }
    try { (no-such) | % { await (later 'no') } } catch { "c $_" }
    (throw 't') | % { await (later 'no') }
}
Alike 'an enumerator of script' {
    class Steps : Collections.IEnumerator {
        $n = 0
        [object] get_Current() { return $this.n }
        [bool] MoveNext() { $this.n++; if ($this.n -gt 2) { throw "moved $($this.n)" }; return $true }
        [void] Reset() { }
    }
    try { [Steps]::new() | % { await (later "s $_") } } catch { "c $_" }
    [Steps]::new() | % { await (later "s $_") }
    'no'
}
Alike 'begin and end' { 1..2 | % -Begin { 'b'; await (later 'b2') } -Process { await (later $_) } -End { await (later 'e') }; 1..2 | % { 'b' } { await (later $_) } { 'e' }; 1..2 | % { 'b' } { await (later $_) } { await (later "q $_") } { 'e' }; @() | % { 'b' } { await (later $_) } { 'e' } }
Alike 'the sorting of blocks' { 1..2 | % { await (later "a $_") } -End { 'e' }; 1..2 | % -Begin { 'B' } { await (later "p $_") } { "q $_" }; 1..2 | % -Begin { 'B' } { await (later "p $_") } { "q $_" } { "r $_" }; 1..2 | % -End { 'E' } { "p $_" } { await (later "q $_") }; 1..2 | % -Process { "p $_" } -End { 'E' } { await (later "q $_") }; 1..2 | % -b { 'b' } -proc { await (later $_) } -en { 'e' } }
Alike '$_ in begin and end' { 7 | % { 1..2 | % -Begin { await (later "b<$_>") } -Process { await (later "p<$_>") } -End { "e<$_>" }; "after $_" }; "<$_>" }
Alike 'two process blocks' { 1..2 | % -Begin { } { $x = await (later $_); "$x $_" } { "second $x $_" } -End { 'e' } }
Alike 'nested' { 1..2 | % { $o = $_; 'a', 'b' | % { await (later "$o$_") }; "after $_" } }
Alike 'nested in a nested one that awaits nothing else' { 1..2 | % { 'a', 'b' | % { await (later $_) } }; 1..2 | % { foreach ($x in 1..2) { $x | % { await (later "$x$_") } } } }
Alike 'in a lock' { $l = New-AsyncLock; 1..3 | % { Use-AsyncLock $l { await (later $_) } }; Use-AsyncLock $l { 1..3 | % { await (later $_) } }; $l.IsHeld }
Alike 'enter and leave in it' { $l = New-AsyncLock; 1..3 | % { Enter-AsyncLock $l; try { await (later $_) } finally { Exit-AsyncLock $l } }; $l.IsHeld }
Alike 'behind a body' { $l = New-AsyncLock; Use-AsyncLock $l { 1; await (later 2) } | % { await (later "x $_") } }
Alike 'a task group in it' { 1..2 | % { $n = $_; Invoke-AsyncTaskGroup { Start-AsyncTask { await (later 1); "t" } }; "n $n" } }
Alike 'assignments stay' { $x = 0; 1..3 | % { $x += await (later $_); $last = $_ }; $x; $last; $n = 1; 1..2 | % { $n++; await (later $n); ++$n }; $n }
Alike 'assignments to captured variables' { 1..2 | % { $v += await (later $_); "in $v" }; $v; 1..2 | % { $w++; await (later 0) | Out-Null }; $w; 1..2 | % { await (later 0) | Out-Null; $u += 1; $u } ; $u -= 1; $u } -Setup '$v = 10; $w = 20; $u = 30'
Alike 'compound places' { $h = @{ a = 1 }; $a = 1, 2; 1..2 | % { $h.a += await (later $_); $a[$_ - 1] += await (later 10); $h["k$_"] ??= await (later $_) }; $h.a; $h.k2; $a; $p, $q = 1..2 | % { await (later $_) }; "$p $q" }
Alike 'typed variables' { [int] $n = 1; 1..2 | % { $n = await (later '5'); $n.GetType().Name; $n = 'x'; $n }; [string] $s = 'a'; 1..2 | % { $s = await (later $_); $s.GetType().Name }; 1..2 | % { [int] $m = await (later '7'); $m += '1'; $m }; $m.GetType().Name }
Alike 'strict mode' { Set-StrictMode -Version Latest; 1..2 | % { $x = await (later $_); $y }; $x; 1..2 | % { $z += await (later $_) }; 'end' }
Alike 'return' { 1..3 | % { if ($_ -eq 2) { return 'r'; 'no' }; await (later $_) }; 1..2 | % { return await (later $_); 'no' }; 'end'; 1..2 | % { 'b'; return; 'no' } { await (later $_) } { return 'e'; 'no' } }
Alike 'return with it' { return 1..3 | % { await (later $_) }; 'no' }
Alike 'break' { foreach ($i in 1..3) { 1..3 | % { if ($_ -eq 2) { break }; await (later "p $_") }; 'no' } 'end' }
Alike 'continue' { foreach ($i in 1..3) { 1..3 | % { if ($_ -eq 2) { continue }; await (later "p $_") }; "no $i" } 'end' }
Alike 'break and continue to a label' { :out foreach ($i in 1..3) { foreach ($j in 1..2) { 1..3 | % { if ($_ -eq 2) { continue out }; if ($i -eq 3) { break out }; await (later "p $i $_") }; 'no' } } 'end' }
Alike 'break with no loop' { 1..3 | % { if ($_ -eq 2) { break }; await (later $_) }; 'no' }
Alike 'loops in it' { 1..3 | % { foreach ($i in 1..3) { if ($i -eq 2) { break }; await (later "$_$i") }; $k = 0; while ($true) { if ($k++ -gt 1) { break }; if ($k -eq 1) { continue }; await (later "w $k") } } }
Alike 'exit' { 1..3 | % { if ($_ -eq 2) { exit 3 }; await (later $_) }; 'no' }
Alike 'switch and if in it' { 1..3 | % { switch (await (later $_)) { 1 { 'one' } 2 { await (later 'two') } default { "d $_" } }; if ((await (later $_)) -gt 2) { "big $_" } else { "small $_" } } }
Alike 'an error that ends its statement' {
    1..2 | % {
        $_ / 0
        await (later "after $_")
        no-such-command
        (await (later 0)) / 0
        'x'
    }
    'end'
}
Alike 'throw' { 1..3 | % { await (later $_)
        if ($_ -eq 2) { throw 'thrown' } }
    'no' }
Alike 'throw in try' { try { 1..3 | % { await (later $_); if ($_ -eq 2) { throw 'thrown' } }; 'no' } catch { "c $_" } 'end' }
Alike 'an error in try' { try { 1..3 | % { await (later $_); 1 / 0; 'no' } } catch { "c $_" } finally { await (later 'f') } }
Alike 'what errors say that leave it' {
    function say($e) { $e.FullyQualifiedErrorId; $e.InvocationInfo.MyCommand.Name; "$($e.InvocationInfo.ScriptLineNumber) $($e.CategoryInfo.Reason)"; $e.Exception.GetType().Name; Write-Error $e }
    try {
        1 | % {
            await (later 1)
            1 / 0
        }
    }
    catch { say $_ }
    try { 1 | % { await (later 1); 2 | ForEach-Object { await (later 1)
                no-such } } } catch { say $_ }
    try { 1 | % { await (later 1); throw 't' } } catch { say $_ }
    try { 1 | % { await (later 1); throw [ArgumentException] 'a' } } catch { say $_ }
    try { 1 | % { await (fail 'f') } } catch { say $_ }
    try { 1 | % { await (later 1); Get-Item /no/such -ErrorAction Stop } } catch { say $_ }
    try { 1 | % { await (later 1); [int]::Parse('x') } } catch { say $_ }
    try { 1 | % { 1; 2 } | % { await (later $_); $null.Call() } } catch { say $_ }
    trap { say $_; continue }
    1 | % { await (later 1); $null[0] }
    1 | % { $_ } | % { await (later 1); [int] 'z' }
    1 | % { await (later 1) } { $_ } { [int] 'w' }
    $Error.Count
}
Alike 'try in it' { 1..3 | % { try { await (later $_); if ($_ -eq 2) { throw "t$_" } } catch { await (later "c $_"); $_.Exception.Message } finally { await (later "f $_") }; "after $_" } }
Alike 'a failed await' { 1..3 | % { await (later $_); if ($_ -eq 2) { await (fail 'bad') } }; 'no' }
Alike 'a failed await caught' { try { 1..3 | % { await (fail "bad $_") } } catch { "$_"; Write-Error $_ } 'end' }
Alike 'the stack trace' {
    1..1 |
        ForEach-Object {
            await (later 1) | Out-Null
            1 / 0
            $_ | ForEach-Object {
                await (later 2) | Out-Null
                Get-Item /no/such
                function f { Write-Error 'w' }
                f
            }
        }
}
Alike 'the stack trace of a throw' {
    function f { throw 'deep' }
    try {
        1..1 | ForEach-Object {
            await (later 1)
            f
        }
    }
    catch { Write-Error $_ }
    await (later 3)
    1..1 | ForEach-Object {
        1..2 | ForEach-Object { await (later $_)
            f }
    }
}
Alike '-ErrorAction Stop in it' { try { 1..3 | % { await (later $_); Write-Error e -ErrorAction Stop } } catch { "c $_" } $ErrorActionPreference = 'Stop'; 1..3 | % { await (later $_); Get-Item /no/such }; 'no' }
Alike 'preferences' { $ErrorActionPreference = 'SilentlyContinue'; 1..2 | % { await (later $_); 1 / 0; throw 't'; 'after' }; 'end'; $Error.Count; $ErrorActionPreference = 'Continue'; 1 | % { $ErrorActionPreference = 'SilentlyContinue'; await (later 1); 1 / 0 }; $ErrorActionPreference }
Alike 'a trap in it' { 1..2 | % { trap { "t $_"; continue } await (later $_); throw "a$_"; await (later 'after') }; 1..2 | % { trap { "u $_" } await (later $_); 1 / 0; 'after' } }
Alike 'a trap in it that takes other errors, or ends' { foreach ($i in 1..2) { 1..2 | % { trap [InvalidOperationException] { continue } await (later $_); no-such; 'no' }; "on $i" } 1..2 | % { trap { "t $_"; break } await (later $_); 1 / 0 }; 'still'; 1..2 | % { $_ } | % { trap [InvalidOperationException] { continue } await (later $_); 1 / 0 }; 'and'; 1..2 | % { trap [ArgumentException] { continue } await (later $_); throw 'out' }; 'no' }
Alike 'a trap around it' { trap { "t $_"; continue } 1..3 | % { await (later $_); 1 / 0; 'no' }; 'on'; 1..3 | % { await (later $_); if ($_ -eq 2) { throw 'x' } }; 'end' }
Alike '$?' { Get-Item /no -ErrorAction SilentlyContinue; 1..2 | % { "first $?"; 1 / 0; "after $?"; await (later 1); "then $?" }; "end $?"; 1 | % { await (later 1); Write-Error x }; "end $?"; 1 | % { await (later 1); no-such }; "end $?" }
Alike '$? of what fails' { try { 1 | % { await (later 1); throw 'x' } } catch { "c $?" } "end $?"; $l = [Collections.ArrayList] (1, 2); $l | % { await (later 1); $l.Clear() }; "list $?" }
Alike 'chains' { 1..2 | % { await (later $_) } && 'and'; 1..2 | % { await (later $_); 1 / 0 } && 'still' || 'no'; no-such || 1 | % { await (later 'or') } }
Alike 'as a value' { $x = 1..3 | % { await (later $_) }; $x.Count; $x; $y = 1..3 | % { if ($_ -eq 2) { await (later 'one') } }; $y.GetType().Name; $z = 1..3 | % { $null = await (later $_) }; $null -eq $z; [int[]] $t = 1..2 | % { await (later "$_") }; $t.GetType().Name }
Alike 'in expressions' { @(1 | % { await (later $_) }).Count; "$(1..3 | % { await (later $_) })"; (1..3 | % { await (later $_) }) -join ','; if (1..2 | % { await (later 0) }) { 'two are true' }; Write-Output (1..2 | % { await (later $_) }) -NoEnumerate | % { $_.Count }; @{ k = 1..2 | % { await (later $_) } }.k.Count; foreach ($i in 1..2 | % { await (later $_) }) { "i $i" }; (1..3 | % { await (later $_) })[1] }
Alike 'in statements as values' { $x = if (1) { 1..2 | % { await (later $_) } }; $x; $y = foreach ($i in 1..2) { $i | % { await (later "$i$_") } }; $y; $z = try { 1..2 | % { await (later $_); throw 'x' } } catch { "c $_" }; $z; $w = foreach ($i in 1..2) { 1..3 | % { $_; if ($_ -eq 2) { break }; await (later 'a') } }; $w }
Alike 'in conditions of loops' { $n = 0; while (1..2 | % { await (later ($n -lt 2)) } | Where-Object { $_ }) { "n $n"; $n++ }; for ($i = 0; ($i | % { await (later ($_ -lt 2)) }); $i++) { "i $i" } switch (1..2 | % { await (later $_) }) { 1 { 'one' } 2 { 'two' } } }
Alike 'commands behind it' { 1..3 | % { await (later $_) } | Sort-Object -Descending; 1..3 | % { await (later $_) } | Out-Null; (1..3 | % { await (later $_) } | Measure-Object -Sum).Sum; 1..4 | % { await (later $_) } | Where-Object { $_ % 2 } | Select-Object @{ n = 'v'; e = { $_ * 2 } }; 1..3 | % { await (later $_) } | Tee-Object -Variable t | ForEach-Object { "t $_" }; $t.Count }
Alike 'arguments of commands behind it' { function say($x) { Write-Host $x; $x } $n = 1; say 5 | Out-Null; (say 1), (say 2) | % { $n = 3; await (later $_) } | Select-Object -Last (say $n); 1..3 | % { $n = 5; await (later $_) } | Select-Object -Skip $n; 1..3 | % { await (later $_) } | Select-Object -Last (await (later 2)) }
Alike 'commands that wait behind it' { 1..3 | % { await (later 0) | Out-Null; later $_ } | await; 1..3 | % { await (later 0) | Out-Null; later $_ } | Wait-AsyncGather | % { "g $_" }; 1..3 | % { await (later 0) | Out-Null; later $_ } | Wait-AsyncGather | % { await (later "h $_") } }
Alike 'commands that wait before it' { await (later @(1, 2)) | % { await (later "a $_") }; (later 1), (later 2) | await | % { await (later "b $_") } | Sort-Object -Descending; (await (later 1)), (await (later 2)) | % { await (later "c $_") } }
Alike 'Receive-AsyncTask before it' { $t = 3, 1, 2 | % { Start-AsyncSleep ($_ / 20) -Result $_ }; Receive-AsyncTask $t | % { trace a $_; await (later $_) }; $t = 3, 1, 2 | % { Start-AsyncSleep ($_ / 20) -Result $_ }; $t | Receive-AsyncTask | % { trace b $_; $_ } | Sort-Object; foreach ($i in 1) { later 1 | Receive-AsyncTask | % { await (later "p $_"); break }; 'no' } try { Receive-AsyncTask (now 1), (fail 'x') -ErrorAction Stop | % { "v $_" } } catch { "c $_" } Receive-AsyncTask (fail 'e'), (later 5) 2>$null | % { await (later "r $_") } | % { "s $_" }; "after $?"; Get-Item /no/such, / | % { await (later 1) }; "after $?"; Get-Item / | % { await (later 1) }; "after $?" } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'Receive-AsyncQueueItem -All before it' { $q = New-AsyncQueue; 1..4 | Add-AsyncQueueItem $q; Close-AsyncQueue $q; Receive-AsyncQueueItem $q -All | % { "$_ of $($q.Count)"; await (later $_) } { "n $($q.Count)" } { 'end' }; $q = New-AsyncQueue; 1..4 | Add-AsyncQueueItem $q; foreach ($i in 1) { Receive-AsyncQueueItem $q -All | % { $_ } | % { await (later $_); if ($_ -eq 2) { break } } }; $q.Count; Receive-AsyncQueueItem $q -All -NoWait | % { await (later "x $_") }; try { Receive-AsyncQueueItem $q -All -TimeoutSec 0.01 | % { await (later 'no') } } catch { "c $($_.FullyQualifiedErrorId)" } $p = Start-AsyncTask { foreach ($i in 1..3) { await (Start-AsyncSleep 0.01); Add-AsyncQueueItem $q $i }; Close-AsyncQueue $q }; Receive-AsyncQueueItem $q -All | % { await (later "y $_") } }
Alike 'Select-Object -First behind it' { 1..5 | % { trace a $_; await (later $_) } | Select-Object -First 2; 1..5 | % { trace b $_; await (later $_) } | select -Index 1; $p = @{ First = 1 }; 1..3 | % { trace c $_; await (later $_) } | Select-Object @p; 'end' } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'statements behind the one that was enough' { 1..3 | % { trace a $_; await (later $_); $_; trace b $_ } -End { trace end } | Select-Object -First 2; 1..3 | % { await (later 1), (later 2); trace c $_ } | select -First 1; $r = foreach ($o in 1..2) { 1..3 | % { try { await (later "$o$_") } finally { trace f $_ } } | Select-Object -First 1 -Skip 1 }; $r; 'end' } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'several stages before Select-Object -First' { 1..9 | % { trace a $_; await (later $_) } | ? { $_ % 2 } | % { trace b $_; $_; "$_ again" } | Select-Object -First 3 | % { await (later "got $_") } | Sort-Object -Descending; 1..9 | % { 1..3 | % { await (later $_) } | Select-Object -First 2 } | Select-Object -First 3; 1..3 | % -Begin { await (later 'b'); trace begun } { await (later $_) } | select -First 1; 'end' } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'what Select-Object -First is given' { $n = 2; 1..4 | % { trace a $_; await (later @{ p = $_; q = 1 }) } | Select-Object p -First $n; 1..4 | % { trace b $_; await (later $_) } | Select-Object -First 0; 1..4 | % { trace c $_; await (later $_) } | Select-Object -First 1 -Last 1; 1, 1, 2, 3 | % { trace d $_; await (later $_) } | Select-Object -Unique -First 2; 1..4 | % { trace e $_; await (later $_) } | Select-Object -First 2 -Wait; 1..4 | % { await (later $_) } | Select-Object -First '2' -OutVariable o; $o.Count; 1..4 | % { await (later $_) } | Select-Object -First (await (later 1)) } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'a Select-Object -First that is refused' { try { 1..2 | % { await (later $_) } | Select-Object -First -1 } catch { "c $($_.FullyQualifiedErrorId)" }; try { 1..2 | % { await (later $_) } | Select-Object -First 'x' } catch { "c $($_.FullyQualifiedErrorId)" }; 1..2 | % { if ($_ -eq 2) { throw 't' }; await (later $_) } | Select-Object -First 2 }
Alike 'results as they come that are enough' { 1..3 | % { later $_ } | Receive-AsyncTask | Sort-Object | Select-Object -First 2; $t = later 1; Receive-AsyncTask $t | Select-Object -First 1; Receive-AsyncTask $t | % { "got $_" } | Select-Object -First 1; 'end' }
Alike 'several in a row' { 1..3 | % { trace a $_; await (later $_) } | % { trace b $_; await (later "x $_") } | % { trace c $_; "y $_" } } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'several in a row, with begin and end' { 1..2 | % { trace b1; 'b1' } { trace p1 $_; await (later $_) } { trace e1; 'e1' } | % { trace b2; 'b2' } { trace p2 $_; await (later "<$_>") } { trace e2; 'e2' } } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'one that awaits nothing before one that does' { 1..3 | % { $null = trace a $_; later $_; $null = trace a2 $_; if ($_ -eq 2) { now 'two'; $null = trace a3 } } | % { trace b; await $_; trace c }; 1..2 | % { $_ } | % {
    await $_
} } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'many objects of one statement' { 1..2 | % { trace a $_; $_, ($_ * 10) } | % { trace b $_; await (later $_); trace c $_ } | % { trace d $_; $_ } | Sort-Object } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike '$? in one of several' { 1..2 | % { 1; "a $?"; no-such; "b $?"; Write-Error x } | % { await (later $_); 1 / 0; "d $?" }; "end $?" }
Alike 'nested in one of several' { 1..2 | % { trace a $_; 'x', 'y' | % { trace b $_; await (later $_); trace c $_ }; if (await (later 1)) { foreach ($i in 1..2) { trace d $i; $i } } } | % { trace e $_; await (later $_); trace f $_ } } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike '12 within each other' ('1..2 ' + ('| ForEach-Object { 1 ' * 12) + '| ForEach-Object { await (later $_) }' + (' }' * 12))
Alike 'return in one of several' { 1..3 | % { if ($_ -eq 2) { return 'r' }; await (later $_) } | % { if ($_ -eq 3) { return 'q' }; await (later "x $_") } }
Alike 'break in one of several' { foreach ($o in 1..2) { 1..2 | % { foreach ($i in 1..3) { "$_$i"; trace i $i }; 'after loop' } | % { if ($_ -eq '12') { break }; await (later "x $_") }; 'after pipe' } 'end'; foreach ($o in 1) { 1..3 | % { $_ } | % { if ($_ -eq 2) { break }; await (later "y $_") }; 'no' } } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'throw in one of several' { try { 1..2 | % { try { "a$_"; trace after $_ } catch { "inner $_" } finally { trace fin $_ } } | % { await (later $_); if ($_ -eq 'a2') { throw 't' } } } catch { "outer $_" }; try { 1..2 | % { foreach ($i in 1) { try { "a$_" } catch { trace inner "$_"; "inner $_" } finally { trace fin $_ } } } | % { await (later $_); throw "t $_" } } catch { "outer $_" } 1..2 | % { try { "a$_" } catch { 'no' } } | % { await (later $_); throw 'u' }; 'no' } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'errors in one of several' {
    1..2 | % {
        "a$_"
        1 / 0
        "b$_"
    } | % {
        await (later $_)
        no-such-command
        "then $_"
    }
    'end'
    1 | % {
        1
        2
    } | % { await (later $_); throw "t$_" }
}
Alike 'chains with another block behind them' { 1, 2 | % { await (later $_) && trace k 1 && await (later 3) || 'no'; no-such-command || await (later 4) } | % { trace p $_; $_ }; 1, 2 | % { trace k 1 && (await (later $_)) && trace k 2; $? } | % { trace q $_ } | Select-Object -First 3 }
Alike 'an error behind a Where-Object that awaits' { 1, 2 | Where-Object { await (later $true) } | Where-Object { no-such-command }; 'end' }
Alike 'an error behind a filter and behind a block' { try { 1, 2 | Where-Object { . { await (later 1) }; $true } | % { $_; throw 't' } } catch { frames $_ } 1, 2 | % { await (later $_) } | Where-Object { $true } | % { 1 / 0 } }
Alike 'script behind it' { function put { process { trace f $_; $_ } } 1..2 | % { trace a $_; await (later $_); trace b $_ } | put; 1..2 | % { trace c $_; await (later $_) } | & { process { trace d $_ } }; 1..2 | % { Write-Host "e $_"; await (later $_) } | Write-Host; 1..2 | % { trace g $_; await (later $_) } | Where-Object { trace h $_; $true }; 1..3 | % { trace i $_; await (later $_) } | Where-Object { $_ -gt 1 } | Sort-Object { "$_" } | % { trace j $_; await (later $_) }; 1..2 | % { trace k $_; await (later $_) } | Select-Object @{ n = 'v'; e = { trace l $_ } } | Out-Null; 1..2 | % { trace m $_; await (later $_) } | cat } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin()'
Alike 'jumps with commands behind' { foreach ($o in 1) { 1..3 | % { if ($_ -eq 2) { break }; await (later $_) } | & { begin { 'b' } process { "p $_" } end { 'e' } }; 'no' } 'then'; foreach ($o in 1) { 1..3 | % { if ($_ -eq 2) { break }; await (later $_) } | Where-Object { $_ } | Select-Object *; 'no' } 'on'; foreach ($o in 1..2) { 1..3 | % { if ($_ -eq 2) { continue }; await (later $_) } | Sort-Object; 'no' } 'end' }
Alike 'errors with commands behind' { try { 1..3 | % { if ($_ -eq 2) { throw 't' }; await (later $_) } | & { process { "p $_" } end { 'e' } } } catch { "c $_" } $l = [Collections.ArrayList] (1, 2); $l | % { await (later $_); $l.Clear() } | & { process { "p $_" } end { 'e' } }; 1..3 | % { await (later $_); 1 / 0 } | & { process { "p $_" } end { 'e' } }; try { 1..3 | % { if ($_ -eq 2) { throw 't' }; await (later $_) } | Where-Object { $_ } | Select-Object * } catch { "c $_" }; 1..3 | % { await (later $_); 1 / 0 } | Where-Object { $_ } }
Alike 'commands that look before it' { Get-Item /tmp, /no/such, / | % { await (later $_.FullName) }; 3, 1, 2 | Sort-Object | % { await (later $_) }; 'a', 'b' | Where-Object { $_ -ne 'a' } | Select-Object Length | % { await (later $_.Length) }; Write-Output 1 2 | % { await (later $_) }; Get-Variable none -ErrorAction Ignore | % { await (later 'no') }; 'a,b', '1,2' | ConvertFrom-Csv | % { await (later $_.b) } }
Alike 'commands that do more before it' { function f { foreach ($i in 1..3) { trace f $i; $i } } f | % { trace x $_; await (later $_) }; & { foreach ($i in 1..2) { trace b $i; $i } } | % { await (later $_); trace y $_ }; 1..3 | Where-Object { trace w $_; $true } | % { trace z $_; await (later $_) }; 1..3 | Where-Object { $_ -gt $least } | % { $least = 2; await (later $_) } } -Setup '$log = [AsyncJobs.Tests.Logs]::Begin(); $least = 0'
Alike 'other parameters' { 1..2 | % { await (later $_) } -OutVariable o; $o.Count; 1..2 | % { await (later $_); Write-Error e } -ErrorVariable e 2>$null; $e.Count; 1..2 | % { await (later $_) } -PipelineVariable p | % { "$p $_" }; $x = 1..2 | % { await (later $_); Write-Error e } 2>&1; $x.Count; $b = { await (later "b $_") }; 1..2 | % $b; 1..2 | % -Process { await (later $_) }, { "q $_" }; % { await (later 'alone') }; % -InputObject (1, 2) { await (later "i $_") } }
Alike 'what is the block''s alone' { function f { 1..2 | % { "$args|$input|$_"; await (later 1) } } f 5; 1..2 | % { "<$args>"; await (later $_) }; 1..2 | % { "$input"; await (later $_) }; 1..2 | % { $_ = 9; await (later $_) }; "<$_>"; 1..2 | % { $MyInvocation.MyCommand.GetType().Name; await (later $_) }; 1..2 | % { param($p) "<$p>"; await (later $_) }; 1..2 | % { begin { 'b' } process { await (later $_) } end { 'e' } } } -Arguments '1, 2'
Alike 'parameters of the block around it' { param($a, $b = 5) 1..2 | % { "$a $b $($PSBoundParameters.Count)"; await (later $_); $a = "x$a" }; $a } -Arguments '1'
Alike '$Matches and $LASTEXITCODE' { 'ab', 'cd' | % { $null = $_ -match '(.)(.)'; await (later 1) | Out-Null; $Matches[2] }; 1..2 | % { sh -c "exit $_"; await (later 1) | Out-Null; $LASTEXITCODE }; $Matches[1]; $LASTEXITCODE }
Alike 'functions defined in it' { 1..2 | % { function g { "g $_" }; await (later 1) | Out-Null; g }; g; $f = 1..2 | % { $n = $_; await (later 1) | Out-Null; { "c $n" }.GetNewClosure() }; & $f[0]; & $f[1] }
Alike 'functions that await in it' {
    function f($x) {
        await (later $x)
        if ($x -eq 2) {
            1 / 0
        }
        "f $x $_"
    }
    1..2 | % {
        f $_
        "after $_"
    }
    try { 2 | % { f $_ } } catch { "c $_"; Write-Error $_ }
    function g { 1..2 | % { await (later "g $_"); f $_ } }
    g
    $x = 1..2 | % { f $_ }
    "$x"
    (f 1) | % { await (later "p $_") }
    1..2 | % { $_ } | % {
        f $_
    }
    function h { process { await (later $_) } }
    1..2 | h | % { await (later "h $_") }
    1 | % { return f 1 }
    function k { 1..3 | % { if ($_ -eq 2) { return }; await (later $_); if ($_ -eq 3) { throw 'k' } } }
    k
}
Alike 'blocks and functions that look at its variables' { function see { "see $x $_" } 1..2 | % { $x = await (later $_); see; & { "in $x"; $x = 9 }; . { $x = "dot $x" }; $x; $_ | Where-Object { await (later $true) } | % { "w $_" } } }
Alike 'where stock is taken of the scope' { 1..2 | % { Set-Variable -Scope 0 -Name "n$_" -Value (await (later $_)); Set-Alias al$_ Get-Item; await (later 1) | Out-Null; $v += $_ }; $n1; $n2; (Get-Alias al2).Definition; $v; . { $dot = 1 }; Invoke-Expression '$ie = 2'; 1..2 | % { Invoke-Expression '$ie += $_'; await (later $ie) }; $ie } -Setup '$v = 10'
Alike 'other streams' { 1..2 | % { Write-Warning "w $_"; await (later $_); Write-Verbose "v $_" -Verbose; Write-Host "h $_"; Write-Information "i $_" -InformationAction Continue; Write-Error "e $_" } }
Alike 'an item of its own' { 1..2 | % { await (later "$_") }; "<$_>" } -Item "'it'"
Alike 'in process' { begin { 1 | % { await (later "b $_") } } process { 1..2 | % { await (later "p $_") }; "<$_>" } end { 1 | % { await (later "e $_") } } } -Item "'it'" -TakesItem
Alike 'what comes of it is wrapped or not' { 1..2 | % { $_ -is [psobject]; $x = $_; $x -is [psobject]; await (later 1) | Out-Null; $y = 5; $y -is [psobject] }; 'a' | % { $_.GetType().Name; await (later 1) | Out-Null; $_.Length } }
Alike 'a pipeline in a string in it' { 1..2 | % { "a $(1..2 | % { await (later $_) }) b $_" }; 1..2 | % { "$(await (later $_)) $($_ | % { await (later "n$_") })" } }
Alike 'what cannot be a part of it' { 1..2 | % { $null = New-PSDrive -Name "each$_" -PSProvider FileSystem -Root /; await (later $_); Test-Path "each${_}:" } }
Alike 'an alias and a function in its place' { Set-Alias each ForEach-Object; 1..2 | each { await (later $_) }; function ForEach-Object { process { "mine $_" } } 1..2 | ForEach-Object { await (later $_) }; 1..2 | % { await (later "p $_") } }
Alike 'a break in a trap around a ForEach-Object' { function f { 1 | ForEach-Object { trap { break } 1..2 | ForEach-Object { $r = [ref] $nope; await (now 1) } } 'no' } try { f } catch { "c $_" } 1 | ForEach-Object { trap { "t $_"; break } 1..2 | ForEach-Object { await (now "in $_"); throw 'x' } 'no' } 'no' }
