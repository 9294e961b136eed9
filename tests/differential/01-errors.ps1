# Statement-terminating errors go on with the next statement

Alike 'a division by zero before and after an await' { 1; 1 / 0; 2; await (later 3); 1 / 0; 4 }
Alike 'an unknown command' { no-such-thing; await (later 1); no-such-thing; 2 }
Alike 'an unknown method' { $x = 'a'; $x.Nope(); await (later 1); $x.Nope(); 2 }
Alike 'a method that throws' { [int]::Parse('x'); await (later 1); [int]::Parse('y'); 2 }
Alike 'a cast that fails' { [int]'x'; await (later 1); [int]'y'; 2 }
Alike 'a null that is indexed' { $n = $null; $n[1]; await (later 1); $n[1]; 2 }
Alike 'an error in the statement that awaits, before the await' { (1 / 0) + (await (later 1)); 2 }
Alike 'an error in the statement that awaits, after the await' { (await (later 0)) + (1 / 0); 2 }
Alike 'an error made of the awaited value' { 1 / (await (later 0)); 2 }
Alike 'an error in an assignment keeps the old value' { $x = 5; $x = 1 / (await (later 0)); $x }
Alike 'an unknown command given an awaited argument' { no-such-thing (await (later 1)); 2 }
Alike 'an error in an if condition' { if (1 / (await (later 0))) { 'then' } else { 'else' }; 2 }
Alike 'an error in a while condition' { $n = 0; while (1 / (await (later 0))) { $n++; if ($n -gt 3) { break } }; $n }
Alike 'an error in a do condition' { $n = 0; do { $n++ } while ($n -lt 3 -and 1 / (await (later 0))); $n }
Alike 'an error in a for initializer' { $i = 0; for ($i = 1 / (await (later 0)); $i -lt 2; $i++) { $i } 'end' }
Alike 'an error in a for step' { $n = 0; for ($i = 0; $i -lt 3; $i += 1 / (await (later 0))) { $n++; $i; if ($n -gt 3) { break } } 'end' }
Alike 'an error in a foreach collection' { foreach ($i in 1 / (await (later 0))) { "i $i" } 'end' }
Alike 'an error in a switch value' { switch (1 / (await (later 0))) { default { "d $_" } } 'end' }
Alike 'an error in a switch clause' { switch (1) { { 1 / 0 } { 'a' } 1 { await (later 2) } } 'end' }
Alike 'an error in a return' { return 1 / (await (later 0)) }
Alike 'an error in a throw' { throw 1 / (await (later 0)); 2 }
Alike 'an error in a loop body goes on within the body' { foreach ($i in 1..3) { await (later $i); 1 / 0; "after $i" } }
Alike 'an error in a try body leaves it' { try { await (later 1); 1 / 0; 'not here' } catch { "caught $_" } 2 }
Alike 'an error in a catch goes on' { try { throw 'a' } catch { await (later 1); 1 / 0; 'still' } 2 }
Alike 'an error in a finally goes on' { try { 1 } finally { await (later 2); 1 / 0; 'still' } 3 }
Alike 'an error in a catch within a try leaves both' { try { try { throw 'a' } catch { await (later 1); 1 / 0; 'not here' } } catch { "outer $_" } 2 }
Alike 'an error in a called function' { function f { 1 / 0; 'after' } f; await (later 1); f; try { f } catch { 'caught' } }
Alike 'an error in a called block' { & { 1 / 0; 'after' }; await (later 1); & { 1 / 0; 'after' } }
Alike 'an error in a nested block that awaits' { & { await (later 1); 1 / 0; 'after' }; 'end' }
Alike 'an error in ForEach-Object' { 1..2 | ForEach-Object { $_ / 0; "after $_" }; await (later 1); 1..2 | ForEach-Object { $_ / 0; "after $_" } }
Alike 'a block in whose file a try stands around the waiter' { await (later 1); 1 / 0; 'after' }
Alike 'a failed await ends the block' { 1; await (fail 'no'); 2 }
Alike 'a failed await of a failure that is there already' { 1; await (failnow 'no'); 2 }
Alike 'a failed await in an expression' { $x = 1 + (await (fail 'no')); 2 }
Alike 'a failed await in an argument' { Write-Output (await (fail 'no')); 2 }
Alike 'a failed await in an if' { if (await (fail 'no')) { 1 } else { 2 }; 3 }
Alike 'a failed await in a loop' { foreach ($i in 1..3) { $i; if ($i -eq 2) { await (fail 'no') } } 'end' }
Alike 'a failed await in a nested block' { & { await (fail 'no'); 1 }; 2 }
Alike 'a failed await in a function' { function f { await (fail 'no'); 1 } f; 2 }
Alike 'a failed await in a pipeline' { 1..3 | ForEach-Object { await (fail 'no') }; 2 }
Alike 'ErrorActionPreference Stop in the block' { $ErrorActionPreference = 'Stop'; await (later 1); 1 / 0; 2 }
Alike 'ErrorActionPreference Stop in the block, for a cmdlet' { $ErrorActionPreference = 'Stop'; await (later 1); Write-Error 'e'; 2 }
Alike 'ErrorActionPreference Stop around the block' { await (later 1); 1 / 0; 2 } -Setup { $ErrorActionPreference = 'Stop' }
Alike 'ErrorActionPreference Stop, caught' { $ErrorActionPreference = 'Stop'; try { await (later 1); Write-Error 'e'; 2 } catch { "caught $_ $($_.FullyQualifiedErrorId)" } }
Alike 'ErrorActionPreference SilentlyContinue' { $ErrorActionPreference = 'SilentlyContinue'; await (later 1); 1 / 0; Write-Error 'e'; no-such-thing; 2 }
Alike 'ErrorActionPreference Ignore' { $ErrorActionPreference = 'Ignore'; await (later 1); Write-Error 'e'; 2 }
Alike 'ErrorActionPreference set halfway' { await (later 1); Write-Error 'a'; $ErrorActionPreference = 'SilentlyContinue'; await (later 2); Write-Error 'b'; 3 }
Alike 'Write-Error' { Write-Error 'a'; await (later 1); Write-Error 'b' -ErrorId myid -Category InvalidData -TargetObject 5; 2 }
Alike 'Write-Error -ErrorAction Stop' { await (later 1); Write-Error 'b' -ErrorAction Stop; 2 }
Alike 'a cmdlet that throws' { Get-Item /no/such/path; await (later 1); Get-Item /no/such/path -ErrorAction Stop; 2 }
Alike 'a parameter that does not bind' { Get-Date -Nope; await (later 1); Get-Date -Nope; 2 }
Alike 'await of what cannot be awaited' { await 5; 2 }
Alike 'await of null' { $n = $null; await $n; 2 }
Alike 'await of what cannot be awaited, caught' { try { await (later 1); await 'x'; 2 } catch { "caught $($_.FullyQualifiedErrorId)" } }
Alike 'records with their positions' {
    await (later 1)
    $list = [Collections.Generic.List[int]]::new()
    $list.Add(
        'x')
    $list[5]
    await (later 2); $list.Add('y')
}
Alike 'records in $Error' { 1 / 0; await (later 1); $Error.Count; $Error[0].Exception.Message; no-such-thing; await (later 1); $Error.Count; $Error[0].FullyQualifiedErrorId }
Alike 'script stack trace of a caught error' { function f { throw 'a' } await (later 1); try { f } catch { @($_.ScriptStackTrace -split "`n")[0] -replace '.*[\\/]' } }
Alike 'an error in a called function does not end it' { function f { 1 / 0; 'f' } 'a' | ForEach-Object { f } | Write-Output -OutVariable o | Sort-Object { f; await (later 1) }; (f), (await (later 2)); "$(f) $(await (later 3))"; Write-Output (f) (await (later 4)) }
Alike 'an error in what is piped to a command that suspends' { function f { 1 / 0; later 'f' } f | await; f | await | ForEach-Object { f | await; $_ }; 'end' }
Alike 'return of a value that fails' { $s = 's'; if (await (later 1)) { return $s++ } 'on' }
Alike 'return of an awaited value that fails' { if (await (later 1)) { return 1 / (await (later 0)) } 'on' }
Alike 'what $( ) and parentheses wrote before an error' { function f { 'f'; throw 'x' } try { $(await (later 1); f) } catch { "c $_" } try { (f) } catch { "c $_" } try { ((await (later 2)), (f)) } catch { "c $_" } (f); 'no' }
Alike 'a chain whose second part fails' { try { await (later 1) && no-such-thing } catch { 'c' } try { 'a' && no-such-thing } finally { await (later 'f') } }
