# $_ that is not there, in strict mode and without it

$strict = 'Set-StrictMode -Version Latest'
Alike 'a bare $_' { Set-StrictMode -Version Latest; try { $_; 'no error' } catch { "$($_.FullyQualifiedErrorId) $_" }; await (later 1); try { $_; 'no error' } catch { "error $_" } }
Alike '$_ in strings and expressions' { Set-StrictMode -Version 3; try { "[$_]" } catch { 'one' }; await (later 1); try { "[$($_)]" } catch { 'two' }; try { $x = 1 + $_ } catch { 'three' }; try { $_.Length } catch { 'four' }; try { await (later $_) } catch { 'five' }; try { @($_).Count } catch { 'six' }; try { if ($_) { } } catch { 'seven' } }
Alike '$PSItem' { Set-StrictMode -Version Latest; try { $PSItem } catch { "$_" }; await (later 1); try { "[$PSItem]" } catch { "$_" } }
Alike 'an error that ends the statement' { Set-StrictMode -Version Latest; $_; 'on'; await (later 1); "[$_]"; 'on' }
Alike 'strict mode around the block' { try { $_ } catch { 'one' }; await (later 1); try { "$_" } catch { 'two' }; & { try { $_ } catch { 'three' } } } -Setup $strict
Alike 'no strict mode' { "[$_]"; $null -eq $_; await (later 1); "[$_]"; $_.Length; & { "[$_]" } }
Alike 'strict mode that begins late, and ends' { "[$_]"; await (later 1); "[$_]"; Set-StrictMode -Version 2; try { $_ } catch { 'strict' }; await (later 1); try { $_ } catch { 'strict' }; Set-StrictMode -Off; await (later 1); "[$_]" }
Alike 'in functions called' { Set-StrictMode -Version Latest; function f { try { $_ } catch { "f $_" } } function g { await (later 1) | Out-Null; try { "$_" } catch { "g $_" } } f; g; await (later 1); f; g; & { try { $_ } catch { 'block' } }; . { try { $_ } catch { 'dotted' } } }
Alike 'in begin, process and end of functions' { Set-StrictMode -Version Latest; function f { begin { try { "b[$_]" } catch { 'b error' } } process { "p[$_]" } end { "e[$_]" } } function g { begin { try { "b[$_]" } catch { 'b error' } await (later 1) } process { "p[$_]"; await (later 2) } end { "e[$_]" } } f; g; await (later 1); f; g; 'q' | ForEach-Object { f; g } }
Alike 'in -Begin and -End of ForEach-Object' { Set-StrictMode -Version Latest; 1..2 | ForEach-Object -Begin { try { "b[$_]" } catch { 'begin' }; await (later 'x') } -Process { $_ } -End { try { "e[$_]" } catch { 'end' }; await (later 'y') }; try { $_ } catch { 'after' } }
Alike 'an error in -Begin of ForEach-Object' { Set-StrictMode -Version Latest; 1..2 | ForEach-Object -Begin { "b[$_]"; await (later 'x') } -Process { $_ } ; 'on' }
Alike 'in ForEach-Object' { Set-StrictMode -Version Latest; 'a', $null | ForEach-Object { "[$_]"; await (later 1) | Out-Null; "[$_]"; & { "[$_]" } }; try { $_ } catch { 'after' } }
Alike 'after catch, switch and trap' { Set-StrictMode -Version Latest; try { await (later 1); throw 'x' } catch { "c $_"; await (later 2) }; "[$_]"; & { switch (1) { 1 { "s$_"; await (later 3) } }; "[$_]" }; await (later 4); "[$_]" }
Alike 'after a trap' { Set-StrictMode -Version Latest; trap { "t $_"; continue } await (later 1); throw 'x'; try { "[$_]" } catch { 'error' } }
Alike 'after a switch' { Set-StrictMode -Version Latest; switch (await (later 1)) { 1 { "s$_"; await (later 3) } }; "[$_]"; await (later 2); "[$_]" }
Alike 'an assignment' { Set-StrictMode -Version Latest; $_ = 5; $_; await (later 1); "[$_]" }
Alike 'by Get-Variable' { Set-StrictMode -Version Latest; $null -eq (Get-Variable _ -ErrorAction Ignore -ValueOnly); await (later 1); $null -eq (Get-Variable _ -ErrorAction Ignore -ValueOnly) }
Alike 'an input object' { Set-StrictMode -Version Latest; "[$_]"; await (later 1); $_; & { "[$_]" }; 1 | ForEach-Object { $_ ; await (later 2) }; "[$_]" } -Item "'item'"
Alike 'an input object that is nothing' { Set-StrictMode -Version Latest; "[$_]"; $null -eq $_; await (later 1); "[$_]"; $null -eq $_; function f { "f[$_]" } f } -Item '$null'
Alike 'the body of a lock' { Set-StrictMode -Version Latest; $l = New-AsyncLock; Use-AsyncLock $l { try { "[$_]" } catch { 'lock' }; await (later 1) }; try { $_ } catch { 'after' } }
Alike 'in a dotted block' { Set-StrictMode -Version Latest; . { try { "[$_]" } catch { 'dotted' }; await (later 1) }; try { $_ } catch { 'after' }; . { switch (1) { 1 { "s$_" } }; await (later 2); "[$_]" }; try { $_ } catch { 'after' } }
Alike 'a block with begin and process' { begin { Set-StrictMode -Version Latest; try { "b[$_]" } catch { 'begin' } await (later 1) } process { "p[$_]"; await (later 2) } end { try { "e[$_]" } catch { 'end' } } }
