# Size

Alike '10,000 finished awaits in a row' { $f = now 1; $s = 0; for ($i = 0; $i -lt 10000; $i++) { $s += await $f } $s }
Alike '2,000 futures made and awaited' { $s = 0; foreach ($i in 1..2000) { $s += await (now $i) } $s }
Alike '100 nested ifs' ((1..100 | ForEach-Object { 'if ($true) {' }) -join ' ' | ForEach-Object { $_ + ' await (later 5) ' + ('}' * 100) })
Alike '100 nested ifs with awaited conditions' ((1..100 | ForEach-Object { 'if (await (now 1)) {' }) -join ' ' | ForEach-Object { $_ + ' 5 ' + ('}' * 100) })
Alike '30 nested loops' ((1..30 | ForEach-Object { "foreach (`$i$_ in 1) {" }) -join ' ' | ForEach-Object { $_ + ' await (later 5) ' + ('}' * 30) })
Alike '30 nested try' ((1..30 | ForEach-Object { 'try {' }) -join ' ' | ForEach-Object { $_ + ' await (fail x) ' + ((1..30 | ForEach-Object { "} finally { await (now $_) }" }) -join ' ') })
Alike '30 nested $( )' (('$(' * 30) + 'await (later 5)' + (')' * 30))
Alike '150 awaits in one expression' ((1..150 | ForEach-Object { "(await (now $_))" }) -join ' + ')
Alike '150 awaits in one array' ('$a = ' + ((1..150 | ForEach-Object { "(await (now $_))" }) -join ', ') + '; $a.Count; $a[149]')
Alike '150 awaits in one string' ('"' + ((1..150 | ForEach-Object { "`$(await (now $_))" }) -join ' ') + '"')
Alike '150 awaits as arguments' ('(Write-Output ' + ((1..150 | ForEach-Object { "(await (now $_))" }) -join ' ') + ').Count')
Alike '300 statements that await' ((1..300 | ForEach-Object { "`$v$_ = await (now $_)" }) -join "`n" | ForEach-Object { $_ + "`n`$v1 + `$v300" })
Alike '100 elseifs' ('$x = 90; if ($x -eq (await (now 0))) { 0 }' + ((1..100 | ForEach-Object { " elseif (`$x -eq (await (now $_))) { $_ }" }) -join ''))
Alike '100 clauses' ('switch (await (now 60)) {' + ((1..100 | ForEach-Object { " $_ { await (now 'c$_') }" }) -join '') + '}')
Alike '50 awaits nested in one another' (('await (now (' * 50) + '5' + ('))' * 50))
Alike '40 short circuits' ((1..40 | ForEach-Object { "(await (now $_))" }) -join ' -and ')
Alike 'a long pipeline' ('await (later @(1, 2)) ' + ('| ForEach-Object { $_ + 1 } ' * 20))
Alike 'deep recursion of functions that await' { function f($n) { if ($n -gt 0) { (await (now $n)) + (f ($n - 1)) } else { 0 } } f 20; await (later 1); f 20 }
Alike 'a long string through an await' { (await (later ('x' * 100000))).Length; @(await (later @(1..10000))).Count }
