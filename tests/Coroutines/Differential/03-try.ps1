# try, catch, finally and trap across a suspension

Alike 'finally after success' { try { await (later 1) } finally { await (later 2) } 3 }
Alike 'catch by type' { try { await (fail 'x') } catch [ArgumentException] { 'arg' } catch [InvalidOperationException] { "inv $_"; await (later 1) } catch { 'any' } }
Alike 'catch by several types' { try { await (later 1); throw [IO.IOException]::new('io') } catch [ArgumentException], [IO.IOException] { await (later 2); $_.Exception.GetType().Name } }
Alike 'catch by base type' { try { await (later 1); throw [IO.FileNotFoundException]::new('f') } catch [IO.IOException] { 'io' } }
Alike 'catch that does not fit' { try { try { await (fail 'x') } catch [IO.IOException] { 'io' } finally { await (later 'f') } } catch { "outer $_" } }
Alike 'catch by a type that does not exist' { try { await (fail 'x') } catch [No.Such.Type] { 'no' } catch { 'any' } }
Alike 'catch of a cmdlet error by inner type' { try { await (later 1); [int]::Parse('x') } catch [FormatException] { "fmt $($_.Exception.GetType().Name)" } }
Alike '$_ in catch before and after an await' { try { throw 'a' } catch { "$_"; await (later 1); "$_"; "$($_.Exception.Message)" } "after '$_'" }
Alike '$_ restored behind a nested catch' { try { throw 'a' } catch { try { throw 'b' } catch { await (later 1); "in $_" }; "out $_" } }
Alike '$_ of a loop in catch' { foreach ($i in 1..2) { $i | ForEach-Object { "p $_" }; try { throw "t$i" } catch { await (later 1); "c $_" } } }
Alike '$PSItem in catch' { try { throw 'a' } catch { await (later 1); "$PSItem" } }
Alike '$Error[0] in catch' { try { throw 'a' } catch { await (later 1); $Error[0].Exception.Message; $Error.Count } }
Alike 'throw in catch' { try { try { throw 'a' } catch { await (later 1); throw 'b' } } catch { "got $_" } }
Alike 'bare throw in catch' { try { try { throw 'a' } catch { await (later 1); throw } } catch { "got $_ $($_.InvocationInfo.OffsetInLine)" } }
Alike 'bare throw uncaught' { try { 1 / 0 } catch { await (later 1); throw } 2 }
Alike 'bare throw of a failed await' { try { await (fail 'a') } catch { await (later 1); throw } 2 }
Alike 'bare throw behind a nested catch' { try { try { throw 'a' } catch { try { throw 'b' } catch { await (later 1) }; throw } } catch { "got $_" } }
Alike 'bare throw in a function called by catch' { function f { throw } try { try { throw 'a' } catch { await (later 1); f } } catch { "got $_" } }
Alike 'throw $_' { try { try { throw 'a' } catch { await (later 1); throw $_ } } catch { "got $_ $($_.InvocationInfo.OffsetInLine)" } }
Alike 'throw without anything, outside catch' { await (later 1); throw; 2 }
Alike 'throw of null' { await (later 1); throw $null }
Alike 'throw of an object' { try { await (later 1); throw @{ a = 1 } } catch { $_.TargetObject; "$_" } }
Alike 'throw of an awaited value' { try { throw (await (later 'msg')) } catch { "$_" } }
Alike 'throw of an awaited exception' { try { throw [ArgumentException]::new((await (later 'msg'))) } catch { $_.Exception.GetType().Name; "$_" } }
Alike 'throw of an error record' { $r = [Management.Automation.ErrorRecord]::new([ArgumentException]::new('m'), 'my', 'InvalidData', 5); try { await (later 1); throw $r } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category } }
Alike 'throw uncaught' { 1; await (later 2); throw 'end'; 3 }
Alike 'return through finally' { try { return await (later 1) } finally { await (later 'f') } 2 }
Alike 'return through nested finally' { try { try { return await (later 1) } finally { await (later 'f1') } } finally { await (later 'f2') } 2 }
Alike 'return in catch through finally' { try { await (fail 'x') } catch { return "c $_" } finally { await (later 'f') } 2 }
Alike 'break through finally' { foreach ($i in 1..3) { try { $i; if ($i -eq 2) { break } } finally { await (later "f$i") } } 'end' }
Alike 'continue through finally' { foreach ($i in 1..3) { try { if ($i -eq 2) { continue }; $i } finally { await (later "f$i") } } 'end' }
Alike 'break to a label through two finally' { :o foreach ($i in 1..3) { try { foreach ($k in 1..3) { try { "$i$k"; if ($k -eq 2) { break o } } finally { await (later 'f1') } } } finally { await (later 'f2') } } 'end' }
Alike 'continue to a label through finally' { :o foreach ($i in 1..2) { foreach ($k in 1..3) { try { "$i$k"; if ($k -eq 2) { continue o } } finally { await (later 'f1') } } } 'end' }
Alike 'throw through finally' { try { try { throw 'a' } finally { await (later 'f') } } catch { "c $_" } }
Alike 'throw through finally uncaught' { try { await (later 1); throw 'a' } finally { await (later 'f') } 2 }
Alike 'throw in finally replaces' { try { try { throw 'a' } finally { await (later 'f'); throw 'b' } } catch { "c $_" } }
Alike 'a failed await in finally' { try { try { 1 } finally { await (fail 'f') } } catch { "c $_" } 2 }
Alike 'a failed await in finally after a throw' { try { try { throw 'a' } finally { await (fail 'f') } } catch { "c $_" } 2 }
Alike 'a try caught within finally' { try { throw 'a' } finally { try { await (fail 'f') } catch { "in $_" } } }
Alike 'finally runs once' { $n = 0; try { try { await (later 1) } finally { $n++; await (later 2) } } finally { "n $n" } }
Alike 'output of a try that fails' { try { 1; await (later 2); throw 'x' } catch { 3 } finally { 4 } }
Alike 'a try without await, a catch with' { try { throw 'x' } catch { await (later "c $_") } }
Alike 'a try without await, a finally with' { try { 'x' } finally { await (later 'f') } }
Alike 'try in a loop in a try' { try { foreach ($i in 1..3) { try { if ($i -eq 2) { throw "t$i" }; await (later $i) } catch { "c $_"; if ($i -eq 2) { throw 'out' } } finally { "f $i" } } } catch { "o $_" } }
Alike 'retry loop' { foreach ($k in 1..3) { try { if ($k -lt 3) { await (fail "f$k") }; return await (later 'ok') } catch [InvalidOperationException] { "again $_"; await (later $null) | Out-Null } } throw 'gave up' }
Alike 'exit of the loop in catch' { while ($true) { try { await (fail 'x') } catch { break } } 'end' }
Alike 'continue in catch' { foreach ($i in 1..3) { try { if ($i -eq 2) { await (fail 'x') }; $i } catch { continue } "after $i" } }
Alike 'a variable set in try is seen in catch and finally' { try { $x = await (later 1); throw 'a' } catch { $x; $x = 2 } finally { $x } $x }
Alike 'a function throws, caught after an await' { function f($m) { throw $m } try { await (later 1); f 'm' } catch { "c $_ $($_.InvocationInfo.ScriptLineNumber)" } }
Alike 'catch of a Write-Error Stop' { try { await (later 1); Write-Error 'e' -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; await (later 2); $_.Exception.GetType().Name } }
Alike 'catch of a command not found' { try { await (later 1); no-such-thing } catch [Management.Automation.CommandNotFoundException] { $_.TargetObject; $_.InvocationInfo.InvocationName } }
Alike 'catch of an OperationCanceledException' { try { await (later 1); throw [OperationCanceledException]::new('c') } catch [OperationCanceledException] { 'cancelled' } }
Alike 'a cancelled future' { $f = New-Future; Complete-Future $f -Cancel; try { await $f; 'no' } catch [OperationCanceledException] { "cancelled"; await (later 1) } }
Alike 'trap with continue' { trap { "t $_"; continue } await (later 1); 1 / 0; 2; throw 'x'; 3 }
Alike 'trap with continue, awaiting' { trap { "t $_"; await (later 't'); continue } await (later 1); 1 / 0; 2; throw 'x'; 3 }
Alike 'trap without continue' { trap { "t $_" } await (later 1); 1 / 0; 2; throw 'x'; 3 }
Alike 'trap without continue, awaiting' { trap { await (later 't'); "t $_" } 1 / 0; 2 }
Alike 'trap with break' { trap { "t $_"; break } await (later 1); 1 / 0; 2 }
Alike 'trap with break, awaiting' { trap { await (later 't'); break } 1 / 0; 2 }
Alike 'trap with return' { trap { "t $_"; return 'r' } await (later 1); throw 'x'; 2 }
Alike 'trap with return, awaiting' { trap { await (later 't'); return 'r' } throw 'x'; 2 }
Alike 'trap by type' { trap [DivideByZeroException] { 'div'; continue } trap [InvalidOperationException] { 'inv'; continue } trap { 'any'; continue } await (fail 'x'); 1 / 0; throw 'y'; 'end' }
Alike 'trap of a failed await' { trap { "t $_"; continue } 1; await (fail 'x'); 2 }
Alike 'trap in a loop body' { foreach ($i in 1..3) { trap { "t$i"; continue } await (later $i); if ($i -eq 2) { throw 'x' }; "after $i" } 'end' }
Alike 'trap around a loop' { trap { "t $_"; continue } foreach ($i in 1..3) { await (later $i); if ($i -eq 2) { throw 'x' } } 'end' }
Alike 'trap in an if body' { trap { "outer $_"; continue } if (1) { trap { "inner $_"; break } await (later 1); throw 'x'; 'no' } 'end' }
Alike 'trap that throws' { trap { throw "again $_" } await (later 1); throw 'x' }
Alike 'trap changes a variable of the block' { $x = 1; trap { $x = 2; continue } await (later 1); throw 'x'; $x }
Alike 'trap around a try' { trap { "t $_"; continue } try { await (later 1); throw 'x' } finally { await (later 'f') } 'end' }
Alike 'trap that takes none of it' { if (1) { trap [InvalidOperationException] { 'no' } await (later 1); 1 / 0; 2 } 3 }
Alike 'trap that takes none of it, in a try' { try { trap [InvalidOperationException] { 'no' } await (later 1); 1 / 0; 2 } finally { await (later 'f') } 3 }
Alike 'trap with an error of its own' { if (1) { trap { $null = 1 / 0; 'no' } await (later 1); no-such-thing; 2 } 3; $Error.Count }
Alike 'trap and a chain' { trap { "t $_"; continue } no-such-thing || await (later 1); await (fail 'x') && 'no' || 'or'; 'end' }
Alike 'trap with break, and a chain' { trap { "t $_"; break } await (later 1); no-such-thing || 'or'; 'end' }
Alike 'trap before the finally' { trap { "t $_"; continue } try { await (later 1); 1 / 0 } catch [InvalidOperationException] { 'no' } finally { await (later 'f') } 'end' }
Alike 'trap with a reference' { $x = 1; trap { $r = [ref] $x; $r.Value = 'r'; $x = 3; continue } await (later 1); throw 'y'; $x }
Alike 'trap that adds to a variable' { $x = 1; trap { $x += 1; "in $x"; continue } await (later 1); throw 'y'; $x }
Alike 'trap in a called block, which takes none of it' { try { await (later 1); & { trap [InvalidOperationException] { } 1 / 0 }; 2 } finally { await (later 'f') } 3 }
Alike 'trap with a bare throw' { if (await (later 1)) { trap { throw } 1 / 0; 2 } 3 }
Alike 'a bare throw in a block within catch' { try { throw 'a' } catch { & { throw }; await (later 1) } 3 }
Alike 'bare throws in blocks within catch' { try { try { throw 'a' } catch { "c $_"; 1 | ForEach-Object { "[$_]"; try { & { throw } } catch { "in $_" } }; $b = { throw }; await (later 1); & $b } } catch { "out $_"; frames $_ } try { try { 1 / 0 } catch { & { await (later 1); "c $_"; throw } } } catch { "$($_.Exception.GetType().Name)"; $Error.Count } try { try { await (fail 'f') } catch { @(1).ForEach({ throw }); await (later 1) } } catch { "out $_" } function f { throw } try { throw 'x' } catch { try { f } catch { "f $_" } await (later 1) } }
Alike 'trap in a function' { function f { trap { "t $_"; continue } 1 / 0; 'f' } f; await (later 1); f }
Alike '$ErrorActionPreference in try' { try { $ErrorActionPreference = 'Stop'; await (later 1); Write-Error 'a' } catch { "c $_" } Write-Error 'b' }
Alike 'Stop and finally' { $ErrorActionPreference = 'Stop'; try { await (later 1); Get-Item /no/such } finally { await (later 'f') } 2 }
Alike 'return in a trap of a statement that does not await' { function f($how) { foreach ($i in 1..2) { trap { if ($i -eq $how) { return "r $i" } "t $i"; continue } throw "x$i"; 'no' } "f $how" } f 1; f 2; f 3; await (later 1); try { if (1) { trap { 'w'; return } throw 'x' } 'no' } finally { 'finally' } 'no' }
Alike 'return in a trap within $( ) and within a trap' { $x = $(trap { "t $_"; continue } throw 'x'; 'go'); "$x"; await (later 1); foreach ($k in 1) { trap { foreach ($i in 1..2) { trap { return 'inner' } throw 'y' } 'no' } throw 'x' } 'no' }
Alike 'exit in a trap of a statement that does not await' { 'a'; if (1) { trap { 'b'; exit 3 } throw 'x' } await (later 'no') }
Alike 'what a trap writes that ends a statement' { try { if (1) { trap { 'w'; break } throw 'x' } } catch { "c $_" } await (later 1); foreach ($i in 1..3) { trap { Write-Output "w $i"; if ($i -eq 2) { break } continue } throw "x$i" } 'no' }
Alike 'awaits in traps, and nowhere else' { if (1) { trap { await (later 't'); continue } throw 'x' } foreach ($i in 1..3) { trap { "$_ $i"; $k += 1; await (later "t $k"); if ($i -eq 3) { return 'r' } continue } throw "x$i" } 'no' }
Alike 'an await in a trap of the block, and errors of the trap' { function f { trap { await (later 't'); continue } throw 'x'; 'f' } f; $x = f; "$x"; try { if (1) { trap [IO.IOException] { await (later 'no') } throw 'x' } } catch { "c $_" } if (1) { trap { try { await (later 1); throw 'y' } catch { "c $_" } break } throw 'z' } 'no' }
