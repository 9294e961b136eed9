# What the engine may do without PowerShell: plain assignments, counts, conditions, waits

Alike 'counting past what an int holds' { await (later 1); $n = [int]::MaxValue; $n++; $n; $n.GetType().Name; $m = [int]::MinValue; $m--; $m.GetType().Name }
Alike 'sums and products past what an int holds' { $n = 2147483647; await (later 1); $n += 1; $n.GetType().Name; $k = 65536; $k *= 65536; $k; $k.GetType().Name; $l = 7; $l %= 0 }
Alike 'remainders' { $a = -7; $b = 3; await (later 1); $c = $a % $b; $c; $c %= 2; $c; $a %= -1; $a; $d = 7; $d = $d % 0; "d $d" }
Alike 'counting what is no number' { $n = $null; $s = 'a'; $d = 1.5; $c = [char]'a'; await (later 1); $n++; $n; $d++; $d; $s++; $s; $c++; $c }
Alike 'counting what is not set' { await (later 1); $unset++; $unset; $other += 2; $other; $third--; $third }
Alike 'adding to what is no number' { $s = 'a'; $l = @(1); $h = @{ a = 1 }; await (later 1); $s += 1; $s; $l += 2; "$l"; $h += @{ b = 2 }; $h.Count; $b = $true; $b += 1; $b }
Alike 'captured counts' { $captured++; $captured; await (later 1); $captured++; $captured += 5; $captured } -Setup '$captured = 10'
Alike 'a typed variable' { [byte] $n = 254; await (later 1); $n++; $n; $n.GetType().Name; $n -= 5; $n; $n = 7.6; $n; $n.GetType().Name }
Alike 'a validated variable' { [ValidateRange(1, 3)] [int] $n = 2; await (later 1); $n++; $n; $n++; "after $n"; $n = 9; "then $n" }
Alike 'a variable that is made of text' { [string] $t = 1; await (later 1); $t += 1; $t; $t = 5; $t.GetType().Name }
Alike 'a read-only variable' { Set-Variable fixed 1 -Option ReadOnly; await (later 1); $fixed = 2; "still $fixed"; $fixed++; "still $fixed" }
Alike 'assigning a constant' { await (later 1); $true = 1; 'next'; $null = 2; "null $null"; $a = $null; "[$a]" }
Alike 'assigning arrays and objects' { $a = 1, 2; await (later 1); $b = $a; $b[0] = 9; "$a"; $o = [pscustomobject]@{ x = 1 }; $p = $o; $p.x = 2; $o.x; $h = @{}; $g = $h; $g.k = 1; $h.Count }
Alike 'assigning a value with a note' { $n = [string]::new('x', 2) | Add-Member note 'n' -PassThru; await (later 1); $m = $n; $m.note; $m + 1; $k = $m; $k.note }
Alike 'assigning a struct' { $s = [Collections.DictionaryEntry]::new('a', 1); await (later 1); $t = $s; $t.Key = 'b'; $s.Key; $t.Key }
Alike 'assigning nothing' { $nothing = & { }; await (later 1); $other = $nothing; @($other).Count; $null -eq $other; @(await (later)).Count; $void = await (later); @($void).Count }
Alike 'discarding' { $null = await (later 1); $null = 5; $null = 1 / 0; 'end'; $NULL = await (fail 'x'); 'no' }
Alike 'strict mode and what is not set' { Set-StrictMode -Version 3; await (later 1); $a = 1; $b = $a + 1; $b; try { $b = $unset + 1 } catch { "$_" }; try { if ($unset) { await (later 2) } } catch { "$_" } }
Alike 'conditions of other kinds' {
    $n = 3; $t = 'b'; $l = 1, 2, 3; $d = 2.5
    if ($n -eq '3') { await (later 'text') }
    if ($t -gt 'A') { await (later 'greater') }
    if ($l -eq 2) { await (later 'in') }
    if ($d -lt $n) { await (later 'less') }
    if (!$n) { 'no' } else { await (later 'not') }
    if ($n -and $t) { await (later 'both') }
    if (-not $l) { 'no' } elseif ($n -or $unset) { await (later 'either') }
    if ($n -lt 5 -and $n -gt 2 -and -not ($n -eq 4)) { await (later 'within') }
}
Alike 'loops that count' {
    for ($i = 0; $i -lt 3; $i++) { await (later $i) }
    $i; while ($i -gt 0) { $null = await (later 1); $i-- }
    $i; do { $i += 2; await (later $i) } until ($i -ge 5)
    for ($i = 2147483646; $i -lt 2147483648; $i++) { await (later $i) }
    $i.GetType().Name
}
Alike 'a loop whose count is changed inside' { for ($i = 0; $i -lt 6; $i++) { if ($i % 2 -eq 1) { $i++ }; await (later $i) } }
Alike 'a count that a function sees' { function see { $n } $n = 1; await (later 1); $n++; see; $n = 7; see; await (later 2); see }
Alike 'a count in a nested block' { $n = 1; await (later 1); $n++; & { $n; $n++; $n }; $n; . { $n++ }; $n }
Alike 'last statements that are plain' { $a = 1; Get-Item /no/such; $b = 2; await (later $a); $c = 3; "$a$b$c"; $d = 4 }
Alike '$? after a plain assignment' { await (later 1); Get-Item /no/such; $a = 1; $?; await (later 2); $a++; $? }
Alike 'a semaphore entered and left' { $s = New-AsyncSemaphore 1 -Bounded; Enter-AsyncSemaphore $s; $s.CurrentCount; Exit-AsyncSemaphore $s; $s.CurrentCount; Exit-AsyncSemaphore $s; 'end' }
Alike 'a semaphore that is none' { Enter-AsyncSemaphore 5; 'next'; Exit-AsyncSemaphore $null; 'next'; try { Exit-AsyncSemaphore 'x' } catch { 'caught' } }
Alike 'a lock that is not held' { $l = New-AsyncLock; Enter-AsyncLock $l; $l.IsHeld; Exit-AsyncLock $l; $l.IsHeld; Exit-AsyncLock $l; 'next'; try { Exit-AsyncLock $l } catch { "$_" } }
Alike 'an event set and cleared' { $e = New-AsyncEvent; Set-AsyncEvent $e; $e.IsSet; Wait-AsyncEvent $e; Clear-AsyncEvent $e; $e.IsSet; Set-AsyncEvent 1; 'end' }
Alike 'a queue' {
    $q = New-AsyncQueue 3; Add-AsyncQueueItem $q 1; $i = 'two'; Add-AsyncQueueItem $q $i; Add-AsyncQueueItem $q $null
    Receive-AsyncQueueItem $q; $x = Receive-AsyncQueueItem $q; $x; $null -eq (Receive-AsyncQueueItem $q); Complete-AsyncQueueItem $q; $q.Count
    $a = 1, 2; Add-AsyncQueueItem $q $a; $b = Receive-AsyncQueueItem $q; "$b"; $b.Count; Add-AsyncQueueItem $q (1, 2, 3); @(Receive-AsyncQueueItem $q).Count
    Close-AsyncQueue $q; Add-AsyncQueueItem $q 1; 'next'; try { Receive-AsyncQueueItem $q } catch { "$_" }; Receive-AsyncQueueItem $q; 'end'
}
Alike 'an item done too often' { $q = New-AsyncQueue; Add-AsyncQueueItem $q 1; $x = Receive-AsyncQueueItem $q; Complete-AsyncQueueItem $q; Complete-AsyncQueueItem $q; 'next'; try { Complete-AsyncQueueItem $q } catch { 'caught' } }
Alike 'sleeps' { await (Start-AsyncSleep 0); $t = 0.01; await (Start-AsyncSleep $t); await (Start-AsyncSleep -Milliseconds 5); $m = '0.01'; await (Start-AsyncSleep $m); 'end' }
Alike 'sleeps that cannot be' { $n = -1; await (Start-AsyncSleep $n); 'next'; await (Start-AsyncSleep 'x'); 'next'; try { await (Start-AsyncSleep -Milliseconds -5) } catch { 'caught' }; await (Start-AsyncSleep $unset) }
Alike 'a sleep of one''s own' { function Start-AsyncSleep { 'mine' } await (now 1); Start-AsyncSleep 5; $x = Start-AsyncSleep 0; "x $x" }
Alike 'default parameters of a sleep' { $PSDefaultParameterValues = @{ 'Start-AsyncSleep:Result' = 5 }; await (later 1); await (Start-AsyncSleep 0); 'end' }
