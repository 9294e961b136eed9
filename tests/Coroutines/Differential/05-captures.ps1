# Captures are not locals

Alike '+= makes a local of its own' { await (later 1); $count += 5; $count } -Setup { $count = 10 }
Alike '+= before the await' { $count += 5; await (later 1); $count } -Setup { $count = 10 }
Alike '++ starts from the capture' { await (later 1); $count++; $count } -Setup { $count = 10 }
Alike '++ before the await' { $count++; $count; await (later 1); $count; $count++; $count } -Setup { $count = 10 }
Alike 'an assignment hides the capture' { $count; $count = 1; await (later 1); $count; Remove-Variable count; $count } -Setup { $count = 10 }
Alike 'Get-Variable -Scope 0 does not see a capture' { await (later 1); Get-Variable count -Scope 0 -ErrorAction SilentlyContinue; (Get-Variable count).Value; $count = 1; (Get-Variable count -Scope 0).Value } -Setup { $count = 10 }
Alike 'Get-Variable -Scope 1' { await (later 1); Get-Variable count -Scope 1 -ValueOnly } -Setup { $count = 10 }
Alike 'the scope around, by its number' { await (later 1); Get-Variable count -Scope 1 -ValueOnly; $count = 5; Get-Variable count -Scope 1 -ValueOnly; Set-Variable count 6 -Scope 1; $count; await (later 2); Get-Variable count -Scope 1 -ValueOnly; Remove-Variable count; $count } -Setup { $count = 10 }
Alike 'a scope further out, by its number' { await (later 1); Get-Variable PSHOME -Scope 2 -ValueOnly; & { Get-Variable count -Scope 2 -ValueOnly }; $own = 1; & { Get-Variable own -Scope 1 -ValueOnly }; Get-Variable own -Scope 2 -ErrorAction SilentlyContinue; $?; if ($true) { Get-Variable -Name never -Scope:2 -ErrorAction SilentlyContinue } } -Setup { $count = 10 }
Alike 'variables that come and go over captured ones' { "$count"; $count = 5; await (later 1); "$count"; Remove-Variable count; "$count"; await (later 1); $count; $count += 1; $count; Test-Path variable:count; Remove-Variable other -ErrorAction SilentlyContinue; "<$other>" } -Setup { $count = 10; $other = 3 }
Alike 'local: does not see a capture' { await (later 1); "<$local:count>"; $count } -Setup { $count = 10 }
Alike 'a capture that is an object is shared' { $list.Add(1); await (later 1); $list.Add(2); $list.Count } -Setup { $list = [Collections.ArrayList]::new() }
Alike 'an index assignment reaches the captured object' { await (later 1); $h.a = 1; $h['b'] = 2; $a[0] = 9; $h.Count; $a } -Setup { $h = @{}; $a = 1, 2 }
Alike 'a typed capture does not constrain the local' { await (later 1); $n = 'text'; $n } -Setup { [int] $n = 5 }
Alike '+= on a captured array' { await (later 1); $a += 3; $a } -Setup { $a = 1, 2 }
Alike '+= in a loop' { foreach ($i in 1..3) { $sum += await (later $i) } $sum } -Setup { $sum = 100 }
Alike '??= on a capture' { await (later 1); $a ??= 2; $a; $b ??= 3; $b } -Setup { $a = 1 }
Alike '[ref] on a capture' { await (later 1); $r = [ref] $a; $r.Value = 5; $a } -Setup { $a = 1 }
Alike 'a captured read-only variable' { await (later 1); $a = 2; $a } -Setup { Set-Variable a 1 -Option ReadOnly }
Alike 'a captured block' { await (later 1); & $b; . $b; $z } -Setup { $x = 1; $b = { $x; $z = 4 } }
Alike 'a captured private variable is not seen' { await (later 1); "<$p>" } -Setup { $private:p = 1 }
Alike 'a captured function is called' { await (later 1); f 2 } -Setup { $k = 10; function f($n) { $n * $k } }
Alike 'a captured alias is called' { await (later 1); wo 2 } -Setup { Set-Alias wo Write-Output }
Alike 'a captured preference' { await (later 1); Write-Verbose v; Write-Warning w } -Setup { $VerbosePreference = 'Continue'; $WarningPreference = 'SilentlyContinue' }
Alike 'a function sees the block''s variable, not the capture' { $k = 20; await (later 1); f } -Setup { $k = 10; function f { $k } }
Alike 'a loop variable named as a capture' { foreach ($count in 1..2) { await (later $count) } $count } -Setup { $count = 10 }
Alike 'a foreach over nothing leaves the capture' { foreach ($count in @()) { await (later $count) } $count } -Setup { $count = 10 }
Alike 'a catch block sees captures' { try { await (fail 'x') } catch { $count; $count = 3 } $count } -Setup { $count = 10 }
Alike 'a param hides a capture' { param($count) $count; await (later 1); $count; $count++; $count } -Setup { $count = 10 } -Arguments '1'
Alike 'a captured null' { await (later 1); $null -eq $a; $a ??= 'set'; $a } -Setup { $a = $null }
Alike 'a captured $_' { await (later 1); "<$_>" } -Item '7'
Alike 'a multiple assignment hides captures' { $a, $b = await (later @(3, 4)); $a; $b } -Setup { $a = 1; $b = 2 }
Alike 'a conditional assignment hides a capture on one path' { if (await (later $false)) { $a = 2 } $a; if (await (later $true)) { $a = 3 } $a } -Setup { $a = 1 }

# `$x += 1` takes no notice of an $x further out; everything else does
Alike 'itself on the right of +=' { $count += $count; $count; await (later 1); $count += $count; $count; $sum = $sum; $sum += 5; $sum } -Setup { $count = 10; $sum = 5 }
Alike 'read before += within one statement' { await (later 1); if ($count -gt 5) { $count += 1 } $count; while ($sum -gt 1) { $sum -= 1; if ($n++ -gt 3) { break } } $sum; "$last $($last += 1) $last" } -Setup { $count = 10; $sum = 5; $last = 3 }
Alike 'a jump out of the value of +=' { :o while (1) { $count += foreach ($i in 1) { await (later 1); break o } } $count; while (1) { $sum += foreach ($i in 1) { break }; break } $sum } -Setup { $count = 10; $sum = 5 }
Alike 'a value of += that fails' { await (later 1); $count += [int] 'x'; $count; try { $sum += [int] 'x' } catch { } $sum; $sum += 1; $sum } -Setup { $count = 10; $sum = 5 }
Alike 'a function on the right of +=' { await (later 1); function g { $count } $count += (g); $count; $sum += $(await (later (g))); $sum } -Setup { $count = 10; $sum = 5 }
Alike '??= with itself' { await (later 1); $count ??= 7; $count; $sum ??= $sum; $sum } -Setup { $count = 10; $sum = 5 }
Alike '+= in strict mode' { await (later 1); if ($true) { $n += 1 } $n; $m += $m; $m; try { $k += $k + 1 } catch { "$_" } $z ??= 4; $z; $count += $count; $count; try { if ($q -gt 1) { $q += 1 } } catch { "$_" } $q += 1; $q } -Setup 'Set-StrictMode -Version 3; $count = 10'
Alike '+= in a block that keeps its scope' { Set-Alias say Write-Output; await (later 1); if ($count -gt 5) { $count += 1 } say $count; $sum += $sum; $sum; foreach ($i in 1, 2) { $t += $i } $t; $sum = $sum; $sum -= 1; $sum } -Setup { $count = 10; $sum = 5 }
Alike '+= where variables are looked up by name' { await (later 1); if (0) { Set-Variable q 1 } $count += 1; $count; $sum += $sum; $sum } -Setup { $count = 10; $sum = 5 }
Alike '+= in a dot-sourced block' { await (later 1); . { $count += 1 } $count; $sum += 1; $sum } -Setup { $count = 10; $sum = 5 }
Alike '+= in a trap' { trap { $count += 1; "t $count"; continue } await (later 1); [int] 'x'; $count += 1; $count } -Setup { $count = 10 }
Alike '+= in a called function' { function f { if ($count -gt 5) { $count += 1 } $count; await (later 1); $sum += $sum; $sum } f; $count = 20; f; $count } -Setup { $count = 10; $sum = 5 }
Alike '+= in blocks' { await (later 1); 1..2 | ForEach-Object { $count += $_; await (later 1); $count }; $count; 1..2 | ForEach-Object { $sum += $_; $sum }; & { $sum += 1; $sum } } -Setup { $count = 10; $sum = 5 }
Alike '+= that fails, and a reference' { for ($i = 0; $i -lt 2; $i++) { $r = [ref] $a; $r.Value = 1; $a -= await (later 's') } }
Alike 'references to variables that are certainly there' { $n = 0; [int] $t = 1; $list = @{}; $null = [int]::TryParse('5', [ref] $n); "$n $($n.GetType())"; await (later 1); $r = [ref] $n; $r.Value = 'r'; "$n"; $n = 7; "$($r.Value)"; await (later 2); $r.Value++; "$n"; $p = [ref] $t; $p.Value = '12'; "$t $($t.GetType())"; try { $p.Value = 'x' } catch { "c $_" } "$t"; foreach ($i in 1..2) { $q = [ref] $list; $q.Value.$i = await (later $i) } "$($list.Count)"; & { ([ref] $n).Value = 'inner' } "$n"; 1 | ForEach-Object { ([ref] $n).Value = await (later 'each') } "$n" }
Alike 'references to variables in calls and closures' { $v = $null; $a = $b = 0; function set([ref] $to, $value) { $to.Value = $value } function wait([ref] $to, $value) { $to.Value = await (later $value) } set ([ref] $v) 1; "$v"; wait ([ref] $v) 2; "$v"; wait ([ref] $b) 3; "$a $b"; $d = [Collections.Generic.Dictionary[string, object]]::new(); $d.k = 'v'; if ($d.TryGetValue('k', [ref] $v)) { await (later "$v") } $d.TryGetValue('z', [ref] $v); "<$v>"; $c = { ([ref] $v).Value = 'closed'; $v }.GetNewClosure(); & $c; "<$v>" }
Alike 'variables that splatted parameters name' { $p = @{ OutVariable = 'made' }; $null = Write-Output 1 2 @p; $null = await (later 1); "$made"; $q = [ordered] @{}; $q.ErrorVariable = '+bad'; $q['ov'] = 'also'; $q.ErrorAction = 'SilentlyContinue'; Write-Error x @q; $null = await (later 2); Write-Error y @q; "$bad $($bad.Count) $($also.Count)"; await (later 3) @p; "$made"; function f { $r = @{ WarningVariable = 'own' }; Write-Warning w @r -WarningAction SilentlyContinue; $null = await (later 4); "f $own" } f; "o $own" }
