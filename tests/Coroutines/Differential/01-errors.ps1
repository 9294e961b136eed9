# An error that ends its statement ends the block, as in try { & $block }

# Each before the first await and behind it; where a trap goes on; caught, and on its way through a finally; in what is called.
$ends = [ordered] @{
    'a division by zero' = '1 / 0'
    'an unknown command' = 'no-such-thing'
    'an unknown method' = "'a'.Nope()"
    'a method that throws' = "[int]::Parse('x')"
    'a cast that fails' = "[int]'x'"
    'a null that is indexed' = '$null[1]'
    'a parameter that does not bind' = 'Get-Date -Nope'
    'a cmdlet''s terminating error' = "Get-Item ''"
    'a cmdlet told to stop' = 'Get-Item /no/such/path -ErrorAction Stop'
    'a failed conversion of an argument' = "Get-Date -Year x"
    'what cannot be awaited' = 'await 5'
    'null awaited' = 'await $null'
    'a failed await' = "await (fail 'no')"
    'a throw' = "throw 'x'"
    'a throw under SilentlyContinue' = "`$ErrorActionPreference = 'SilentlyContinue'; throw 'x'"
    'a division by zero under SilentlyContinue' = "`$ErrorActionPreference = 'SilentlyContinue'; 1 / 0"
    'a division by zero under Ignore' = "`$ErrorActionPreference = 'Ignore'; 1 / 0"
    'a division by zero under Stop' = "`$ErrorActionPreference = 'Stop'; 1 / 0"
    'a written error under Stop' = "`$ErrorActionPreference = 'Stop'; Write-Error 'e'"
    'an error in a called function' = 'function f { 1 / 0; "no" } f'
    'an error in a called function that awaits' = 'function f { await (later "in f"); 1 / 0; "no" } f'
    'an error in a called function whose own preference is silent' = 'function f { [CmdletBinding()] param() 1 / 0; "no" } f -ErrorAction SilentlyContinue'
    'an error in a called block' = '& { 1 / 0; "no" }'
    'an error in a called block that awaits' = '& { await (later "in"); 1 / 0; "no" }'
    'an error in a dot-sourced block' = '. { 1 / 0; "no" }'
    'an error in ForEach-Object' = '1..2 | ForEach-Object { "in $_"; $_ / 0; "no" }'
    'an error in ForEach-Object that awaits' = '1..2 | ForEach-Object { await (later "in $_"); $_ / 0; "no" }'
    'an error in Where-Object' = '1..2 | Where-Object { $_ / 0 }'
    'an error in the middle of a pipeline' = '1..3 | ForEach-Object { if ($_ -eq 2) { [int]"x" } $_ } | ForEach-Object { "out $_" }'
    'an error in what is piped to a command that suspends' = 'function g { 1 / 0; later "g" } g | await'
    'an error in $( )' = '"$(1; 1 / 0)"'
    'an error in an argument' = 'Write-Output (1 / 0)'
    'an error in a chain' = '1 / 0 || "no"'
    'an error in a redirection' = '& { 1 / 0 } 2>$null'
    'an error in a trap that takes none of it' = 'if (1) { trap [IO.IOException] { "no" } 1 / 0; "no" }'
    'an error after an error that does not end' = "Write-Error 'w'; 1 / 0"
    'a method that throws a RuntimeException' = '[scriptblock]::Create("{")'
    'an event of an enumerator that throws' = 'foreach ($i in & { 1; throw "x" }) { $i }'
}
foreach ($name in $ends.Keys) {
    $text = $ends[$name]
    Alike "$name, before an await" " 'a'; $text; 'no'; await (later 1) "
    Alike "$name, after an await" " 'a'; await (later 1); $text; 'no' "
    Alike "$name, where a trap goes on" " trap { `"t `$_`"; continue } $text; await (later 1); $text; 'end' "
    Alike "$name, caught, and through a finally" " try { $text; 'no' } catch { `"c `$(`$_.FullyQualifiedErrorId) `$(`$Error.Count)`" } try { await (later 1); $text; 'no' } finally { 'f'; await (later 2); `"`$?`" } 'no' "
}
Alike 'a position on several lines' {
    await (later 1)
    $list = [Collections.Generic.List[int]]::new()
    $list.Add(
        'x')
}
Alike 'an error of an index' { await (later 1); $list = [Collections.Generic.List[int]]::new()
    $list[5] }
Alike 'records in $Error' { try { 1 / 0 } catch { } await (later 1); $Error.Count; $Error[0].Exception.Message; try { no-such-thing } finally { await (later 1); $Error.Count; $Error[0].FullyQualifiedErrorId } }
Alike 'records in $Error of errors that do not end' { Write-Error 'a'; await (later 1); $Error.Count; Write-Error 'b'; $Error.Count; 1 / 0 }
Alike 'an error in clean ends its statement alone' { clean { 1 / 0; $null = $log.Add('goes on') } end { await (later 1); 'end' } } -Setup { $log = [AsyncJobs.Tests.Logs]::Begin() }
Alike 'an error in clean, behind one in end' { clean { no-such-thing; $null = $log.Add('goes on') } end { await (later 1); 1 / 0; 'no' } } -Setup { $log = [AsyncJobs.Tests.Logs]::Begin() }
Alike 'an error in what clean calls' { clean { function f { 1 / 0; $null = $log.Add('goes on') } f; throw 'last' } end { 'a'; await (later 1) } } -Setup { $log = [AsyncJobs.Tests.Logs]::Begin() }
Alike 'an error in begin' { begin { 1 / 0; 'no' } end { await (later 1); 'no' } }
Alike 'an error in process, for an item' { process { $_ / 0; 'no' } end { await (later 1); 'no' } } -Item 5 -TakesItem
Alike 'a silent preference around the block' { 1; await (later 2); Write-Error 'e'; 3 } -Setup { $ErrorActionPreference = 'SilentlyContinue' }

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
Alike 'an error in a loop body' { foreach ($i in 1..3) { await (later $i); 1 / 0; "after $i" } }
Alike 'an error in a try body leaves it' { try { await (later 1); 1 / 0; 'not here' } catch { "caught $_" } 2 }
Alike 'an error in a catch' { try { throw 'a' } catch { await (later 1); 1 / 0; 'still' } 2 }
Alike 'an error in a finally' { try { 1 } finally { await (later 2); 1 / 0; 'still' } 3 }
Alike 'an error in a catch within a try leaves both' { try { try { throw 'a' } catch { await (later 1); 1 / 0; 'not here' } } catch { "outer $_" } 2 }
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
Alike 'await of what cannot be awaited, caught' { try { await (later 1); await 'x'; 2 } catch { "caught $($_.FullyQualifiedErrorId)" } }
Alike 'script stack trace of a caught error' { function f { throw 'a' } await (later 1); try { f } catch { @($_.ScriptStackTrace -split "`n")[0] -replace '.*[\\/]' } }
Alike 'return of a value that fails' { $s = 's'; if (await (later 1)) { return $s++ } 'on' }
Alike 'return of an awaited value that fails' { if (await (later 1)) { return 1 / (await (later 0)) } 'on' }
Alike 'what $( ) and parentheses wrote before an error' { function f { 'f'; throw 'x' } try { $(await (later 1); f) } catch { "c $_" } try { (f) } catch { "c $_" } try { ((await (later 2)), (f)) } catch { "c $_" } (f); 'no' }
Alike 'a chain whose second part fails' { try { await (later 1) && no-such-thing } catch { 'c' } try { 'a' && no-such-thing } finally { await (later 'f') } }
