# await in a pipeline

Alike 'at the head' { await (later @(1, 2)) | ForEach-Object { $_ + 1 } }
Alike 'at the head, one value' { await (later 5) | ForEach-Object { "v $_" }; await (later @(1, 2)) | Measure-Object | ForEach-Object Count }
Alike 'in the middle' { (later 1), (later 2) | await | ForEach-Object { $_ * 10 } }
Alike 'at the tail' { (later 1), (later 2) | await; later 3 | await; now 4 | Wait-AsyncTask }
Alike 'at the tail, assigned' { $x = (later 1), (later 2) | await; $x }
Alike 'in the middle, made by a stage' { 1..3 | ForEach-Object { later $_ } | await | Where-Object { $_ -ne 2 } }
Alike 'in the middle, followed by a stage that keeps all' { 3, 1, 2 | ForEach-Object { later $_ } | await | Sort-Object }
Alike 'twice in a pipeline' { later (later 5) | await | await }
Alike 'at the head of several stages' { await (later @(3, 1, 2)) | Sort-Object | Select-Object -First 2 | ForEach-Object { "s $_" } }
Alike 'a failed await at the head' { try { await (fail 'x') | ForEach-Object { "no $_" } } catch { "c $_" } }
Alike 'a failed await in the middle' { try { (later 1), (fail 'x'), (later 2) | await | ForEach-Object { "v $_" } } catch { "c $_" } }
Alike 'a failed await at the tail, uncaught' { (later 1), (fail 'x'), (later 2) | await; 'no' }
Alike 'an expression with an await at the head' { (await (later 1)) + 1 | ForEach-Object { "v $_" }; 1, (await (later 2)) | ForEach-Object { "w $_" }; $(await (later 3); 4) | ForEach-Object { "u $_" }; @(await (later 5)) | ForEach-Object { "t $_" } }
Alike 'an await among the arguments of a later stage' { 1..5 | Select-Object -First (await (later 2)); 1..3 | ForEach-Object -Begin { 'b' } -Process { $_ } -End (await (later { 'e' })) }
Alike 'an await in the blocks of ForEach-Object' { 1..3 | ForEach-Object { await (later $_) }; 1..2 | ForEach-Object -Begin { await (later 'b') } -Process { await (later $_) } -End { await (later 'e') } }
Alike 'an await in Where-Object' { 1..4 | Where-Object { (await (later $_)) % 2 } }
Alike 'an await in Sort-Object and Select-Object' { 3, 1, 2 | Sort-Object { await (later $_) }; 1, 2 | Select-Object @{ n = 'a'; e = { await (later $_) } } }
Alike 'an await in & { } and . { } as stages' { 1..3 | & { process { await (later $_) } }; 1..2 | . { process { await (later $_); $last = $_ } }; $last }
Alike 'an await in a function as a stage' { function f { process { await (later ($_ * 2)) } } 1..3 | f; 1..3 | f | f }
Alike 'an await in the methods ForEach and Where' { (1..3).ForEach({ await (later $_) }); (1..3).Where({ (await (later $_)) -gt 1 }) }
Alike 'Select-Object -First stops' { 1..100 | ForEach-Object { await (later $_) } | Select-Object -First 2; 'end' }
Alike 'Select-Object -First stops what awaits at the head' { await (later @(1, 2, 3)) | Select-Object -First 1; 'end' }
Alike 'Out-Null, [void] and > $null' { await (later 1) | Out-Null; [void] (await (later 1)); await (later 1) > $null; $null = await (later 1); 'end' }
Alike '-OutVariable' { await (later 5) -OutVariable o; $o.GetType().Name; $o; await (later 6) -OutVariable +o; $o.Count }
Alike '-OutVariable of an array' { await (later @(1, 2)) -OutVariable o | Out-Null; $o.Count; $o }
Alike '-OutVariable of a stage behind' { await (later 5) | ForEach-Object { $_ + 1 } -OutVariable o; $o }
Alike '-PipelineVariable' { await (later @(1, 2)) -PipelineVariable p | ForEach-Object { "$p $_" } }
Alike '-PipelineVariable of stages before' { $p = 'old'; 1..2 | Write-Output -PipelineVariable p | ForEach-Object { later $_ } | await -OutVariable o | ForEach-Object { "$p $_" } | Sort-Object; "after [$p] $o"; 1..3 | Where-Object { $_ -gt 1 } -pv q | ForEach-Object { later $_ } -pv r | await | ForEach-Object { "$q $($r.GetType().Name) $_" }; "[$q] [$r]"; , (later 5) | Write-Output -pv s | await; "[$s]"; foreach ($i in 1..2) { 1..$i | ForEach-Object { $_ } -pv t | ForEach-Object { later $_ } | await | Where-Object { $t } } }
Alike '-PipelineVariable of a stage before' { 1..2 | ForEach-Object { $_ * 10 } -PipelineVariable p | ForEach-Object { later $_ } | await | ForEach-Object { "$p $_" } }
Alike '-ErrorVariable' { await (later 1) -ErrorVariable e; $e.Count; try { await (fail 'x') -ErrorVariable e } catch { 'c' } $e.Count }
Alike '-ErrorVariable of other commands' { Write-Error a -ErrorVariable e -ErrorAction SilentlyContinue; await (later 1); $e.Count; "$($e[0])"; Write-Error b -ErrorVariable +e -ErrorAction SilentlyContinue; await (later 1); $e.Count }
Alike '-ErrorAction on await' { await (fail 'x') -ErrorAction SilentlyContinue; 'end' }
Alike '-ErrorAction Stop on await' { try { await (fail 'x') -ErrorAction Stop } catch { "c $_" } 'end' }
Alike '-WarningVariable and -InformationVariable' { Write-Warning a -WarningVariable w -WarningAction SilentlyContinue; await (later 1); "$w"; Write-Information b -InformationVariable i; await (later 1); "$i" }
Alike '-Verbose on await' { $x = await (later 1) -Verbose; $x }
Alike 'redirection of errors' { $x = & { await (later 1); Write-Error e } 2>&1; $x.Count; "$($x[1])"; Write-Error f 2>$null; await (later 2) }
Alike 'redirection of an await' { await (later 1) 2>&1; $x = await (later 2) *>&1; $x; await (later 3) 2>$null 3>$null }
Alike 'redirection of a warning' { $w = Write-Warning a 3>&1; await (later 1); $w.GetType().Name; "$w" }
Alike 'redirection into a file' { $f = [IO.Path]::GetTempFileName(); try { await (later 'one') > $f; await (later 'two') >> $f; Get-Content $f } finally { Remove-Item $f } }
Alike 'redirection into an awaited file' { $f = [IO.Path]::GetTempFileName(); try { 'x' > (await (later $f)); Get-Content $f } finally { Remove-Item $f } }
Alike 'redirections of a command that writes errors' { Receive-AsyncTask (later 1), (fail 'x') 2>$null; $x = Receive-AsyncTask (fail 'y'), (later 2) 2>&1; $x.Count; ($x | ForEach-Object { "$_" } | Sort-Object); Receive-AsyncTask (fail 'z') -ErrorAction SilentlyContinue -ErrorVariable e; "$e" }
Alike 'redirections of a command that writes errors of script' { function bad { Start-AsyncTask { Write-Error $args[0]; 'o' } -OnThread -ArgumentList $args[0] } await (bad 'x') 2>$null; $x = await (bad 'y') 2>&1; $x.Count; "$($x[0])"; await (bad 'z') -ErrorVariable e 2>$null; "$e"; await (bad 'w') -ErrorAction SilentlyContinue -ErrorVariable +e; $e.Count }
Alike 'redirections of warnings and all streams' { $t = Start-AsyncTask { Write-Warning 'w'; 'o' } -OnThread; $x = await $t 3>&1; $x.Count; await (Start-AsyncTask { Write-Warning 'w'; 'o' } -OnThread) *>$null; await (Start-AsyncTask { Write-Warning 'w'; 'o' } -OnThread) -WarningVariable w -WarningAction SilentlyContinue; "$w" }
Alike 'redirection of what waits again and again' { $f = [IO.Path]::GetTempFileName(); $q = New-AsyncQueue; 1..3 | Add-AsyncQueueItem $q; $null = Start-AsyncTask { await (Start-AsyncSleep 0.01); Add-AsyncQueueItem $q 4; Close-AsyncQueue $q }; try { 'old' > $f; Receive-AsyncQueueItem $q -All > $f; Get-Content $f } finally { Remove-Item $f } }
Alike 'redirection into a file, of nothing' { $f = [IO.Path]::GetTempFileName(); try { 'old' > $f; await (later $null) > $f; "<$(Get-Content $f)>"; 'old' > $f; try { await (fail 'x') > $f } catch { "c $_" } "<$(Get-Content $f)>" } finally { Remove-Item $f } }
Alike 'redirection in the middle of a pipeline' { $f = [IO.Path]::GetTempFileName(); try { await (later 1) 2>&1 | ForEach-Object { $_ + 1 } > $f; Get-Content $f; (later 5), (later 6) | await > $f | ForEach-Object { 'no' }; Get-Content $f } finally { Remove-Item $f } }
Alike 'the order of arguments and redirections' { function say($x) { Write-Host $x; $x } $f = Join-Path ([IO.Path]::GetTempPath()) AsyncJobs.order; try { await (later (say 'a')) > (say $f); Write-Output (say 'b') > (await (later (say $f))); Write-Output (say 'c') | ForEach-Object { $_ } > "$(await (later $f))"; Get-Content $f } finally { Remove-Item $f } }
Alike 'several naming parameters' { await (later @(1, 2)) -OutVariable o -PipelineVariable p | ForEach-Object { "$p $_" } -OutVariable q; $o.Count; $q.Count; Wait-AsyncGather (later 1), (later 2) -ov g; "$g"; Wait-AsyncGather (later 3) -ov +g; "$g" }
Alike 'naming parameters with an expression' { $n = 'v'; await (later 3) -OutVariable "$($n)1" | Out-Null; $v1; Write-Output 5 -OutVariable "$($n)2"; $v2.Count; Write-Output 6 -OutVar w2; await (later 1); $w2.Count; await (later 4) -pv (await (later 'w')) | ForEach-Object { "$w" } }
Alike 'a pipeline behind a block that is a part of the coroutine' { $l = New-AsyncLock; Use-AsyncLock $l { await (later 1); 2; $x = 'set' } | ForEach-Object { "v $_" } | Sort-Object -Descending; $x; Use-AsyncLock $l { await (later 3) } | Out-Null; Use-AsyncLock $l { 'no'; await (later 4) } > $null; $y = Use-AsyncLock $l { await (later 5) } | Measure-Object; $y.Count }
Alike 'arguments behind such a block' { function say($x) { Write-Host $x; $x } $n = 1; Use-AsyncLock (say (New-AsyncLock)) { $n = 5; await (later 1), (later 2) } | Select-Object -First $n; $n; Use-AsyncLock (New-AsyncLock) { 'in' } | Add-Content -Path (say /no/such/path) -ErrorAction SilentlyContinue; 'end' }
Alike 'redirection of an expression' { $f = [IO.Path]::GetTempFileName(); try { (await (later 'one')) + '!' > $f; Get-Content $f; "s $(await (later 2))" > $f; Get-Content $f } finally { Remove-Item $f } }
Alike 'redirection of an expression''s errors' { $none = later 0; 1 / (await $none) 2>$null; $x = (1 / (await $none)) 2>&1; "<$x>"; 'end' }
Alike 'redirection of what commands in an expression write' { $(await (later 1); Write-Error e) 2>$null; 'end' }
Alike 'redirection into a variable' { 'a', 'b' > variable:v; $v; await (later 1) > variable:w; $w; $w.GetType().Name; await (later @(2, 3)) >> variable:w; "$w"; Write-Error e 2> variable:er; "$er"; await (later 4) > variable:w | Out-Null; $w }
Alike 'redirection of errors of an await into a variable' { await (later 1) 2> variable:e }
Alike 'a chain in parentheses' { (await (later 1) && 'a'); $x = (await (later 2) && Get-Item /no -ErrorAction Ignore || 'b'), 'c'; $x; (await (later 3) && throw 't'); 'no' }
Alike 'a splat changed by a later argument' { function f($a, $b) { "$a|$b|$args" } $list = 1, 2; f @list $(await (later 3); $list = 5, 6); $table = @{ a = 1 }; f @table -b $(await (later 4); $table = @{ a = 9 }; 2) }
Alike '&&' { await (later 1) && await (later 2); Write-Output a && await (later b) && Write-Output c; no-such-thing && await (later 'no'); 'end' }
Alike '||' { await (later 1) || await (later 'no'); Write-Error e 2>$null || await (later 'b'); no-such-thing || await (later 'c'); 'end' }
Alike '&& and ||' { no-such-thing && await (later 'no') || await (later 'yes'); Write-Output a || 'no' && await (later 'and') }
Alike '&& in an assignment' { $x = await (later 1) && await (later 2); $x; $y = no-such-thing || await (later 'y'); $y }
Alike '&& with return, throw and break' { foreach ($i in 1..3) { (await (later $i)) -eq 2 && $(break); "i $i" } Write-Output a && return (await (later 'r')); 'no' }
Alike '|| throw' { try { no-such-thing 2>$null || throw (await (later 't')) } catch { "c $_" } }
Alike '&& after an expression' { (await (later 0)) && 'still'; $false && 'also'; 1 / (await (later 0)) && 'no'; 'end' }
Alike 'a pipeline with & at its head and an await' { & { 1; await (later 2); 3 } | ForEach-Object { "v $_" } }
Alike 'statements as heads' { $(foreach ($i in 1..3) { await (later $i) }) | ForEach-Object { "v $_" }; & { foreach ($i in 1..3) { await (later $i) } } | Measure-Object -Sum | ForEach-Object Sum }
Alike 'Tee-Object and Out-String' { await (later 5) | Tee-Object -Variable t; $t; (await (later 'x') | Out-String).Trim() }
Alike 'ForEach-Object -MemberName' { await (later 'abc') | ForEach-Object Length; await (later @('a', 'bb')) | ForEach-Object ToUpper }
Alike '$input' { 1..3 | & { $input | ForEach-Object { "i $_" }; await (later 'e') } }
Alike 'a pipeline into an assignment in a loop' { $all = foreach ($i in 1..3) { await (later $i) | ForEach-Object { $_ * $i } }; $all }
Alike 'Write-Output -NoEnumerate' { await (later 1); Write-Output -NoEnumerate @(1, 2); (Write-Output -NoEnumerate (await (later @(1, 2)))).Count; , (await (later @(3, 4))) }
Alike 'a native command' { sh -c 'echo hi; exit 3'; $LASTEXITCODE; $?; await (later 1); $LASTEXITCODE; sh -c 'exit 0' && await (later 'ok'); sh -c 'exit 1' || await (later 'bad'); await (later 'x') | cat }
Alike 'a trailing await with named task' { Wait-AsyncTask -Task (later 1), (later 2) | ForEach-Object { $_ }; await (later 1) (later 2) }
Alike 'a background pipeline''s absence' { $x = 1, 2, 3 | ForEach-Object { $_ } | Where-Object { $_ -ge (await (later 2)) }; $x }
Alike 'steppable pipelines' { $n = 2; $p = { ForEach-Object { "$($_ * $n)"; Write-Error e } | Sort-Object }.GetSteppablePipeline(); $p.Begin($true); foreach ($i in 1..3) { $p.Process($i) } await (later 1) | Out-Null; 'between'; $q = { & { process { "q $_" } end { 'end' } } }.GetSteppablePipeline(); try { $q.Begin($true); $q.Process(5); $q.End() } finally { $q.Dispose() } $x = await (later 2); "$x" }
Alike 'a steppable pipeline that is used on both sides of an await' { $p = { ForEach-Object { $_ } }.GetSteppablePipeline(); $p.Begin($true); await (later 1); $p.Process(1); $p.End() }
Alike 'a steppable pipeline' { $p = { ForEach-Object { await (later ($_ * 2)) } }.GetSteppablePipeline(); $p.Begin($true); $p.Process(1); $p.End() }
Alike 'a steppable pipeline in a function' { function proxy2 { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $i) begin { $p = { ForEach-Object { $_ * 2 } }.GetSteppablePipeline(); $p.Begin($PSCmdlet) } process { $p.Process($i) } end { $p.End() } } 1..2 | proxy2; await (later 1); 1..2 | proxy2 }
