# Captures are not locals

Alike '+= makes a local of its own' { await (later 1); $count += 5; $count } -Setup { $count = 10 }
Alike '+= before the await' { $count += 5; await (later 1); $count } -Setup { $count = 10 }
Alike '++ starts from the capture' { await (later 1); $count++; $count } -Setup { $count = 10 }
Alike '++ before the await' { $count++; $count; await (later 1); $count; $count++; $count } -Setup { $count = 10 }
Alike 'an assignment hides the capture' { $count; $count = 1; await (later 1); $count; Remove-Variable count; $count } -Setup { $count = 10 }
Alike 'Get-Variable -Scope 0 does not see a capture' { await (later 1); Get-Variable count -Scope 0 -ErrorAction SilentlyContinue; (Get-Variable count).Value; $count = 1; (Get-Variable count -Scope 0).Value } -Setup { $count = 10 }
Refused 'Get-Variable -Scope 1' { await (later 1); Get-Variable count -Scope 1 -ValueOnly } -Setup { $count = 10 }
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
