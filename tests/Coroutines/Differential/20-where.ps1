# Where-Object that awaits

Alike 'a range' { 1..4 | Where-Object { await (later ($_ % 2)) } }
Alike 'its aliases and its parameter' { 1..4 | ? { await (later ($_ -gt 2)) }; 1..4 | where { (await (later $_)) -lt 3 }; 1..3 | Microsoft.PowerShell.Core\Where-Object { await (later ($_ -eq 2)) }; 1..3 | ? -FilterScript { await (later ($_ -ne 2)) }; 1..3 | ? -f { await (later ($_ -ne 1)) }; 1..3 | ? -FilterScript:{ await (later ($_ -ne 3)) } }
Alike 'what the block writes' { 1..9 | ? { if ($_ -eq 1) { } elseif ($_ -eq 2) { $null } elseif ($_ -eq 3) { 0 } elseif ($_ -eq 4) { ''; } elseif ($_ -eq 5) { 0; 0 } elseif ($_ -eq 6) { , @(0) } elseif ($_ -eq 7) { , @() } elseif ($_ -eq 8) { 'x' } else { @(0) }; $null = await (later 1) } }
Alike 'several statements and a return' { 1..5 | ? { $x = await (later $_); if ($x -eq 2) { return $true }; if ($x -eq 3) { return }; if ($x -eq 4) { return await (later 0) }; $x -gt 4; return }; "x $x" }
Alike 'values that pass' { $null, 1, 'a', (2, 3), @(), (, 4), @{ k = 1 } | ? { await (later 1) } | ForEach-Object { "<$_> $($null -eq $_ ? 'null' : $_.GetType().Name)" }; $r = 1..3 | ? { await (later ($_ -eq 2)) }; $r.GetType().Name; $r -is [int]; $r = 1..3 | ? { await (later ($_ -ne 2)) }; $r.Count; $r = 1..3 | ? { await (later 0) }; $null -eq $r; @(1..3 | ? { await (later 0) }).Count }
Alike 'nothing, and one' { $null | ? { await (later 1) }; $none | ? { await (later 'u') }; @() | ? { await (later 'no') }; 'abc' | ? { await (later $_) }; $x = & { }; $x | ? { await (later 'no') } }
Alike 'ForEach-Object behind' { 1..4 | ? { await (later ($_ % 2)) } | % { "e $_" }; 1..4 | ? { await (later ($_ % 2)) } | % { await (later "a $_") }; 1..4 | ? { await (later ($_ -gt 1)) } | % -Begin { 'b' } { await (later $_); "s $_" } -End { await (later 'e') } }
Alike 'ForEach-Object before' { 1..3 | % { $_; $_ * 10 } | ? { await (later ($_ -gt 2)) }; 1..3 | % { await (later $_); "s$_" } | ? { await (later ($_ -ne 2)) }; 1..3 | % { await (later $_) } | ? { $_ -gt 1 }; 1..3 | % { await (later $_) } | ? { $_ -gt 1 } | % { await (later "z$_") } }
Alike 'several in a row' { 1..12 | ? { await (later ($_ % 2)) } | ? { await (later ($_ % 3)) } | ? { $_ -gt 1 } | % { await (later "r$_") } | ? { await (later ($_ -ne 'r5')) } | Sort-Object -Descending; 1..6 | ? { $_ % 2 } | ? { await (later ($_ -gt 1)) } | ? { $_ -lt 5 } }
Alike 'the order of what they do' { 1..3 | ? { $null = $log.Add("w$_"); await (later 1) } | % { $null = $log.Add("e$_"); await (later 1) } | Out-Null; "$log"; $log.Clear(); 1..3 | % { $null = $log.Add("a$_"); await (later $_); $null = $log.Add("b$_") } | ? { $null = $log.Add("w$_"); $true } | % { $null = $log.Add("c$_") }; "$log" } -Setup '$log = [Collections.ArrayList]::new()'
Alike 'behind other commands' { Get-ChildItem / | Sort-Object Name | ? { await (later ($_.Name -eq 'tmp')) } | % Name; 'b', 'a' | Sort-Object | ? { await (later 1) } | Select-Object -First 1; (1..5 | ? { await (later ($_ % 2)) } | Measure-Object -Sum).Sum; 3, 1, 2 | ? { await (later ($_ -ne 1)) } | Sort-Object | Out-String }
Alike 'nested' { 1..3 | ? { $o = $_; $found = 1..3 | ? { await (later ($_ -eq $o)) }; $found -gt 1 }; 1..2 | % { $o = $_; 1..3 | ? { await (later ($_ -ne $o)) } | % { "$o$_" } }; 1..3 | ? { 1..2 | % { await (later ($_ -eq 2)) } | ? { $_ } } }
Alike 'in a value, a condition and a loop' { if (1..3 | ? { await (later ($_ -gt 2)) }) { 'yes' }; foreach ($x in 1..3 | ? { await (later ($_ -gt 1)) }) { "f$x" }; "$(1..3 | ? { await (later ($_ -lt 3)) })"; @{ k = 1..3 | ? { await (later ($_ -eq 3)) } }.k; (1..3 | ? { await (later 1) }).Count; return 1..2 | ? { await (later ($_ -eq 2)) } }
Alike 'assignments stay' { $n = 0; 1..3 | ? { $n += await (later $_); $n -gt 1 }; $n; 1..2 | ? { $v++; await (later $v) }; $v; [int] $t = 1; 1..2 | ? { $t = await (later '5'); $t -is [int] }; $t } -Setup '$v = 7'
Alike '$_ around it' { 7 | % { $_; 1..2 | ? { await (later ($_ -eq 2)) }; "after $_" }; switch ('s') { s { 1..2 | ? { await (later ($_ -eq 2)) }; "in $_" } } "<$_>" }
Alike 'break and continue' { foreach ($i in 1..3) { 1..3 | ? { if ($_ -eq 2) { break }; await (later 1) }; 'no' } 'end'; foreach ($i in 1..3) { 1..3 | ? { if ($i -eq 2 -and $_ -eq 2) { continue }; await (later ($_ -gt 1)) }; "i$i" } :out foreach ($i in 1..3) { foreach ($j in 1..2) { 1..2 | ? { if ($i -eq 2) { break out }; await (later 1) } | % { "$i$j$_" } } } 'end' }
Alike 'break with no loop' { 1..3 | ? { if ($_ -eq 2) { break }; await (later $_) }; 'no' }
Alike 'errors in it' {
    1..3 | ? { if ($_ -eq 2) { 1 / 0 }; await (later 1) }
    'next'
}
Alike 'errors in it, caught' {
    try { 1..3 | ? { await (later 1); if ($_ -eq 2) { throw "bad $_" } } } catch { "caught $_ $($_.FullyQualifiedErrorId)"; frames $_ }
    try { 1..3 | ? { await (fail "f $_") } | % { "no $_" } } catch { "caught $_"; frames $_ }
    1..3 | ? { try { await (fail "f $_") } catch { $_.Exception.Message -ne 'f 2' } }
    $x = try { 1..2 | ? { if ($_ -eq 2) { [int] 'x' }; await (later 1) } } catch { 'c' }; "$x"
}
Alike 'records of its errors and other streams' { 1..2 | ? { Get-Item nowhere; Write-Warning "w$_"; await (later 1) }; $?; $Error.Count; 1..2 | ? { Write-Error "e$_" -ErrorAction SilentlyContinue; await (later ($_ -eq 2)) }; $?; $ErrorActionPreference = 'Stop'; try { 1..2 | ? { Get-Item nowhere; await (later 1) } } catch { "caught $($_.CategoryInfo.Category)" } }
Alike 'a trap around it' { trap { "trapped $_"; continue } 1..3 | ? { if ($_ -eq 2) { throw "t$_" }; await (later 1) }; 'next' }
Alike 'strict mode' { Set-StrictMode -Version Latest; 1..2 | ? { $made = await (later $_); $never; $made }; 'end' }
Alike 'with what it cannot be a part of' { 1..3 | ? Length -eq 1; 1..3 | ? { $args.Count; await (later 1) }; 1..3 | ? { $_ = 5; await (later 1) }; 1..3 | ? { await (later ($_ -gt 1)) } 2>&1; 1..3 | ? { param($p) await (later ($_ -gt 1)) }; 1..3 | ? { process { await (later ($_ -gt 2)) } }; 1..3 | ? { await (later ($_ -gt 1)) } -OutVariable o; "$o" }
Alike 'a function of that name' { 1..3 | Where-Object { await (later $_) }; 1..3 | where { await (later $_) } } -Setup 'function Where-Object { process { "mine $_" } }'
Alike 'with functions and blocks that await' { function big($n) { (await (later $n)) -gt 1 } 1..3 | ? { big $_ }; $b = { await (later ($_ -eq 2)) }; 1..3 | ? { & $b }; 1..3 | ? $b; 1..3 | ? { & { await (later ($_ -lt 2)) } } }
Alike '&& and the last' { 1..3 | ? { await (later ($_ -gt 2)) } && 'a'; 1..3 | ? { await (later ($_ -gt 9)) } || 'b'; $x = 1..3 | ? { await (later ($_ -gt 1)) } && 'c'; "$x" }
Alike 'the call stack' { function where-am { (Get-PSCallStack | Where-Object Location -NotMatch 'AsyncJobs|Watch' | Select-Object -First 3 | ForEach-Object FunctionName) -join ',' } $s = 1 | ? { $script:seen = where-am; await (later 1) } | % { await (later 1) }; $seen; "$s" }
Alike 'in a lock, and a lock in it' { $l = New-AsyncLock; 1..3 | ? { Use-AsyncLock $l { await (later ($_ -gt 1)) } }; Use-AsyncLock $l { 1..3 | ? { await (later ($_ -lt 3)) } }; $l.IsHeld }
Alike 'many' { (1..300 | ? { await (now ($_ % 2)) } | Measure-Object).Count }
