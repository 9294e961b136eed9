# Loops

Alike 'while' { $i = 0; while ($i -lt 3) { $i++; await (later $i) } 'end' }
Alike 'while with an awaited condition' { $i = 0; while ((await (later $i)) -lt 3) { $i++; $i } 'end' }
Alike 'while with an assignment as its condition' { $q = [Collections.Queue] @(3, 2, 0, 1); while ($x = await (later $q.Dequeue())) { "x $x" } $q.Count }
Alike 'do while' { $i = 0; do { $i++; await (later $i) } while ((await (later $i)) -lt 3) }
Alike 'do until' { $i = 0; do { $i++; await (later $i) } until ((await (later $i)) -ge 3) }
Alike 'continue in do while' { $i = 0; do { $i++; if ($i -eq 2) { continue }; await (later $i) } while ($i -lt 4) 'end' }
Alike 'continue in do until' { $i = 0; do { $i++; if ($i -eq 2) { continue }; "b $i" } until ((await (later $i)) -ge 4) 'end' }
Alike 'break in do' { $i = 0; do { $i++; if ($i -eq 2) { break }; await (later $i) } while ($true) 'end' }
Alike 'for' { for ($i = 0; $i -lt 3; $i++) { await (later $i) } $i }
Alike 'for, all parts awaited' { for ($i = await (later 0); $i -lt (await (later 3)); $i += await (later 1)) { $i } 'end' }
Alike 'for without parts' { $i = 0; for (;;) { if ($i++ -gt 2) { break }; await (later $i) } 'end' }
Alike 'for with continue' { for ($i = 0; $i -lt 4; $i++) { if ($i -eq 1) { continue }; await (later $i) } }
Alike 'for with several initializers' { for (($i = 0), ($k = await (later 5)); $i -lt $k; ($i++), ($k--)) { "$i $k" } }
Alike 'for writes nothing of its parts' { for ($i = 0; (await (later $i)) -lt 2; $(await (later 'x'); $i++)) { $i } }
Alike 'foreach over an array' { foreach ($i in 1, 2, 3) { await (later $i) } }
Alike 'foreach over an awaited array' { foreach ($i in await (later @(1, 2, 3))) { $i } foreach ($i in (await (later @(4)))) { $i } }
Alike 'foreach over one value, null and nothing' { foreach ($i in await (later 5)) { "a $i" } foreach ($i in await (later $null)) { "b <$i>" } foreach ($i in $null) { await (later 'no') } foreach ($i in @()) { await (later 'no') } foreach ($i in $null, 1) { await (later "<$i>") } 'end' }
Alike 'foreach over a string and a hashtable' { foreach ($c in 'ab') { await (later $c) } $h = [ordered]@{ a = 1; b = 2 }; foreach ($e in $h) { await (later $e.Count) } foreach ($e in $h.GetEnumerator()) { await (later $e.Key) } }
Alike 'foreach over a pipeline' { foreach ($i in 1..4 | Where-Object { $_ % 2 }) { await (later $i) } }
Alike 'foreach over an enumerable' { foreach ($i in [Linq.Enumerable]::Range(1, 3)) { await (later $i) } }
Alike 'foreach over a data table and nested arrays' { foreach ($a in (1, 2), (3, 4)) { await (later $a.Count); $a } }
Alike 'foreach over lines of an iterator that throws' { $it = [Linq.Enumerable]::Select([int[]](1, 0), [Func[int, int]] { param($n) 6 / $n }); foreach ($i in $it) { await (later $i) } 'end' }
Alike 'foreach with a changed variable' { $a = 1..3; foreach ($i in $a) { $a = 9; await (later $i) } $a }
Alike 'foreach assigns its own variable' { foreach ($i in 1..3) { $i *= 10; await (later $i); $i++; $i } }
Alike 'collection was modified' { $l = [Collections.Generic.List[int]] @(1, 2, 3); foreach ($i in $l) { await (later $i); if ($i -eq 2) { $l.Add(4) } } 'end' }
Alike 'collection was modified, caught' { $l = [Collections.ArrayList] @(1, 2, 3); try { foreach ($i in $l) { await (later $i); $null = $l.Add(4) } } catch { $_.Exception.GetType().Name } }
Alike 'collection was modified before an await' { $h = @{ a = 1 }; foreach ($k in $h.Keys) { $h.b = 2; await (later $k) } 'end' }
Alike '$foreach.MoveNext()' { foreach ($i in 1..6) { $null = $foreach.MoveNext(); await (later $i); $foreach.Current } }
Alike '$foreach after an await' { foreach ($i in 1..6) { await (later $i); $null = $foreach.MoveNext(); $foreach.Current } }
Alike '$foreach in nested loops' { foreach ($i in 1..2) { foreach ($k in 'a', 'b') { await (later $k); "$($foreach.Current)" } "o $($foreach.Current)" } "<$foreach>" }
Alike '$foreach seen from a function' { function f { $foreach.Current } foreach ($i in 1..2) { await (later $i) | Out-Null; f } }
Alike '$foreach after a break' { foreach ($i in 1..3) { await (later $i); break } "<$($foreach.Current)>"; $null -eq $foreach }
Alike 'break' { foreach ($i in 1..5) { if ($i -eq 3) { break }; await (later $i) } $i }
Alike 'break after an await' { foreach ($i in 1..5) { await (later $i); if ($i -eq 3) { break } } $i }
Alike 'continue' { foreach ($i in 1..4) { if ($i -eq 2) { continue }; await (later $i) } }
Alike 'break to a label' { :outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); if ($k -eq 2) { break outer } } } 'end' }
Alike 'continue to a label' { :outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); if ($k -eq 2) { continue outer } } 'no' } 'end' }
Alike 'labels on while, do, for and switch' { :a while ($true) { :b do { :c for (;;) { :d switch (1) { 1 { await (later 's'); break c } } } break b } while ($true) 'w'; break a } 'end' }
Alike 'a label without regard to case' { :Outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); break OUTER } } }
Alike 'a label that is an expression' { $l = 'outer'; :outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); if ($k -eq 2) { continue $l } } } 'end' }
Alike 'a label that is awaited' { :outer foreach ($i in 1..3) { foreach ($k in 1..3) { "$i$k"; if ($k -eq 2) { break $(await (later 'outer')) } } } 'end' }
Alike 'the label of its own loop' { :a foreach ($i in 1..3) { await (later $i); if ($i -eq 2) { break a } } 'end' }
Alike 'two loops with one label' { :a foreach ($i in 1..2) { :a foreach ($k in 1..2) { await (later "$i$k"); continue a } 'x' } }
Alike 'break out of & { }' { foreach ($i in 1..3) { await (later $i); & { if ($i -eq 2) { break } }; "after $i" } 'end' }
Alike 'continue out of & { }' { foreach ($i in 1..3) { await (later $i); & { if ($i -eq 2) { continue } }; "after $i" } 'end' }
Alike 'break out of a function' { function f { break } foreach ($i in 1..3) { await (later $i); if ($i -eq 2) { f }; "after $i" } 'end' }
Alike 'break with a label out of a function' { function f { break outer } :outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); if ($k -eq 2) { f } } } 'end' }
Alike 'continue with a label out of a function' { function f { continue outer } :outer foreach ($i in 1..3) { foreach ($k in 1..3) { await (later "$i$k"); if ($k -eq 2) { f } } } 'end' }
Alike 'break out of ForEach-Object' { foreach ($i in 1..3) { await (later $i); 1..3 | ForEach-Object { if ($_ -eq 2) { break }; "p $_" }; "after $i" } 'end' }
Alike 'continue out of ForEach-Object' { foreach ($i in 1..3) { await (later $i); 1..3 | ForEach-Object { if ($_ -eq 2) { continue }; "p $_" }; "after $i" } 'end' }
Alike 'break out of ForEach-Object that awaits' { foreach ($i in 1..3) { 1..3 | ForEach-Object { if ($_ -eq 2) { break }; await (later "p $_") }; "after $i" } 'end' }
Alike 'break out of the method ForEach' { foreach ($i in 1..3) { await (later $i); (1..3).ForEach({ if ($_ -eq 2) { break } }); "after $i" } 'end' }
Alike 'break out of a dynamic block in a while with an awaited condition' { $n = 0; while ((await (later $n)) -lt 5) { $n++; & { if ($n -eq 3) { break } }; $n } 'end' }
Alike 'break out of a switch in a loop' { foreach ($i in 1..3) { switch ($i) { 2 { await (later 'two'); break } default { "d $_" } } "after $i" } }
Alike 'continue in a switch in a loop' { foreach ($i in 1..3) { switch ($i) { 2 { await (later 'two'); continue; 'no' } default { "d $_" } } "after $i" } }
Alike 'break of a loop in a switch' { switch (1..3) { 2 { foreach ($k in 1..3) { await (later "k$k"); break }; 'still 2' } default { "d $_" } } }
Alike 'return out of nested loops' { foreach ($i in 1..3) { while ($true) { do { await (later $i); return 'r' } while ($true) } } 'no' }
Alike 'throw out of nested loops' { try { foreach ($i in 1..3) { while ($true) { await (later $i); throw 't' } } } catch { "c $_" } }
Alike 'break in a called block with no loop in it' { function f { foreach ($i in 1..2) { & { break }; 'no' }; 'f' } await (later 1); f }
Alike 'a loop of finished awaits' { $s = 0; foreach ($i in 1..200) { $s += await (now $i) } $s }
Alike 'nested loops of awaits' { $s = 0; foreach ($i in 1..5) { for ($k = 0; $k -lt 4; $k++) { $n = 0; while ($n++ -lt 2) { $s += await (now 1) } } } $s }
Alike 'an empty body' { foreach ($i in await (later @(1, 2))) { } $i; while (await (later $false)) { } do { } while (await (later $false)) for (; await (later $false);) { } 'end' }
Alike 'the value of a condition' { $r = 'yes', '', 0, 1, @(), @(0), @(0, 0), $null, 'False'; foreach ($v in $r) { if (await (now $v)) { 'T' } else { 'F' } } }
Alike 'a condition of several values' { if (await (later @(0, 0))) { 'T' } else { 'F' } if (@(await (later 0))) { 'T' } else { 'F' } while (await (later @())) { 'no' } }
Alike 'a bare await as a condition that writes' { if (Write-Output (await (later 0)) 0) { 'T' } else { 'F' } }
Alike 'if, elseif, else' { foreach ($i in 1..4) { if ($i -eq (await (later 1))) { 'a' } elseif ($i -eq 2) { await (later 'b') } elseif ((await (later $i)) -eq 3) { 'c' } else { await (later 'd') } } }
Alike 'if without else' { if (await (later 0)) { 'no' } if (1) { if (await (later 1)) { 'in' } } 'end' }
Alike 'switch' { switch (await (later 2)) { 1 { 'one' } 2 { 'two'; await (later 'more') } 2 { 'again' } default { 'no' } } }
Alike 'switch over several' { switch (1..3) { 1 { await (later 'one') } 3 { 'three'; continue; 'no' } default { await (later "d $_") } } }
Alike 'switch with break' { switch (1..3) { 2 { await (later 'two'); break } default { "d $_" } } 'end' }
Alike 'switch default' { switch (await (later 9)) { 1 { 'one' } default { await (later 'def'); $_ } } }
Alike 'switch over nothing' { switch (@()) { default { await (later 'no') } } switch ($null) { default { await (later 'null') } } switch (await (Start-AsyncSleep 0.001)) { default { 'x' } } 'end' }
Alike 'an item that a command wrote nothing for' { function nothing { } Set-StrictMode -Version Latest; switch ((await (later 1)), (nothing), $null, (nothing)) { (await (later $false)) { 'no' } 1 { "one $_" } $null { 'null' } default { await (later 'd'); "[$_]" } } }
Alike 'an item that a command wrote nothing for, as a collection' { function nothing { } switch -Exact ((nothing), $null) { $null { await (later 'null') } { @($_).Count -eq 0 } { await (later 'nothing') } default { 'd' } } foreach ($i in (nothing), (await (later $null))) { @($i).Count; await (later 1) } }
Alike 'switch -Regex' { switch -Regex (await (later 'abc')) { '^a(.)' { $Matches[1]; await (later 'm'); $Matches[1] } 'c$' { 'c' } 'z' { 'z' } } }
Alike 'switch -Wildcard' { switch -Wildcard ('abc', 'xyz') { 'a*' { await (later 'a') } '*z' { 'z' } '[b]*' { 'b' } } }
Alike 'switch -Exact and -CaseSensitive' { switch -Exact ('a') { 'A' { await (later 'A') } } switch -CaseSensitive ('a') { 'A' { 'no' } 'a' { await (later 'yes') } } switch -CaseSensitive -Regex ('aB') { 'ab' { 'no' } 'aB' { await (later 'yes') } } switch -Wildcard -CaseSensitive ('aB') { 'AB*' { 'no' } 'a*' { await (later 'yes') } } }
Alike 'switch -File' { $f = [IO.Path]::GetTempFileName(); Set-Content $f 'one', 'two', 'three'; try { switch -File $f { 'two' { await (later 'T'); $_ } default { "d $_" } } } finally { Remove-Item $f } }
Alike 'switch -File with -Regex, of an awaited name' { $f = [IO.Path]::GetTempFileName(); Set-Content $f 'a1', 'b2'; try { switch -Regex -File (await (later $f)) { '(\d)' { $Matches[1]; await (later 'x') } } } finally { Remove-Item $f } }
Alike 'switch -File of no file' { switch -File /no/such/file { default { await (later 1) } } 'end' }
Alike 'switch with block conditions' { switch (1..3) { { $_ -gt 1 } { await (later "gt $_") } { $_ -lt 3 } { "lt $_" } } }
Alike 'switch with an awaiting block condition' { switch (1..2) { { (await (later $_)) -eq 2 } { "two $_" } default { "d $_" } } }
Alike 'switch with an awaited clause value' { switch (1..2) { (await (later 2)) { "two $_" } default { "d $_" } } }
Alike 'switch with clauses that are expressions' { $a = 1; switch (1..2) { $a { await (later 'a'); $a = 2 } ($a + 0) { "again $_" } "2" { 'str' } } }
Alike '$switch.MoveNext()' { switch (1..5) { 2 { $null = $switch.MoveNext(); await (later 'skip'); $switch.Current } default { "d $_" } } }
Alike '$switch after an await' { switch (1..4) { 2 { await (later 'skip'); $null = $switch.MoveNext(); $switch.Current } default { "d $_" } } }
Alike '$_ in nested switches' { switch (1, 2) { default { "o $_"; switch ('a') { default { await (later "i $_"); "i $_" } }; "o $_" } } "<$_>" }
Alike '$_ of a switch in ForEach-Object' { 7, 8 | ForEach-Object { switch ('x') { x { "in $_" } }; "out $_" }; await (later 1) }
Alike 'switch with a return and a throw' { try { switch (1..3) { 2 { await (later 2); throw 'x' } 3 { 'no' } } } catch { "c $_" } switch (1..3) { 2 { return await (later 'r') } default { $_ } } 'no' }
Alike 'switch label' { :s switch (1..3) { 2 { foreach ($k in 1..2) { await (later "k$k"); continue s } 'no' } default { "d $_" } } 'end' }
Alike 'switch assigned with break' { $x = switch (1..4) { 3 { break } default { await (later $_) } }; $x }
Alike 'switch of a hashtable and an array of arrays' { switch (@{ a = 1 }) { { $_.a -eq 1 } { await (later 'h') } } switch ((1, 2), (3, 4)) { default { $_.Count; await (later 'x') } } }
Alike 'switch of types' { switch (await (later 5)) { { $_ -is [int] } { 'int' } '5' { 'five' } 5.0 { 'double' } } }
Alike 'a collection modified in its switch' { $l = [Collections.Generic.List[int]] @(1, 2); switch ($l) { 1 { await (later 1); $l.Add(3) } default { "d $_" } } try { switch ($l) { default { $l.Clear(); await (later 'c') } } } catch { "caught $_" } 'end' }
Alike 'a foreach whose variable refuses an item' { [int] $i = 0; foreach ($i in '1', 'x', '3') { await (later $i) } "after $i"; [ValidateRange(1, 2)] $v = 1; foreach ($v in 2, 3) { await (later $v) } "after $v" }
