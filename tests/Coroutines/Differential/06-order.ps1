# Evaluation order and short circuit

Alike 'the left value is read before the suspension' { $x = 1; $x + (await (now ($x = 5))); $x + $(await (later 1); $x = 10; 1) + $x }
Alike 'the left value is an object' { $l = [Collections.ArrayList] @(1); $l.Count + $(await (later 1); $l.Add(2)) + $l.Count }
Alike 'left call, then await, then call' { (trace 1 1) + (await (later (trace 2 2))) + (trace 3 3); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'await on the left' { (await (later (trace 1 1))) - (trace 2 2) * (await (later (trace 3 3))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an array literal' { (trace 1 1), (await (later (trace 2 2))), (trace 3 3); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a hashtable literal' { $h = [ordered]@{ (trace k1 a) = (trace 1 1); (await (later (trace k2 b))) = (await (later (trace 2 2))); c = (trace 3 3) }; $h; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index assignment' { $a = 1, 2, 3; $a[(trace i 1)] = (await (later (trace v 9))); $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index assignment with an awaited index' { $a = 1, 2, 3; $a[(await (later (trace i 1)))] = (trace v 9); $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index assignment, both awaited' { $a = 1, 2, 3; $a[(await (later (trace i 1)))] = await (later (trace v 9)); $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index += ' { $a = 1, 2, 3; $a[(trace i 1)] += (await (later (trace v 9))); $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index += with an awaited index' { $a = 1, 2, 3; $a[(await (later (trace i 1)))] += (trace v 9); $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an index ++ with an awaited index' { $a = 1, 2, 3; $a[(await (later (trace i 1)))]++; $a; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a two-dimensional index' { $a = [int[,]]::new(2, 2); $a[(await (later 1)), (await (later 0))] = await (later 7); $a[1, 0]; $a[1, (await (later 1))] }
Alike 'a member assignment' { $o = [pscustomobject]@{ p = 1 }; (trace o $o).p = (await (later (trace v 2))); $o.p; $log.Count } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a member +=' { $o = [pscustomobject]@{ p = 1 }; (trace o $o).p += (await (later (trace v 2))); $o.p; $log.Count } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a member of an awaited object is assigned' { $o = [pscustomobject]@{ p = 1 }; (await (later $o)).p = (await (later 2)); (await (later $o)).p++; $o.p }
Alike 'x += await reads x first' { $x = 1; $x += $(await (later 1); $x = 100; 5); $x }
Alike 'x += await in its plain form' { $x = 1; $x += await (later 4); $x; $x *= await (later 3); $x; $x -= await (later 2); $x /= await (later 2); $x; $x %= await (later 4); $x }
Alike 'x = x + await' { $x = 1; $x = $x + $(await (later 1); $x = 100; 5); $x }
Alike '??= that is set' { $x = 1; $x ??= await (later (trace v 2)); $x; $log.Count } -Setup { $log = [Collections.ArrayList]::new() }
Alike '??= that is not set' { $x ??= await (later (trace v 2)); $x; $log.Count } -Setup { $log = [Collections.ArrayList]::new() }
Alike '??= on an index' { $h = @{ a = 1 }; $h[(trace i 'a')] ??= await (later (trace v 2)); $h[(trace i 'b')] ??= await (later (trace v 3)); $h.b; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '??= on a member' { $h = @{ a = 1 }; $h.a ??= await (later (trace v 2)); $h.c ??= await (later (trace v 3)); $h.c; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '??' { 1 ?? (await (later (trace a 2))); $null ?? (await (later (trace b 2))); (await (later $null)) ?? (trace c 3); (await (later 4)) ?? (trace d 5); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '?.' { $n = $null; ${n}?.Foo((await (later (trace a 1)))); $s = 'abc'; ${s}?.Substring((await (later (trace b 1)))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '?[]' { $n = $null; ${n}?[(await (later (trace a 1)))]; $s = 1, 2; ${s}?[(await (later (trace b 1)))]; $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '?. on an awaited value' { (await (later $null))?.Length; (await (later 'abc'))?.Length; (await (later $null))?.Substring((trace a 1)); $log.Count } -Setup { $log = [Collections.ArrayList]::new() }
Alike '-and' { $false -and (await (later (trace a 1))); $true -and (await (later (trace b 0))); (await (later 0)) -and (trace c 1); (await (later 1)) -and (trace d 1); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '-or' { $true -or (await (later (trace a 1))); $false -or (await (later (trace b 0))); (await (later 1)) -or (trace c 1); (await (later 0)) -or (trace d 1); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '-xor' { (await (later 1)) -xor (await (later 0)); (trace a 1) -xor (await (later (trace b 1))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike '-and and -or nested' { ((await (later 0)) -or (await (later 1))) -and (-not (await (later 0))) -and ((trace a 0) -or (await (later (trace b 'x')))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a ternary' { (await (later 1)) ? (await (later (trace a 1))) : (await (later (trace b 2))); (trace c 0) ? (await (later (trace d 1))) : (await (later (trace e 2))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a nested ternary' { foreach ($i in 1..3) { $i -eq 1 ? 'one' : ($i -eq (await (later 2))) ? (await (later 'two')) : 'many' } }
Alike 'a ternary in an argument' { Write-Output ((await (later $false)) ? 'y' : (await (later 'n'))) }
Alike 'method arguments' { 'abcdef'.Substring((await (later (trace a 1))), (trace b 2)); 'abcdef'.Substring((trace c 1), (await (later (trace d 3)))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'the target of a method' { (await (later (trace a 'abc'))).Substring((trace b 1)); (trace c 'abc').Replace((await (later 'b')), (trace d 'x')); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a static method' { [Math]::Max((await (later 3)), (await (later 5))); [string]::Join((await (later '-')), (await (later @(1, 2)))) }
Alike 'a constructor' { [Text.StringBuilder]::new((await (later 'ab'))).Append((await (later 'c'))).ToString() }
Alike 'a chain of methods' { 'a-b'.Split((await (later '-')))[(await (later 1))].ToUpper().PadLeft((await (later 3))) }
Alike 'a member whose name is awaited' { 'abc'.(await (later 'Length')); 'abc'.$(await (later 'Length')); @{ k = 5 }.(await (later 'k')) }
Alike 'a method whose name is awaited' { 'abc'.(await (later 'ToUpper'))() }
Alike 'command arguments' { Write-Output (trace a 1) (await (later (trace b 2))) (trace c 3); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'command arguments with names' { Write-Output -InputObject (await (later 1)); Get-Random -Minimum (await (later 5)) -Maximum (trace a 6); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'an argument with a colon' { Write-Output -NoEnumerate:(await (later $true)) -InputObject (await (later @(1, 2))) }
Alike 'a command whose name is awaited' { & (await (later 'Write-Output')) 5; & (await (later { "b $args" })) 1 2; . (await (later { $z = 3 })); $z }
Alike 'a splat behind an await' { $p = @{ InputObject = 1 }; Write-Output @p; $null = await (later 2); $p.InputObject = 3; Write-Output @p; $a = 1, 2; Write-Output @a (await (later 3)) }
Alike 'a pipeline evaluates its arguments before any stage begins' { trace a 1 | ForEach-Object { trace b $_ } | Select-Object -First (await (later (trace c 5))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a pipeline head that is an expression' { (trace a 1), (await (later (trace b 2))) | ForEach-Object { trace c $_ } | Select-Object -First (await (later (trace d 5))); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a string with several' { "$(trace a 1) $(await (later (trace b 2))) $(trace c 3) $x"; $log } -Setup { $x = 'x'; $log = [Collections.ArrayList]::new() }
Alike 'a string reads its variables in order' { $x = 1; "$x $(await (later 1); $x = 2) $x" }
Alike 'a here-string' "`$x = 1; @`"`na `$(await (later 1))`nb `$x`n`"@" 
Alike 'an array reads its variables in order' { $x = 1; $x, $(await (later 1); $x = 2; 'm'), $x }
Alike 'arguments read their variables in order' { $x = 1; Write-Output $x $(await (later 1); $x = 2; 'm') $x }
Alike 'a hashtable reads its variables in order' { $x = 1; [ordered]@{ a = $x; b = $(await (later 1); $x = 2; 'm'); c = $x } }
Alike 'comparison operators' { (await (later 2)) -eq 2; 1, 2, 3 -gt (await (later 1)); (await (later @(1, 2, 3))) -contains 2; 'abc' -match (await (later 'b')); 'a' -in (await (later @('a', 'b'))); 'abc' -like (await (later 'a*')); 'abc' -cne (await (later 'ABC')) }
Alike '-replace, -split, -join, -f' { 'abc' -replace (await (later 'b')), (await (later 'x')); 'a,b' -split (await (later ',')); 1, 2 -join (await (later '+')); '{0}-{1}' -f (await (later 1)), (await (later 2)); -join (await (later @('a', 'b'))); -split (await (later 'x y')) }
Alike '-is, -as and casts' { (await (later 1)) -is [int]; '5' -as (await (later ([int]))); [string] (await (later 5)); [int[]] (await (later @('1', '2'))); [int] '5' + [int] (await (later '6')) }
Alike 'unary operators' { - (await (later 5)); -not (await (later $true)); ! (await (later 0)); -bnot (await (later 5)); + (await (later '5')); , (await (later 1)) | ForEach-Object { $_.GetType().Name } }
Alike '..' { (await (later 1))..(await (later 3)); (await (later 'a'))..'c' }
Alike '++ and --' { $x = 1; $x++ + (await (later 1)) + $x++; $x; (++$x) + (await (later 1)) + (--$x); $x; $a = 1, 2; $a[(await (later 0))]++; $a[0]; ($a[(await (later 1))]--); $a }
Alike '-band, -shl and others' { (await (later 6)) -band (await (later 3)); 1 -shl (await (later 3)); (await (later 5)) -bor 2; (await (later 5)) -bxor 1 }
Alike 'arithmetic' { (await (later 7)) % (await (later 4)); 7 / (await (later 2)); 'a' * (await (later 3)); @(1, 2) + (await (later 3)); (await (later 'x')) + 1 }
Alike 'array multiplication and addition' { $a = @(await (later 1)) + @(await (later 2); 3) * 2; $a }
Alike 'a multiple assignment' { $a, $b, $c = (await (later 1)), (await (later 2)), 3, 4; $a; $b; $c }
Alike 'a swap with await' { $a = 1; $b = 2; $a, $b = $b, (await (later $a)); $a; $b }
Alike 'a nested multiple assignment' { $a, ($b, $c) = 1, (await (later @(2, 3))); $a; $b; $c }
Alike 'a multiple assignment to elements' { $x = 1, 2; $h = @{}; $x[(await (later 0))], $h.k = await (later @(8, 9)); $x; $h.k }
Alike 'an assignment to $null, [void] and a drive' { $null = await (later 1); $env:DT = await (later 'v'); $env:DT; Remove-Item env:DT; $variable:q = await (later 2); $q; $script:s = await (later 3); $script:s; $global:gl = await (later 4); $global:gl }
Alike 'an assignment with a type' { [int] $x = await (later '5'); $x.GetType().Name; [string[]] $y = await (later 1); $y.GetType().Name; [ValidateRange(1, 3)] [int] $z = await (later '2'); $z }
Alike 'slices' { (1..10)[(await (later 2))..(await (later 4))]; (1..10)[1, (await (later -1))]; (await (later @(1, 2, 3)))[0, 2]; (await (later 'abc'))[(await (later 1))] }
Alike 'a hashtable element' { $h = @{ a = @{ b = 1 } }; $h.a[(await (later 'b'))]; $h[(await (later 'a'))].b; $h.a.b = await (later 5); $h.a.b }
Alike 'an error within an expression stops its later parts' { (trace a 1) + (1 / (await (later 0))) + (trace b 2); $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'a failed await within an expression stops its later parts' { try { (trace a 1) + (await (fail 'x')) + (trace b 2) } catch { 'c' } $log } -Setup { $log = [Collections.ArrayList]::new() }
Alike 'await of an await' { await (later (await (later (await (later 5))))) }
Alike 'await in the argument of await in a condition' { if ((await (later (await (later 2)))) -eq 2) { 'yes' } }
Alike 'two tasks, then two awaits' { $a = later 1; $b = later 2; (await $b) - (await $a); await $a $b; await $a, $b }
Alike 'await with parameters' { $a = later 1; (await $a -PassThru).State; await -Task $a; $a | await; await $a -TimeoutSec 10; Wait-AsyncTask $a }
Alike 'await of a .NET task' { await ([Threading.Tasks.Task]::Delay(1)); await ([Threading.Tasks.Task]::FromResult(5)); (await ([Threading.Tasks.Task]::FromResult('x'))).Length }
Alike 'gather' { (later 1), (later @(2, 3)), (now 4) | Wait-AsyncGather | ForEach-Object { "$_" } }
Alike 'gather in a value' { $r = (later 1), (later 2) | Wait-AsyncGather; $r; $r = (later 1), (fail 'x') | Wait-AsyncGather -ReturnExceptions; $r[1].GetType().Name; try { (later 1), (fail 'x') | Wait-AsyncGather } catch { "c $_" } }
Alike 'receive' { (later 1), (now 2) | Receive-AsyncTask | Sort-Object }
Alike 'for-each' { 1..4 | Invoke-AsyncForEach { $_ * 2 }; await (later 1) }
Alike 'with-timeout' { Invoke-WithTimeout 5 -Task (later 3); try { Invoke-WithTimeout 0.02 -Task (Start-AsyncSleep 30) } catch [TimeoutException] { $_.FullyQualifiedErrorId } }
Alike 'a semaphore' { $s = New-AsyncSemaphore -Count 1; $x = 1; Use-AsyncSemaphore $s { $x = 2; await (later 5); $x++; $s.CurrentCount }; $x; $s.CurrentCount }
Alike 'a semaphore entered and left' { $s = New-AsyncSemaphore -Count 1; Enter-AsyncSemaphore $s; try { await (later 1); $s.CurrentCount } finally { Exit-AsyncSemaphore $s }; $s.CurrentCount }
Alike 'return, break and throw out of a semaphore''s block' { $s = New-AsyncSemaphore -Count 1; foreach ($i in 1..3) { Use-AsyncSemaphore $s { await (later $i); if ($i -eq 1) { return 'r' }; "after $i" } } try { Use-AsyncSemaphore $s { await (fail 'x') } } catch { "c $_" } $s.CurrentCount }
Alike 'assignments as conditions' { $h = @{ x = 0 }; if ([int] $n = await (later '5')) { "typed $n" } if ($h.x = await (later 5)) { "member $($h.x)" } if ($h['y'] = await (later 6)) { "index $($h.y)" } if ($a, $b = (await (later 1)), 2) { "several $a $b" } if ($h.x += await (later 5)) { "compound $($h.x)" } while ($h.x -= await (later 5)) { "while $($h.x)"; if ($h.x -lt 0) { break } } do { 'do' } while ([bool] $u = await (later 0)); $u.GetType().Name }
Alike 'assignments as what is gone over' { foreach ($i in $x = await (later @(1, 2))) { "for $i" } foreach ($i in [int[]] $y = await (later @('1', '2'))) { $i.GetType().Name } switch ($z = await (later 3)) { 3 { "switch $z" } } switch ([string] $q = await (later 3)) { '3' { $q.GetType().Name } } }
Alike 'compound assignments as values' { $o = [pscustomobject]@{ p = 1 }; ($o.p += await (later 2)); ($o.p = await (later 7)); $v = ($o.p *= await (later 2)) + 1; $v; $h = @{}; ($h.a ??= await (later 1)); ($h.a ??= await (later 2)); $h.a; ($x += await (later 1)); ($y ??= await (later 8)); $l = 1, 2; $c = $l[(await (later 1))] += 5; "$c $l"; "$($o.p -= await (later 1))"; Write-Output ($o.p /= await (later 2)) }
Alike 'several assigned as a value' { ($a, $b = (await (later 1)), 2, 3); ($a, $b = await (later @(1, 2))); $x = $a, $b = (await (later 4)), 5; "$x" }
Alike 'return and throw of an assignment' { if ($args) { try { throw $t = await (later 'thrown') } catch { "$_ $t" } } return $r = await (later 4) } -Arguments '1'
Alike '??= assigns what is there already, too' { Set-Variable fixed 1 -Option ReadOnly; $fixed ??= await (later 2); "$fixed"; $q = 1, 2; $q[(await (later @(0, 1)))] ??= 5; 'on'; 'abc'.Length ??= await (later 1); $o = [pscustomobject]@{ p = '5' }; $o.p ??= await (later 6); $o.p; [int] $n = 3; $n ??= await (later 'x'); $n; $nothing = & { }; $nothing ??= await (later 7); $nothing; 'end' }
Alike '[void] evaluates what it drops' { $l = [Collections.ArrayList]::new(); [void] $l.Add((await (later 1))); $l.Count; [void] (1 / (await (later 0))); 'on'; [void] $l[(await (later $null))]; [void] $l.Nope((await (later 1))); [VOID] ($l.Add((await (later 2)))); "$l"; foreach ($i in 1..2) { [void] $l.Add((await (later $i))) } "$l"; if ($l) { [void] (await (later 1)) } $x = $( [void] $l.Add((await (later 9))); 'v'); "$x $l"; return [void] $l.Add((await (later 3))) }
Alike '-in and its kind, which look at the right side first' { (trace 1 1) -in (await (later (trace 2 @(1, 2)))); (await (later (trace 3 3))) -notin (trace 4 4); (await (later (trace 5 'a'))) -cin (await (later (trace 6 'A'))); (await (later (trace 7 'a'))) -cnotin (trace 8 'b'); (trace 9 1) -contains (await (later (trace 10 1))); $log } -Setup { $log = [Collections.ArrayList]::new() }
