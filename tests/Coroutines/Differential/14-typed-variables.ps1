# Variables with types: every assignment converts

Alike 'a count past what its type holds' { [byte] $n = 255; $n++; 'a'; await (later 1); $n++; 'b'; --$n; $n; try { $n = 300 } catch { "$($_.FullyQualifiedErrorId) $($_.Exception.GetType().Name)" } try { $n += await (later 300) } catch { "$($_.FullyQualifiedErrorId)" } }
Alike 'values that cannot be converted' { [int] $n = 5; await (later 1); $n = 'x'; $n; $n = await (later 'y'); $n; $n += await (later 'z'); $n; $n *= 1.5; $n; [int] $n = 'q'; [int] $n = await (later 'w'); $n }
Alike 'types of many kinds' {
    [hashtable] $h = @{}; [int[]] $a = 1; [Collections.Generic.List[int]] $l = @(1); [regex] $r = 'a'; [xml] $x = '<a/>'; [type] $t = 'int'; [switch] $w = $true; [decimal] $d = 1; [timespan] $s = '1:00'; [char[]] $c = 'ab'; [DayOfWeek] $e = 1; [Nullable[int]] $m = 1
    await (later 1)
    $h.q = 1; $h = 5; $a += 2; $a += 'x'; $l = 3, 4; $l.GetType().Name; $r = 'b'; $r.GetType().Name; $x = 'bad'; $t = 'string'; $t.Name; $w = $false; $w.GetType().Name; $w = 'x'
    $d++; $d; $d += await (later '0.5'); $d; $s = 'bad'; $c = 'xyz'; $c.Count; $e = 'Tue'; $e = await (later 'Tuesday'); $e; $m = 'x'; $m = $null; "[$m]"
}
Alike 'a boolean' { [bool] $b = 'x'; $b; await (later 1); $b = 'false'; $b; $b = 0; $b; $b = await (later 'y'); $b; $b = @(); $b; $b = $null; $b; $b++ }
Alike 'a text' { [string] $s = $null; await (later 1); $null -eq $s; $s = 5; $s.GetType().Name; $s = await (later $null); $null -eq $s; $s += await (later 3); $s }
Alike 'several at once' { [int] $a, [string] $b = '1', 2; await (later 1); $a.GetType().Name; $b.GetType().Name; $a, $b = 'x', 'y'; "$a $b"; $a, $b = (await (later '3')), 4; $a.GetType().Name; $b.GetType().Name }
Alike 'given by commands and statements' { [int] $n = 1; await (later 1); [int] $n = Write-Output 'x'; $n = Write-Output '5'; $n; if (1) { [int] $n = 'z' } foreach ($i in 'a', '3') { [int] $n = $i; "n $n" } [int] $n = if (await (later 1)) { 'q' } [int] $n = foreach ($i in 7) { await (later $i) } $n }
Alike 'a parameter' { param([byte] $b, [int] $i = 5) await (later 1); $b++; $b; $b++; $b; $i = 'x'; $i; $i = await (later 'y'); foreach ($i in 1, 'q') { $i } function f { $i } f; Get-Variable b | ForEach-Object Value; $PSBoundParameters.b } -Arguments '254'
Alike 'a parameter with a type that has no default' { param([datetime] $d, [DayOfWeek] $w) await (later 1); $d = 'x'; $w = 'y'; $w = 'Friday'; $w; $d.Year } -Arguments "'2020-01-01', 1"
Alike 'two types, and a type that comes late' { [int] $n = 1; [string] $n = 'a'; await (later 1); $n = 5; $n.GetType().Name; $m = 'text'; [int] $m = 5; $m = 'x'; $m; if ($n) { [int] $k = 1 } $k = 'y'; $k }
Alike 'looked up by name' { [byte] $n = 255; await (later 1); $n++; . { $n++ }; $n = 'x'; $n }
Alike 'set through its variable' { [int] $n = 1; await (later 1); function s { Set-Variable n -Scope 1 -Value '9' } s; $n; $n.GetType().Name; (Get-Variable n).Value = '12'; $n; $n.GetType().Name; $r = [ref] $n; $r.Value = 3; $n }
Alike 'in a trap, which has a scope of its own' { [int] $n = 1; trap { $n = 'text'; "$n"; await (later 1); foreach ($n in 'a') { $n } [byte] $y = 255; $y++; "y $y"; continue } throw 'x'; "n $n"; $n = 'no'; [byte] $y = 1; "$y" }
Alike 'in a trap of a block that keeps its scope' { [int] $n = 1; Set-Alias own Write-Output; trap { foreach ($n in 'a') { $n } $n = 'text'; "$n"; await (later 1); "$n"; continue } throw 'x'; "n $n"; $n = 'no'; own "$n" }
Alike 'a declaration in the value of an assignment' { $r = $( [int] $r = 5; $null = await (later 1); '6' ); $r; $r.GetType().Name; try { $r = $( [int] $r = 5; $null = await (later 1); 'x' ) } catch { "c $($_.FullyQualifiedErrorId)" } }
Alike 'a declaration in another value' { $a = $( [int] $r = 5; await (later 1) ); try { $r = await (later 'x') } catch { "c $($_.FullyQualifiedErrorId)" }; $b = ($( [bool] $s = $true; await (later 2) )); try { $s = await (later 'x') } catch { "c $($_.FullyQualifiedErrorId)" }; $s }
Alike 'a declaration in a value that is not always taken' { $a = await (later $false) ; $b = $a -and $( [int] $r = 5; 1 ); try { $r = await (later 'x'); $r } catch { "c $($_.FullyQualifiedErrorId)" }; $c = if ($a) { $( [int] $s = 5; 1 ) }; try { $s = await (later 'x'); $s } catch { "c $($_.FullyQualifiedErrorId)" } }
Alike 'a value with a declaration of a variable that was there' { $r = 'a'; $r = $( [int] $r = 5; $null = await (later 1); '7' ); $r.GetType().Name; try { $r = await (later 'x'); $r } catch { "c $($_.FullyQualifiedErrorId)" }; $q, $p = $( [int] $q = 5; await (later 1), (later '2') ); $q; try { $q = await (later 'x') } catch { "c $($_.FullyQualifiedErrorId)" } }
