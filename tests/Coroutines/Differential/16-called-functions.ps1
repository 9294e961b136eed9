# Functions that await, called by a coroutine: they run as a part of it

Alike 'called as a statement and as a value' { function f($n) { "f $n"; await (later 1); "g $n"; return $n * 2 } f 1; $x = f 2; "x: $x"; $y = @(f 3)[2]; $y; "text $(f 4) end"; (f 5).Count; $z, $w = f 6; "$z | $w" }
Alike 'in every place of a statement' {
    function yes { await (later 1); $true } function no { await (later 1); $false } function num($n) { await (later $n) }
    if (no) { 1 } elseif (yes) { 2 }; if ((yes) -and -not (no)) { 3 }; $i = 0; while ((num $i) -lt 2) { "w$i"; $i++ }; do { $i-- } until ((num $i) -eq 0)
    foreach ($v in num (1, 2)) { "v$v" }; for ($k = num 0; $k -lt (num 2); $k += num 1) { "k$k" }; switch (num 5) { (num 5) { 'five' } default { 'other' } }
    (yes) ? (num 1) : (num 2); @{ a = num 1; b = 2 }.a; [int](num '7') + (num 1); (num 1), (num 2) -join '-'; Write-Output (num 8) -NoEnumerate; 'abc'.Substring((num 1)); @(num 1; num 2).Count; return num 9
}
Alike 'arguments by position, name, switch, splat' {
    function f([int] $a, [string] $b = 'def', [switch] $s, $rest) { await (later 1); "$a $b $s $($s.GetType().Name) $rest"; $PSBoundParameters.Keys | Sort-Object; $args.Count }
    f 1; f 1 two -s; f -b x -a 3; f 1 2 -s:$false; $p = @{ a = 5; b = 'q'; s = $true }; f @p; $l = 7, 'l'; f @l; f -a (await (later 4)) -rest 1, 2, 3; f 1 b 3 4 5
}
Alike 'more arguments than parameters' { function f { await (later 1); $args.Count; $args -join ','; $args[0].GetType().Name } f; f 1 2 3; f -x 1 -y:2 z; $a = 1, 2; f @a $a; f { 'block' } }
Alike 'arguments that do not fit' { function f([int] $a, [ValidateSet('x', 'y')] $b) { 'in'; await (later 1); "$a $b" } f 'no'; 'next'; f 1 z; 'next'; try { f 'no' } catch { "caught $($_.FullyQualifiedErrorId) $($_.InvocationInfo.MyCommand) $($_.InvocationInfo.Line.Trim().Substring(0, 10))" } $x = f 'no'; "x $x" }
Alike 'attributes' { function f { [CmdletBinding()] param([Parameter(Mandatory)] $a, [Parameter(Position = 1)] [Alias('bee')] [ValidateRange(1, 5)] $b, [Parameter(ValueFromRemainingArguments)] $r) await (later 1); "$a $b $r" } f 1 2 3 4; f -a x -bee 3; f x 9; 'after'; f x -nope 1; 'end' }
Alike 'defaults' { $o = 'outer'; function f($a = $o, $b = "$a!", $c = (Get-Date -Year 2000 -Month 1 -Day 1).Year, $d = $(await (later 'late')), $e = $args.Count) { await (later 1); "$a $b $c $d $e" } f; f 1; f 1 2 3 4 }
Alike 'a default that fails' { function f($a = (1 / 0)) { await (later 1); "a [$a]" } f; 'next'; try { f } catch { "caught $_" } f 5 }
Alike 'a default that throws' { function f($a = $(throw 'needed')) { await (later 1); "a [$a]" } try { f } catch { "caught $_ $(frames $_)" } f 5 }
Alike 'the caller''s variables' { $a = 1; $b = 2; $c = @(1); function f { "$a $b"; $a = 10; $b += 5; $c += 2; $script:never = 0; await (later 1); "$a $b $($c -join ',')"; function g { "g: $a $b"; $a = 99 } g; "$a" } f; "$a $b $($c -join ',')"; f }
Alike 'variables of the caller that change' { $n = 1; function f { "f $n"; await (later 1); "f $n" } f; $n = 2; f; foreach ($n in 3..4) { f } }
Alike 'of callers further out' { $deep = 'block'; function a { $mid = 'a'; await (later 1); b; "$mid $deep" } function b { "$deep $mid"; $deep = 'b'; await (later 1); c; $deep } function c { await (later 1); "c: $deep $mid"; $mid = 'c' } a; $deep }
Alike 'a reference, a table, a list, a block' { function f([ref] $r, $t, $l, $b) { $r.Value = 5; await (later 1); $t.k = 'v'; $l.Add(3); & $b; $r.Value += 1 } $x = 1; $t = @{}; $l = [Collections.Generic.List[int]]::new(); $q = 'q'; f ([ref] $x) $t $l { "block sees $q"; $q = 'r' }; $x; $t.k; $l.Count; $q }
Alike 'scopes by name' { $script:s = 1; $v = 'mine'; function f { $local:v = 'l'; $private:w = 'p'; await (later 1); "$local:v $private:w $script:s"; $script:s = 2; g } function g { await (later 1); "$v [$w] $script:s" } f; $v; $script:s }
Alike 'what the function sets up in its own scope' { function f { Set-Variable made 1; New-Variable other 2; Set-Alias say Write-Output; await (later 1); say "$made $other"; Remove-Variable other; await (later 1); say "[$other]"; function inner { say "inner $made" } inner } f; "[$made] [$other]"; say x }
Alike 'typed variables' { [int] $n = 1; function f { [byte] $m = 255; $n = 'text'; await (later 1); $m++; $m; $n; try { $m = 300 } catch { 'no' } } f; $n = 'x'; $n }
Alike 'strict mode of the caller' { Set-StrictMode -Version Latest; function f { await (later 1); if ($true) { $x = 1 }; $x; $never; 'after'; @{}.none; 'end' } f; 'next'; $y = f; "$y" }
Alike 'strict mode of the function' { function f { Set-StrictMode -Version Latest; await (later 1); $never; 'after' } f; $never; 'end' }
Alike 'strict mode of the file' { function f { await (later 1); $never; $made = 1; $made; if ($false) { $maybe = 1 }; $maybe; 'end' } f } -Setup 'Set-StrictMode -Version 3'
Alike 'the item' { function f { "[$_]"; await (later 1); "[$_]"; foreach ($x in 1) { "[$_]" } $_ = 'own'; "[$_]" } f; "[$_]"; function g { switch ('s') { s { f } } "[$_]" } g; function h { try { throw 'e' } catch { f } "[$_]" } h; function t { trap { f; continue } throw 'x'; "[$_]" } t; "[$_]" } -Item "'item'"
Alike 'success' { function f { await (later 1); Get-Item nowhere -ErrorAction SilentlyContinue } f; $?; function g { $?; await (later 1); $? } Get-Item nowhere -ErrorAction SilentlyContinue; g; $?; $x = f; $?; (f); $?; function h { await (later 1); throw 'x' } try { h } catch { $? } $? }
Alike '$MyInvocation' {
    function f($a) { await (later 1); $m = $MyInvocation; "$($m.MyCommand.Name) $($m.InvocationName) $($m.Line.Trim()) $($m.OffsetInLine) $($m.ScriptLineNumber) $($m.BoundParameters.Count) $($m.ExpectingInput) $($m.PipelineLength) $($m.CommandOrigin)"; $m.MyCommand.CommandType }
    f 1
    $x = f 2; $x
}
Alike '$PSBoundParameters' { function f($a, $b = 2) { await (later 1); $PSBoundParameters.Count; $PSBoundParameters.Keys; $PSBoundParameters.new = 1; await (later 1); $PSBoundParameters.Count } f 1; f 1 2; f }
Alike 'the call stack' { function f { await (later 1); Get-PSCallStack | Where-Object Location -NotMatch 'AsyncJobs|Watch' | ForEach-Object { "$($_.FunctionName) $($_.ScriptLineNumber)" } | Select-Object -First 2 } function g {
    await (later 1)
    f
} g; f }
Alike 'an error that ends its statement' { function f { 'a'; 1 / 0; 'b'; await (later 1); [int] 'x'; 'c' } f; 'd'; $x = f; "$x"; "e $(f)"; (f).Count }
Alike 'the same within a try of the caller' { function f { 'a'; await (later 1); 1 / 0; 'b' } try { f } catch { "caught $_"; frames $_; $_.InvocationInfo.Line.Trim() } try { $x = f } catch { "[$x]" } finally { 'finally' } }
Alike 'a throw' { function f { 'a'; await (later 1); throw 'bad'; 'b' } try { f } catch { "$_ $($_.FullyQualifiedErrorId)"; frames $_; $_.InvocationInfo.PositionMessage } f; 'never' }
Alike 'a throw three deep' {
    function a { await (later 1); b }
    function b {
        try { c } finally { await (later 1); 'b ends' }
    }
    function c { await (later 1); await (fail 'deep') }
    try { a } catch { "$_"; frames $_; $_.InvocationInfo.MyCommand.Name; $_.InvocationInfo.ScriptLineNumber }
    a
    'never'
}
Alike 'caught in the function' { function f { try { await (fail 'x') } catch { "caught $_"; frames $_ } finally { 'finally'; await (later 1) } 'goes on' } f; try { f } catch { 'no' } $x = f; $x.Count }
Alike 'thrown again' { function f { try { await (fail 'x') } catch { 'f'; throw } } function g { try { f } catch { 'g'; throw $_ } } try { g } catch { "$_ $(frames $_)" } }
Alike 'an error of a cmdlet' { function f { Get-Item nowhere; 'a'; await (later 1); Get-Item nowhere -ErrorAction Stop; 'b' } f; 'never?' }
Alike 'an error of a cmdlet within a try' { function f { await (later 1); Get-Item nowhere; 'a'; Get-Item nowhere -ErrorAction Stop; 'b' } try { f } catch { "caught $($_.CategoryInfo.Category) $($_.InvocationInfo.MyCommand)"; frames $_ } }
Alike 'preferences of the caller' { $ErrorActionPreference = 'Stop'; function f { 'a'; await (later 1); Get-Item nowhere; 'b' } try { f } catch { 'caught' } $ErrorActionPreference = 'SilentlyContinue'; f; $VerbosePreference = 'Continue'; $WarningPreference = 'SilentlyContinue'; function g { Write-Verbose 'v'; await (later 1); Write-Warning 'w'; Write-Verbose 'v2' } g }
Alike 'preferences of the function' { function f { $ErrorActionPreference = 'Stop'; await (later 1); Get-Item nowhere; 'b' } try { f } catch { 'caught' } Get-Item nowhere; $ErrorActionPreference; 'end' }
Alike 'preferences by parameter' { function f { [CmdletBinding()] param($a) await (later 1); Write-Verbose "v $a"; Write-Warning "w $a"; Get-Item nowhere; 'b'; $ErrorActionPreference; $VerbosePreference } f 1; f 1 -Verbose; f 2 -WarningAction SilentlyContinue -ErrorAction SilentlyContinue; try { f 3 -ErrorAction Stop } catch { 'caught' } f 4 -ea Ignore }
Alike 'collected by parameter' { function f { [CmdletBinding()] param() await (later 1); 'out'; Write-Error 'e'; Write-Warning 'w' } f -OutVariable o -ErrorVariable e -WarningVariable w -ErrorAction SilentlyContinue; "$o $($e.Count) $w"; $p = @{ ErrorVariable = 'q'; ErrorAction = 'SilentlyContinue' }; f @p }
Alike 'streams' { function f { Write-Warning 'w'; Write-Error 'e'; Write-Host 'h'; await (later 1); Write-Information 'i' -InformationAction Continue; Write-Verbose 'v' -Verbose; Write-Debug 'd' -Debug; 'out' } f; $x = f; "$x" }
Alike 'redirected' { function f { 'out'; Write-Error 'e'; await (later 1); Write-Warning 'w' } f 2>&1 | ForEach-Object { "got $_" }; f *> $null; $x = f 2>$null; "$x"; f > $null; 'end' }
Alike 'a record of Write-Error' { function f { await (later 1); Write-Error 'bad' } f; $Error[0].InvocationInfo.MyCommand.Name; $Error[0].InvocationInfo.Line.Trim(); frames $Error[0]; $Error.Count }
Alike 'a trap of the caller' { trap { "trapped $_"; continue } function f { 'a'; await (later 1); 1 / 0; 'b' } f; 'c'; function g { await (later 1); throw 'x' } g; 'd' }
Alike 'a trap of the function' { function f { trap { "trapped $_"; await (later 1); continue } 'a'; await (later 1); 1 / 0; 'b'; throw 'c'; 'd' } f; $x = f; $x.Count }
Alike 'break and continue go to the loops of the caller' { function stop { await (later 1); break } function skip { await (later 1); continue } foreach ($i in 1..3) { if ($i -eq 2) { stop } "i$i" } foreach ($i in 1..3) { if ($i -eq 2) { skip } "j$i" } :out foreach ($i in 1..2) { foreach ($j in 1..2) { function o { await (later 1); break out } "$i$j"; if ($j -eq 2) { o } } } 'end' }
Alike 'exit' { function f { 'a'; await (later 1); exit; 'b' } f; 'never' }
Alike 'return' { function f($n) { if ($n) { return await (later $n) } foreach ($i in 1..3) { if ($i -eq 2) { return } $i; await (later 1) } } f 5; f 0; $x = f 7; $x; function g { return 1, 2, (f 3) } g; (g).Count }
Alike 'recursion' { function fact($n) { await (later 1); if ($n -le 1) { return 1 } $n * (fact ($n - 1)) } fact 5; function depth($n) { if ($n -gt 0) { await (later 1); depth ($n - 1) } else { (Get-PSCallStack | Where-Object FunctionName -eq depth).Count } } depth 3; function even($n) { await (later 1); if ($n -eq 0) { 'even' } else { odd ($n - 1) } } function odd($n) { if ($n -eq 0) { 'odd' } else { even ($n - 1) } } even 5; odd 4 }
Alike 'a call in an argument of a call' { function f($n) { await (later 1); "f($n)" } f (f (f 1)); f "$(f 2)"; f (f 3).Length; f @(f 4; f 5)[1]; f ((f 6) + (f 7)); f { f 8 }; & (f { 9 } | ForEach-Object { { 'x' } }) }
Alike 'redefined' { function f { await (later 1); 'one' } f; function f { await (later 1); 'two' } f; function f { 'three' } f; function f { await (later 1); function f { 'inner' } f } f; f; ${function:f} = { 'four' }; f }
Alike 'defined in the file' { f 1; $x = f 2; "x $x"; try { g } catch { frames $_ } $v; f 3 } -Setup 'function f($n) { "f $n $v"; $v = $n; await (later 1); "f $v" }; function g { await (later 1); throw "g" }; $v = "file"'
Alike 'removed' { function f { await (later 1); 'f' } f; Remove-Item function:f; f; 'end' }
Alike 'made anew in the file' { f; Set-Item function:f { 'new' }; f; ${function:f} = { await (later 1); 'newer' }; f } -Setup 'function f { await (later 1); "old" }'
Alike 'under another name' { f; Set-Alias other f; other; & f; . f; & 'f'; $n = 'f'; & $n; & (Get-Command f); & ${function:f}; "[$made]" } -Setup 'function f { $made = 1; await (later 1); "f $($MyInvocation.InvocationName)" }'
Alike 'within pipelines' { function f($n) { 1..$n; await (later 1); 'end' } f 2 | ForEach-Object { "got $_" }; 1..2 | ForEach-Object { f $_ } | Sort-Object; f 3 | Select-Object -First 1; (f 2 | Measure-Object).Count; $x = f 1 | Out-String; $x.Trim() }
Alike 'begin, process, end, clean' { function f($a) { begin { 'b'; await (later 1) } process { "p [$_] $a"; await (later 1) } end { 'e'; await (later 1) } } f 1; $x = f 2; $x -join ' '; 1..2 | f 3; filter t { "t [$_]"; await (later 1) } t; 1 | t }
Alike '&& and ||' { function f($n) { "f$n"; await (later 1) } function g { await (later 1); Write-Error 'x' } f 1 && f 2; f 3 || f 4; g && f 5; g || f 6; f 7 && Get-Item nowhere || f 8; $x = f 9 && f 0; "$x" }
Alike '$Matches, $foreach and $Error' { function f { 'abc' -match 'b' | Out-Null; await (later 1); $Matches[0]; "$foreach".Length -gt 0 } foreach ($i in 1, 2) { 'x' -match 'x' | Out-Null; f; $Matches[0] } function g { await (later 1); $Error.Count; 1 / 0; $Error.Count; $Error.Clear() } g; $Error.Count }
Alike 'classes and values of many kinds' { class Box { [int] $N; [string] Show() { return "box $($this.N)" } } function f([Box] $b, [datetime] $d, [scriptblock] $s, [hashtable] $h) { await (later 1); $b.Show(); $d.Year; & $s; $h.x; $b.N = 9 } $b = [Box]@{ N = 1 }; f $b '2001-01-01' { 'block' } @{ x = 5 }; $b.N }
Alike 'closures and blocks that the function gives' { function make($n) { await (later 1); { "n $n" }.GetNewClosure(); { "dynamic $n" } } $a, $b = make 5; & $a; & $b; $n = 7; & $b }
Alike 'output of many kinds' { function f { $null; , (1, 2); @(); @{ a = 1 }; await (later 1); , @(3); 'text'; [pscustomobject]@{ p = 1 }; Get-Item / } f; $x = f; $x.Count; $x[1].GetType().Name; $x[-1].GetType().Name; $y = @(f); $y.Count; function none { await (later 1) } $z = none; $null -eq $z; @(none).Count; function one { await (later 1); , @(1) } (one).GetType().Name }
Alike 'a mandatory parameter by pipeline is native' { function f { param([Parameter(ValueFromPipeline)] $x) process { "p $x"; await (later 1) } } 1, 2 | f; f 3; f -x 4 }
Alike '$PSCmdlet and ShouldProcess are native' { function f { [CmdletBinding(SupportsShouldProcess)] param() await (later 1); $PSCmdlet.ShouldProcess('a', 'b'); $PSCmdlet.MyInvocation.MyCommand.Name; $PSCmdlet.ParameterSetName } f; f -WhatIf; f -Confirm:$false }
Alike 'parameter sets' { function f { [CmdletBinding(DefaultParameterSetName = 'a')] param([Parameter(ParameterSetName = 'a')] $x, [Parameter(ParameterSetName = 'b', Mandatory)] $y) await (later 1); "x $x y $y"; $PSBoundParameters.Keys } f; f 1; f -y 2; f -x 1 -y 2; 'end' }
Alike 'dynamic parameters are native' { function f { [CmdletBinding()] param($a) dynamicparam { } end { await (later 1); "a $a" } } f 1 }
Alike 'a function of a module' { Get-Twice 4; $x = Get-Twice 5; "x $x"; $hidden; try { Get-Fail } catch { "$_" } Get-Count; Get-Count } -Setup '$null = New-Module -Name Called { $hidden = "module"; $count = 0; function Get-Twice($n) { $hidden; await (later 1); Get-Private $n } function Get-Private($n) { await (later 1); $n * 2 } function Get-Fail { await (later 1); throw "mod" } function Get-Count { $script:count++; await (later 1); $script:count } Export-ModuleMember -Function Get-Twice, Get-Fail, Get-Count }; $hidden = "caller"'
Alike 'within bodies' { $l = New-AsyncLock; function f($n) { Enter-AsyncLock $l; try { await (later $n) } finally { Exit-AsyncLock $l } } Use-AsyncSemaphore (New-AsyncSemaphore 1) { f 1; $x = f 2 }; $x; Use-AsyncLock (New-AsyncLock) { f 3 }; function g { Use-AsyncLock $l { await (later 4); 'in' }; 'out' } g; Invoke-AsyncTaskGroup { f 5; g } }
Alike 'tasks that a function starts' { function f { $t = 1..2 | ForEach-Object { later $_ }; Wait-AsyncGather $t; Invoke-AsyncTaskGroup { Start-AsyncSleep 0; await (later 3) } } f; $x = f; $x -join ',' }
Alike 'cancelled in it' { function f { try { 'a'; await (Start-AsyncSleep 30) } catch { "caught $($_.Exception.GetType().Name)"; throw } finally { 'finally'; await (later 1) } 'never' } try { Invoke-WithTimeout 0.05 { await (Start-AsyncSleep 30) } } catch { 'limit' } $t = Start-AsyncTask { function g { try { await (Start-AsyncSleep 30) } finally { 'g ends' } } g; 'never' } -OnLoop; await (Start-AsyncSleep 0.02); Stop-AsyncTask $t; try { await $t } catch { "stopped $($t.State)" } }
Alike 'deep inside compound statements' { function f($n) { await (later 1); $n } foreach ($i in 1..2) { try { if ($i) { switch (f $i) { 1 { foreach ($j in f (1, 2)) { "$i$j" } } 2 { throw (f 'thrown') } } } } catch { "caught $_ $(f 'in catch')" } finally { f "finally $i" } } }
Alike 'a function that only calls others' { function outer { 'o'; inner; 'p' } function inner { await (later 1); 'i' } outer; $x = outer; $x -join '' }
Alike '$this and $args of the caller' { function f { "[$this] $($args.Count)"; await (later 1); "[$this] $($args.Count)" } f; f 1 2; "$($args.Count)" } -Arguments "'a', 'b', 'c'"
Alike 'private variables of the caller' { $private:p = 'secret'; $q = 'open'; function f { "[$p] [$q]"; await (later 1); "[$p] [$q]"; $p = 1 } f; $p }
Alike 'default parameter values' { $PSDefaultParameterValues = @{ 'f:b' = 'given' }; function f { [CmdletBinding()] param($a, $b) await (later 1); "$a $b" } f 1; f 1 2; $PSDefaultParameterValues.Clear(); f 3 }
Alike 'with commands behind it' { function f($n) { 1..$n; await (later 1); 'end' } f 2 | Out-Null; f 3 | Select-Object -Last 1; $x = f 4 | Sort-Object -Descending; $x -join ','; f 2 | Where-Object { $_ -ne 1 } | Measure-Object | ForEach-Object Count; f 1 | Out-String | ForEach-Object Length; f 3 | Select-Object -First 1; function g($n) { later $n; $null = await (later 1); later ($n + 1) } g 5 | Wait-AsyncGather; (f 2 | Select-Object -Skip 1).Count; f (f 1 | Select-Object -First 1) | Write-Output }
Alike 'with commands behind it, and an error' { function f { 1; await (later 1); throw 'x'; 2 } f | Sort-Object }
Alike 'with commands behind it, and an error that is caught' { function f { 1; await (later 1); Get-Item nowhere; 2; throw 'x' } try { f | Sort-Object } catch { "$_"; frames $_ } $y = try { f | Write-Output } catch { 'c' }; "$y" }
Alike 'in blocks of ForEach-Object' { function f($n) { "f $n $_"; await (later 1); if ($n -eq 3) { throw 'three' } "g $n $_" } 1..2 | ForEach-Object { $x = $_; f $x; "x $x" }; try { 2..3 | ForEach-Object { f $_ } } catch { "$_"; frames $_ } $y = 1..2 | ForEach-Object { f $_ } | Select-Object -Last 1; $y }
Alike 'a ForEach-Object in a function' { function f($list) { $list | ForEach-Object { "e $_"; await (later $_); if ($_ -eq 3) { throw 'three' } $n += $_ }; "n $n" } f 1, 2; try { f 2, 3 } catch { "$_"; frames $_ } $z = f (, 1); $z.Count }
Alike 'an error that leaves a try without a catch' { function f { 'a'; await (later 1); no-such-command; 'b' } try { while ($x = (f)) { 'loop' } } finally { 'finally' } 'goes on'; try { throw 'x' } catch { if ($y = (f)) { 'if' } } finally { 'finally' } 'end' }
Alike 'variables further out that change before its own are there' { $script:s = 1; $v = 1; function change { $script:s++; Set-Variable v 5 -Scope 2 } function f { "$s $v"; change; await (later 1); "$s $v"; $s = 'own'; $v = 'own'; "$s $v"; change; "$s $v" } f; "$s $v" }
Alike 'a reference to a variable further out, taken in a function that it calls' { function take { $r = [ref] $c; $r.Value = 'taken' } function f { take; "[$c]"; await (later 1); if ($c += 'x') { "[$c]" } } $c = 'outer'; f; "[$c]" }
Alike 'an item of its own that is nothing' { function f { switch ((await (later 2)), $null) { 1 { "one [$_]" } default { "other [$_]" } } foreach ($i in 1) { await (later $null) | ForEach-Object { "e [$_]" } } } switch (1) { 1 { f; "[$_]" } } 1 | ForEach-Object { f; "[$_]" } }
Alike 'an error in a trap of a function ends it, and the statement that calls it' { function f { trap { 1 - 'x'; 'y' } await (fail 'f'); 'z' } f; 'a'; (f); 'b'; if ($b += (f)) { 'c' } 'd'; $x = f; "$? $x" }
Alike 'an error in a trap of a function that one with a trap of its own calls' { function f { trap { if ($b += (1 - 'x')) { 1 } } throw 'f'; await (now 1) } function g { trap { "g $_" } f; 'in g'; await (now 2) } g; f && 'and'; f || 'or'; 'end' }
Alike 'an error that a trap of a function lets go on, or throws' { function f($how) { trap { if ($how -eq 'throw') { throw 't' } break } 1 / 0; await (now 1) } function g { try { f break } finally { 'finally'; await (now 1) } 'in g' } try { g; 'no' } catch { "c $_" } try { f throw } catch { "d $_" } trap { "t $_" } f break; 'end' }
Alike 'an error in a trap of a function whose scope is looked after' { function f { trap { $b - 1; 'no' } $r = [ref] $c; $r.Value = 5; await (fail 'f') } $b = @(1, 2); $c = 1; f; "$c" }
Alike 'functions that await only in a ForEach-Object' { function f($n) { $k = 0; 1..3 | ForEach-Object { $k++; await (later "$n $_ $k") } | Sort-Object -Descending; "$k $_" } function g { $list = 1..2; $list | % { 'g' + (f $_) } | ForEach-Object -Begin { 'b' } { "<$_>" } -End { 'e' } } 5 | ForEach-Object { g }; $x = f 7; "$x"; f 8 | Select-Object -First 1 }
Alike 'errors and jumps of functions that await only in a ForEach-Object' { function f($n) { foreach ($i in 1..2) { 1..3 | ForEach-Object { if ($_ -eq $n) { continue } if ($_ -eq $n + 1) { throw "t $_" } if ($_ -gt 2) { return 'r' } await (later "$i $_") } "after $i" } } f 1; try { f 0 } catch { "c $_" } f 5; no-such-command; 'end' }
Alike 'values as arguments' {
    function f($a, [int] $b, [string] $c, [bool] $d) { await (later 1); "$a|$b|$c|$d"; if ($null -ne $a) { $a.GetType().Name; $a -is [psobject] }; $b.GetType().Name; $c.Length; $args.Count }
    $n = 5; $w = [psobject]::AsPSObject(6); $o = [pscustomobject]@{ k = 1 }; $l = 1, 2; $e = @(); $t = Get-Date -Year 2000 -Month 1 -Day 1 -Hour 0 -Minute 0 -Second 0; $s = 'text'
    f $n $n $s $true; f $w $w $s; f $o 1 'lit' $false; f $l; f $e $n; f $t.Year 2; f -b $n -a $s; f $null 3; f $never 4; f -c $s -b 2 $o $n more; f ($n + 1) ($n * 2) x; f 0x10 1; f 1.50 2; f 1e3 3; f -5 6; f -- 7; f $n 'not a number'; 'next'; f a $s
}
Alike 'names that are shortened, unknown or given twice' { function f($first, $second) { await (later 1); "$first|$second|$args" } $x = 1; f -fir $x -s 2; f -other $x; f -first:$x; f -first $x -first 2; 'next'; f -first; 'next'; f -second $x 3 4 }
Alike 'variables that hold values which are copied' { function f($a) { $a.Value = 5; await (later 1); "$($a.Value)" } $entry = [System.Collections.DictionaryEntry]::new('k', 1); f $entry; $entry.Value; function g([string] $t, $u) { $t += 'x'; $u += 1; await (later 1); "$t $u" } $t = 'a'; $u = 1; g $t $u; "$t $u" }
Alike 'names that the caller has in the place of others' { function f($n) { await (later $n); g $n; Write-Output $n } function g($n) { "g $n" } function Write-Output { "mine $args" } f 1; Set-Alias f g; f 2; Remove-Item Alias:f; f 3 }
Alike 'a function that is made anew' { function f($n) { await (later 1); "old $n" } f 1; function f($n) { await (later 1); "new $n" } f 2; Set-Item function:f { param($n) "none $n" }; f 3; $i = 0; foreach ($i in 1..2) { f $i; function f($n) { await (later 1); "in $n" } } }
Alike 'functions of the file, their names and variables' { $v = 'block'; $i = 1; f $i; function g { 'of the block' } f $i; $n = f 2; $n; "$v $script:v" } -Setup '$v = "file"; function f($n) { "$v"; $v = "f"; await (later $n); g; "$v" } function g { "of the file" }'
Alike 'functions of a module under its own strict mode' { $i = 1; Get-Strict $i; Set-StrictMode -Version 3; Get-Lax $i; try { $never } catch { 'strict' } } -Setup '$null = New-Module -Name Strict { Set-StrictMode -Version 3; $own = "own"; function Get-Strict($n) { $x = await (later $n); try { $never } catch { "strict $own $x" } } }; $null = New-Module -Name Lax { $own = "lax"; function Get-Lax($n) { $x = await (later $n); "[$never] $own $x"; $own = 2; Get-Inner $n } function Get-Inner($n) { await (later $n); "$own" } }'
Alike 'what it awaits is its caller''s' { $task = later 5; function f { await $task; g } function g { $r = await $task; "g $r" } f; & { $task = later 6; f }; $task = later 7; f; function h { $task = later 8; await $task; f } h }
Alike 'what it awaits is private, or holds nothing' { $private:p = later 1; function f { try { await $p } catch { "$($_.FullyQualifiedErrorId)" } } f; function g { try { await $nothing } catch { "$($_.FullyQualifiedErrorId)" } } g; $nothing = $null; g }
Alike 'arithmetic as the last statement' { function f($a, $b) { await (later 1); $a + $b } function g($a) { await (later 1); -not $a } function h($a, $b) { await (later 1); $a -gt $b } $x = 2147483647; f 1 2; f $x 1; f 'a' 1; f 1.5 2; g $true; g $x; h 2 1; (f 1 2).GetType().Name; (f $x 1).GetType().Name; $y = f 3 4; $y -is [psobject]; f 1 2 | ForEach-Object { $_ -is [psobject] }; $? }
