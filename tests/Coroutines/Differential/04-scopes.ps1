# Locals are real variables of one lasting scope

Alike '[ref] to a local' { $x = 1; $r = [ref] $x; await (later 1); $r.Value = 5; $x; $x = 6; await (later 1); $r.Value }
Alike '[ref] as an argument' { function f([ref] $p) { $p.Value++ } $x = 1; await (later 1); f ([ref] $x); $x }
Alike '[ref] taken after the await' { $x = 1; await (later 1); $r = [ref] $x; $r.Value = 9; await (later 1); $x }
Alike '[ref] to TryParse' { $n = 0; await (later 1); [int]::TryParse('42', [ref] $n); $n; await (later 1); $n }
Alike 'a typed variable' { [int] $x = '1'; await (later 1); $x = '7'; $x.GetType().Name; $x = 'no'; $x }
Alike 'a typed variable set by an await' { [int] $x = await (later '12'); $x.GetType().Name; $x = await (later 'no'); $x }
Alike 'a typed variable is retyped' { [int] $x = 1; await (later 1); [string] $x = 5; $x.GetType().Name; await (later 1); $x = 6; $x.GetType().Name }
Alike 'a validated variable' { [ValidateRange(1, 5)] [int] $x = 2; await (later 1); $x = 9; $x; $x = 3; $x }
Alike 'a variable with ValidateSet' { [ValidateSet('a', 'b')] $x = 'a'; $x = await (later 'c'); $x; $x = await (later 'b'); $x }
Alike 'a variable with ValidateNotNullOrEmpty' { [ValidateNotNullOrEmpty()] $x = 'a'; $x = await (later ''); $x }
Alike 'Set-Variable' { Set-Variable x 1; await (later 1); $x; Set-Variable x 2; $x; await (later 1); $x }
Alike 'Set-Variable -Scope 0' { Set-Variable x 1 -Scope 0; await (later 1); $x; Get-Variable x -Scope 0 -ValueOnly }
Alike 'Set-Variable -Scope 1 from a function' { function f { Set-Variable x 5 -Scope 1 } $x = 1; f; $x; await (later 1); $x = 2; f; $x; await (later 1); $x }
Alike 'Set-Variable -Scope 1 from a block' { $x = 1; await (later 1); & { Set-Variable x 5 -Scope 1 }; $x; await (later 1); $x }
Alike 'Set-Variable -Option ReadOnly' { Set-Variable x 1 -Option ReadOnly; await (later 1); $x = 2; $x }
Alike 'Set-Variable -Option Constant' { Set-Variable x 1 -Option Constant; await (later 1); $x = 2; $x }
Alike 'New-Variable twice' { New-Variable x 1; await (later 1); New-Variable x 2; $x }
Alike 'Remove-Variable' { $x = 1; await (later 1); Remove-Variable x; $null -eq $x; $x = 2; await (later 1); $x }
Alike 'cmdlets with their module' { Microsoft.PowerShell.Utility\New-Variable x 1; Microsoft.PowerShell.Utility\Set-Alias say Write-Output; await (later 1); say $x; Microsoft.PowerShell.Utility\Remove-Variable x; await (later 1); Test-Path variable:x }
Alike 'Remove-Variable of what was there before the first await' { $x = 1; Remove-Variable x; await (later 1); Test-Path variable:x }
Alike 'Clear-Variable' { $x = 1; await (later 1); Clear-Variable x; "<$x>" }
Alike 'Get-Variable' { $x = 1; await (later 1); (Get-Variable x).Value; $x = 2; Get-Variable x -ValueOnly; (Get-Variable x -Scope 0).Value }
Alike 'the variable drive' { $x = 1; await (later 1); $variable:x; Test-Path variable:x; Test-Path variable:nope; Set-Content variable:x 5; $x }
Alike 'a braced name' { ${a b} = 1; await (later 1); ${a b}; ${a b}++; await (later 1); ${a b} }
Alike 'dynamic look-up from a function' { function f { $x } $x = 1; f; await (later 1); $x = 2; f; await (later 1); f }
Alike 'dynamic look-up from a nested block' { $x = 1; await (later 1); & { $x }; $b = { $x }; $x = 2; & $b; await (later 1); & $b }
Alike 'an assignment in a nested block stays there' { $x = 1; await (later 1); & { $x = 2; $x }; $x }
Alike 'a dot-sourced block' { $x = 1; await (later 1); . { $x = 2; $y = 3 }; $x; $y; await (later 1); $x; $y }
Alike 'a dot-sourced block that awaits' { $x = 1; . { $x = await (later 2); $y = 3 }; $x; $y; await (later 1); $x }
Alike 'a dot-sourced function' { function f { $z = 7 } . f; $z; await (later 1); $z; . f; $z }
Alike 'private' { $private:x = 1; await (later 1); $x; & { "in <$x>" }; function f { "f <$x>" } f }
Alike 'private set after the await' { await (later 1); $private:x = 1; $x; & { "in <$x>" }; await (later 1); & { "in <$x>" } }
Alike 'local:' { $local:x = 1; await (later 1); $local:x; & { $local:x; $local:x = 2; $x }; $x }
Alike 'script:' { $script:x = 1; await (later 1); $script:x; $x; $script:x = 2; await (later 1); $x; function f { $script:x++ } f; $script:x }
Alike 'script: of the file' { $script:s; await (later 1); $script:s = 'b'; $script:s; await (later 1); $script:s } -Setup { $s = 'a' }
Alike 'global:' { $global:gg = 1; await (later 1); $global:gg; $gg; $global:gg = 2; await (later 1); $gg; $gg = 3; $global:gg; $gg }
Alike 'env:' { $env:DIFFTEST = 'a'; await (later 1); $env:DIFFTEST; Remove-Item env:DIFFTEST; await (later 1); "<$env:DIFFTEST>" }
Alike 'function: drive' { function f { 'a' } await (later 1); ${function:f}.ToString().Trim(); ${function:f} = { 'b' }; f; await (later 1); f }
Alike 'a closure' { $x = 1; await (later 1); $c = { $x }.GetNewClosure(); $x = 2; & $c; await (later 1); & $c }
Alike 'a closure in a loop' { $cs = foreach ($i in 1..3) { await (later $i) | Out-Null; { $i * 10 }.GetNewClosure() }; $cs | ForEach-Object { & $_ } }
Alike 'a closure with typed variable' { [int] $x = '5'; await (later 1); $c = { $x.GetType().Name }.GetNewClosure(); & $c }
Alike 'strict mode: an unset variable' { Set-StrictMode -Version 3; await (later 1); $nope; 'end' }
Alike 'strict mode: an unset variable after being set on another path' { Set-StrictMode -Version Latest; if (await (later $false)) { $x = 1 }; $x; 'end' }
Alike 'strict mode: a missing property' { Set-StrictMode -Version 3; await (later 1); $x = [pscustomobject]@{ a = 1 }; $x.b; 'end' }
Alike 'strict mode: an index out of range' { Set-StrictMode -Version 3; await (later 1); $x = 1, 2; $x[5]; 'end' }
Alike 'strict mode set after an await' { $nope; await (later 1); Set-StrictMode -Version 3; $nope; await (later 1); $nope; Set-StrictMode -Off; $nope; 'end' }
Alike 'strict mode set before the first await only' { Set-StrictMode -Version 3; try { await (later 1); $nope } catch { 'strict' } }
Alike 'strict mode of the file' { await (later 1); try { $nope; 'lax' } catch { 'strict' } } -Setup { Set-StrictMode -Version 3 }
Alike 'strict mode in a function' { function f { Set-StrictMode -Version 3; try { $nope } catch { 'strict' } } f; await (later 1); f; $nope }
Alike 'WarningPreference' { Write-Warning a; await (later 1); $WarningPreference = 'SilentlyContinue'; Write-Warning b; await (later 1); Write-Warning c; 'end' }
Alike 'VerbosePreference' { Write-Verbose a; $VerbosePreference = 'Continue'; await (later 1); Write-Verbose b; & { Write-Verbose c }; function f { Write-Verbose d } f }
Alike 'DebugPreference' { $DebugPreference = 'Continue'; await (later 1); Write-Debug b; 1 }
Alike 'InformationPreference' { Write-Information a; $InformationPreference = 'Continue'; await (later 1); Write-Information b; Write-Host h; 1 }
Alike 'WarningPreference Stop' { $WarningPreference = 'Stop'; await (later 1); Write-Warning b; 1 }
Alike 'WhatIfPreference' { $WhatIfPreference = $true; await (later 1); Remove-Item /no/such/thing -ErrorAction SilentlyContinue; Set-Variable -Name q -Value 1; "<$q>" }
Alike 'PSDefaultParameterValues' { $PSDefaultParameterValues = @{ 'Write-Output:InputObject' = 5 }; await (later 1); Write-Output; & { Write-Output } }
Alike 'OFS' { $OFS = '-'; await (later 1); "$(1, 2, 3)"; $a = 1, 2; "$a" }
Alike 'OutputEncoding and PWD' { Push-Location ([IO.Path]::GetTempPath()); await (later 1); $PWD.Path -eq (Get-Location).Path; Pop-Location; await (later 1); (Get-Location -Stack).Count }
Alike 'a local function' { function f { 'one' } f; await (later 1); f; function f { 'two' } f; await (later 1); f }
Alike 'a function defined after the await' { await (later 1); function f($a) { "f $a" } f 1; await (later 1); f 2 }
Alike 'a function defined in a branch' { if (await (later 1)) { function f { 'yes' } } f; await (later 1); f }
Alike 'a function defined in a loop' { foreach ($i in 1..3) { await (later $i) | Out-Null; Invoke-Expression "function f$i { $i }" } f1; f2; f3 }
Alike 'a recursive function' { function fac($n) { if ($n -le 1) { 1 } else { $n * (fac ($n - 1)) } } await (later 1); fac 5 }
Alike 'functions that call one another' { function f { g } function g { h } function h { $x } $x = 'dyn'; await (later 1); f }
Alike 'a function of the file' { ff 1; await (later 1); ff 2 } -Setup { function ff($a) { "ff $a" } }
Alike 'a filter' { filter dbl { $_ * 2 } 1..3 | dbl; await (later 1); 1..3 | dbl }
Alike 'a local alias' { Set-Alias al Write-Output; al 1; await (later 1); al 2; Set-Alias al Get-Variable -Force; await (later 1); (Get-Alias al).Definition }
Alike 'an alias in a function' { function f { al 3 } Set-Alias al Write-Output; await (later 1); f }
Alike 'a local drive' { $null = New-PSDrive dd FileSystem ([IO.Path]::GetTempPath()); await (later 1); Test-Path dd:/; (Get-PSDrive dd).Name }
Alike 'the count of variables in scope 0' { $a = 1; $b = 2; await (later 1); $names = (Get-Variable -Scope 0).Name; 'a' -in $names; 'b' -in $names; 'c' -in $names; & { 'a' -in (Get-Variable -Scope 0).Name; 'a' -in (Get-Variable -Scope 1).Name } }
Alike 'a variable looked up before it is set' { "<$x>"; await (later 1); "<$x>"; $x = 1; "<$x>" }
Alike 'Invoke-Expression' { $x = 1; await (later 1); Invoke-Expression '$x = 2; $y = 3'; $x; $y; await (later 1); $y }
Alike 'Invoke-Command' { $x = 1; await (later 1); Invoke-Command { $x; $x = 2 }; $x; Invoke-Command -NoNewScope { $x = 3 }; $x; await (later 1); $x }
Alike 'a loop variable after the loop' { foreach ($i in 1..3) { await (later $i) } $i; for ($k = 0; $k -lt 2; $k++) { await (later $k) } $k }
Alike 'a foreach over what await gives' { foreach ($i in await (later @("1", 2))) { $i.GetType().Name; await (later $i) } }
Alike 'ForEach-Object assigns to the block' { $x = 0; 1..3 | ForEach-Object { $x += $_ }; await (later 1); $x; 1..3 | ForEach-Object { $x += $_ }; $x }
Alike 'Where-Object and Sort-Object blocks see locals' { $x = 2; await (later 1); 1..4 | Where-Object { $_ -gt $x }; 1..3 | Sort-Object { - $_ * $x } }
Alike '-OutVariable into a local' { $null = Write-Output 1 2 -OutVariable o; await (later 1); $o; $null = Write-Output 3 -OutVariable +o; await (later 1); $o.Count }
Alike 'a variable whose type is a class' { [Collections.Generic.List[int]] $l = @(1, 2); await (later 1); $l.GetType().Name; $l.Add(3); $l.Count; $l = @('4'); $l.GetType().Name }
Alike '[switch] and [bool] variables' { [bool] $b = 1; await (later 1); $b; $b = 'x'; $b; [switch] $s = $true; await (later 1); $s.GetType().Name }
Alike 'Get-Variable attributes survive' { [ValidateRange(1, 5)] [int] $x = 2; await (later 1); (Get-Variable x).Attributes.Count; (Get-Variable x).Attributes[0].GetType().Name }
Alike 'many variables' { foreach ($i in 1..40) { Set-Variable "v$i" $i } await (later 1); $v1 + $v40; $v7 = 0; await (later 1); $v7; $v8 }
Alike 'strict mode of the script around' { $x = 1; try { $unknown } catch { "$_" } try { await (later $other) } catch { "$_ $($_.FullyQualifiedErrorId) $($_.TargetObject)" } try { $set } catch { "$_" } if ($x -eq 2) { $set = 1 } try { "$set" } catch { "$_" } $set = await (later 5); $set; try { $n++ } catch { "$_" } $m += 1; $m; $s ??= await (later 6); $s; [int] $t = 1; $t; foreach ($i in 1..2) { await (later $i) } $i; [ValidateRange(1, 3)] $v = 2; $v; try { (await (later @{})).zz } catch { "$_" } $set2; $set2 = 1 } -Setup 'Set-StrictMode -Version 3'
Alike 'strict mode and a function that looks' { function see { $seen } try { see } catch { "$_" } $seen = await (later 1); see; trap { "t $_"; continue } $late; $late = 2; $late } -Setup 'Set-StrictMode -Version Latest'
Alike 'functions that are removed' { function f { 'f' } f; await (later 1); Remove-Item function:f; f; await (later 2); f; function g { 'g' } g; if (await (later 3)) { Remove-Item function:g } g; . { function k { 'k' } }; k; Remove-Item function:k; await (later 4); k; Test-Path function:k }

# Steps that change the scope in ways that their text does not show, among others
Alike 'steps that change the scope, and others' { $n = 0; foreach ($i in 1..3) { $n += await (later $i) } if ($n -gt 100) { Remove-Item /no/such } Set-Alias al Write-Output; al $n; foreach ($i in 1..3) { $n += await (later $i); al $i } Remove-Item alias:al; await (later 1); (Get-Alias al -ErrorAction Ignore).Count; $n }
Alike 'strict mode of a version that is computed' { $v = 3; Set-StrictMode -Version $v; await (later 1); try { $nope } catch { "$_" } if ($v -gt 5) { $late = 1 } try { $late } catch { "$_" } $late = 2; $late; Set-StrictMode -Off; $nope; Remove-Variable late; "<$late>"; Set-StrictMode -Version 2; try { $late } catch { "$_" } }
Alike 'strict mode by its full name, and by a function of its name' { Microsoft.PowerShell.Core\Set-StrictMode -Version 2; await (later 1); try { $nope } catch { "$_" } Set-StrictMode -Off; $?; $nope; function Set-StrictMode { "mine $args" } Set-StrictMode -Version 3; await (later 1); $nope; 'end' }
Alike 'strict mode, where its name is an alias of another' { Set-StrictMode -Version 3; try { $nope } catch { "$_" } Set-StrictMode -Off; Set-Alias Set-StrictMode Write-Output; Set-StrictMode 'said'; await (later 1); $nope; 'end' }
Alike 'strict mode in steps that change the scope' { Set-StrictMode -Version 3; foreach ($i in 1..2) { Set-Alias "a$i" Get-Item; try { $nope } catch { "$_" } await (later $i); (Get-Alias "a$i").Definition } try { @(1)[4] } catch { "$_" } Set-StrictMode -Version 1; @(1)[4]; try { "$(([pscustomobject] @{}).no)"; $nope } catch { "$_" } }
Alike 'strict mode in the block, and variables that an operator makes' { Set-StrictMode -Version 3; $m += 1; $m; $n += (await (later 3)); $n; try { $k++ } catch { "$_" } foreach ($i in 1..2) { $t += await (later $i) } $t; $w ??= await (later 4); $w; Set-StrictMode -Off; $u += 2; $u }
Alike 'strict mode 1, and variables with types' { Set-StrictMode -Version 1; [int] $n = 1; $n = '7'; $n.GetType().Name; await (later 1); $n = '8'; $n + 1; [byte] $y = 254; $y++; try { $y++ } catch { $_.FullyQualifiedErrorId } "$y"; $n = 'x'; 'never' }
Alike 'a file that is dot-sourced' { . $f; $a; ff; await (later 1); $a; ff; $a = 2; $a; Remove-Variable a; try { "<$a>" } catch { "$_" } . $f; $a; try { $zz } catch { "$_" } gg } -Setup { $f = [IO.Path]::GetTempFileName() + '.ps1'; Set-Content $f '$a = 7; function ff { "ff $a" }; Set-Alias gg ff; Set-StrictMode -Version 2' }
Alike 'a local drive that is removed' { $null = New-PSDrive dd FileSystem ([IO.Path]::GetTempPath()); await (later 1); Test-Path dd:/; (Get-PSDrive dd).Name; Remove-PSDrive dd; await (later 1); Test-Path dd:/; (Get-PSDrive dd -ErrorAction Ignore).Count }
Alike 'aliases and drives of the caller''s that a called function removes' { function al { [bool] (Get-Alias st -ErrorAction Ignore) } function f { await (later 1); Remove-Alias st; al; await (later 1); al } Set-Alias st Get-Item; f; al; await (later 1); al; Set-Alias st Get-Item; & { await (later 1); Remove-Alias st }; al; Set-Alias st Get-Item; 1 | ForEach-Object { & { Remove-Alias st; await (later 1) } }; al; $null = New-PSDrive dd FileSystem ([IO.Path]::GetTempPath()); & { await (later 1); & { await (later 1); Remove-PSDrive dd }; Test-Path dd:/ }; Test-Path dd:/; await (later 1); Test-Path dd:/ }
Alike 'a block that is called in the scope later' { $b = { Set-Alias st Get-Item; $nn = 4; Set-Variable "c$nn" 5 }; 1 | ForEach-Object $b; await (later 1); (Get-Alias st).Definition; $nn; $c4 }
Alike 'functions that reach out of their scope' { function f { Set-Variable yy 5 -Scope 1; Set-Alias q1 Get-Item -Scope 1 } f; $yy; await (later 1); $yy; (Get-Alias q1).Definition; function g { Remove-Variable yy -Scope 1 } g; "<$yy>"; Test-Path variable:yy }
Alike 'functions made by the drive' { New-Item function:nf -Value { 'nf' } | Out-Null; nf; await (later 1); nf; Rename-Item function:nf nf2; nf2; await (later 1); nf2; Remove-Item function:nf2; Test-Path function:nf2 }
Alike 'variables made by the drive' { New-Item variable:vv -Value 3 | Out-Null; $vv; await (later 1); $vv; Set-Item variable:vv 4; $vv; Clear-Item variable:vv; "<$vv>"; Remove-Item variable:vv; Test-Path variable:vv }
Alike 'a called function that changes its scope' { function f { $p = 1; Set-Alias inner Write-Output; await (later 1); inner $p; Remove-Variable p; "<$p>"; $private:q = 4; await (later 2); $q; h } function h { "h <$q> <$p>" } $p = 9; f; $p; (Get-Alias inner -ErrorAction Ignore).Count }
Alike 'a trap that changes its scope' { $x = 1; trap { Set-Variable z 3; Remove-Variable x -ErrorAction SilentlyContinue; "t <$x>"; Set-Alias ta gi; $x = 4; await (later 7); "t $x"; continue } throw 'a'; "<$x> <$z>"; await (later 1); $x; (Get-Alias ta -ErrorAction Ignore).Count }
Alike 'a condition that changes the scope' { if (Invoke-Expression '$c1 = 1; $true') { await (later 1); $c1 } while ((Invoke-Expression '$c1++; $c1') -lt 4) { await (later $c1) } $c1 }
Alike 'Tee-Object -Variable' { 1, 2 | Tee-Object -Variable tv | ForEach-Object { $_ }; await (later 1); $tv.Count; $tv }
Alike 'variables whose names are computed' { $n = 'ov'; Write-Output 5 -OutVariable $n; await (later 1); $ov.Count; Set-Variable "${n}2" 6; await (later 1); $ov2 }
Alike 'a string that names what is not there, in strict mode 1' { Set-StrictMode -Version 1; "[$b]"; await (later 1); if ("$b".Length) { 'never' } 'next'; try { $b } catch { 'strict' } $b = 2; "$b"; if ($false) { $c = 1 } await (later 3); $e = "e$c"; await (later 4); "$e"; & { "$c"; try { $c } catch { 'strict' } } }
Alike 'an operator in the value that a variable gets' { function f { $d = foreach ($i in 1..2) { $d += 1, (await (later 1)) }; "<$d>" } function g { $d = $(if ($true) { $d += 4; "in $d"; await (later 1) }); "<$d>" } $d = 3; f; g; $d }
Alike 'a variable whose assignment a trap has made up for' { function f { trap { "t $b"; continue } $b = 1 / 0; await (later 1); "<$b>"; $b++; "<$b>" } function g { trap { continue } $a, $b = 1, (1 / 0); await (later 1); "<$a $b>" } function h { trap { continue } $b = 2; $b = 1 / 0; await (later 1); "<$b>" } $a = 4; $b = 5; f; g; h; $b }
