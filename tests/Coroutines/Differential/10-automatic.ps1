# Automatic state: $?, $Matches, $_, $Error, $args, $PSBoundParameters, $PSCmdlet

Alike '$? after an await' { await (later 1); $?; $x = await (later 2); $?; $null = await (later 3); $?; await (later 4) | Out-Null; $? }
Alike '$? after a failure' { Write-Error a 2>$null; $?; await (later 1); $?; 1 / 0; $?; no-such-thing; $?; await (later 2); $? }
Alike '$? kept across statements' { Get-Item /no/such -ErrorAction SilentlyContinue; $a = $?; await (later 1); $a; $? }
Alike '$? after a caught failure' { try { await (fail 'x') } catch { $? } $?; await (later 1); $? }
Alike '$? after an expression' { Write-Error a 2>$null; $x = 1; $?; await (later 1); Write-Error a 2>$null; 1 + 1; $?; Write-Error a 2>$null; (await (later 1)); $? }
Alike '$? after if and loops' { if (await (later 0)) { 1 }; $?; Write-Error a 2>$null; if ($?) { 'T' } else { 'F' }; foreach ($i in 1) { Write-Error b 2>$null; $?; await (later 1); $? } $? }
Alike '$? at the start of blocks' { Write-Error a 2>$null; foreach ($i in 1..2) { $?; await (later $i); Write-Error a 2>$null } }
Alike '$? after & { }' { & { Write-Error a 2>$null }; $?; await (later 1); & { await (later 2) }; $?; function f { Write-Error a 2>$null } f; $? }
Alike '$? after a failed await with ErrorAction' { await (fail 'x') -ErrorAction SilentlyContinue; $? }
Alike '$? within an awaiting expression' { Write-Error a 2>$null; "$? $(await (later 1)) $?"; $? }
Alike '$? in a catch and a finally' { try { Write-Error a -ErrorAction Stop } catch { $?; await (later 1); $? } finally { $? } $? }
Alike '$Matches' { 'abc' -match 'b(.)'; $Matches[1]; await (later 1); $Matches[1]; 'xyz' -match 'y(.)'; await (later 2); $Matches[1]; 'q' -match 'no'; $Matches[1] }
Alike '$Matches in an if with await' { if ('abc' -match '(b)' -and (await (later 1))) { $Matches[1] } if ((await (later 'k=v')) -match '(?<key>\w)=(?<val>\w)') { $Matches.key; await (later 1); $Matches.val } }
Alike '$Matches of a nested block' { 'abc' -match '(b)' | Out-Null; & { 'xyz' -match '(y)' | Out-Null; $Matches[1] }; $Matches[1]; await (later 1); $Matches[1] }
Alike '$Matches of a function' { function f { 'xyz' -match '(y)' | Out-Null; $Matches[1] } 'abc' -match '(b)' | Out-Null; f; await (later 1); f; $Matches[1] }
Alike '$Matches of the file' { $Matches[1]; await (later 1); $Matches[1]; 'q' -match '(q)' | Out-Null; $Matches[1] } -Setup { $null = 'abc' -match '(b)' }
Alike '$Matches never set' { await (later 1); $null -eq $Matches; 'a' -match 'b'; $null -eq $Matches }
Alike '$Matches of -replace with a block and of Select-String' { 'abc' -match '(c)' | Out-Null; 'abc' -replace 'b', { $_.Value.ToUpper() }; await (later 1); $Matches[1] }
Alike '$_' { "<$_>"; await (later 1); "<$_>" }
Alike '$_ assigned' { $_ = 5; await (later 1); "<$_>"; 1..2 | ForEach-Object { "i $_" }; "<$_>" }
Alike '$_ assigned in every way' { $_, $x = 1, 2; await (later 1); "<$_>$x"; $_ = await (later 'w'); "<$_>"; $_ += 'x'; $_; $PSItem = 'p'; await (later 1); $_; try { $_ = 'in'; 1 / 0 } catch { "c $_"; $_ = 'caught' } "<$_>"; foreach ($i in 1, 2) { $_ = "l$i"; await (later 1); $_ } switch (7) { 7 { $_ = 's'; await (later 1); $_ } } "<$_>"; $_ } -Item "'it'"
Alike '$args assigned in every way' { $args += 'c'; await (later 1); $args.Count; $args = @(1, 2) + $args; await (later 1); "$args"; & { "$args" } 9; $a, $args = 1, 2; "$a $args"; $args = await (later 'w'); $args; try { $args = 'in'; throw 'x' } catch { "$args" } Write-Output @args } -Arguments "'a', 'b'"
Alike '$_ and $args assigned in a scope that is looked after' { Set-StrictMode -Version 1; $_ = 5; New-Variable n 6; await (later 1); "$_ $n"; $args = 1, 2; await (later 1); $args.Count; $args = $null; $null -eq $args }
Alike '$_ from the item' { "<$_>"; await (later 1); "<$_>"; 1..2 | ForEach-Object { $_ }; "<$_>" } -Item "'it'"
Alike '$_ in ForEach-Object after awaiting' { 1..3 | ForEach-Object { await (later 1) | Out-Null; $_ } }
Alike '$_ in Where, Sort and the methods' { await (later 1); 1..3 | Where-Object { $_ -gt 1 }; (1..3).Where({ $_ -gt 1 }); (1..3).ForEach({ $_ * 2 }); 'a1' -replace '\d', { $_.Value } }
Alike '$Error' { $Error.Count; 1 / 0; $Error.Count; await (later 1); $Error.Count; "$($Error[0])"; $Error.Clear(); await (later 1); $Error.Count }
Alike '$Error after a caught throw' { try { throw 'a' } catch { } await (later 1); $Error.Count; "$($Error[0])"; try { await (fail 'b') } catch { } $Error.Count; "$($Error[0])" }
Alike '$Error of a silenced error' { Write-Error a -ErrorAction SilentlyContinue; Write-Error b -ErrorAction Ignore; await (later 1); $Error.Count; Get-Item /no -ErrorAction Ignore; $Error.Count }
Alike '$args' { $args.Count; $args[0]; await (later 1); $args[1]; & { $args[0] } 9; $args[0] } -Arguments "'a', 'b'"
Alike '$args of nothing' { $args.Count; await (later 1); $args.Count; $null -eq $args[0] }
Alike '$args changed' { $args[0] = 'z'; await (later 1); $args[0]; $args = 5; await (later 1); $args } -Arguments "'a', 'b'"
Alike '$args splatted' { await (later 1); Write-Output @args } -Arguments "'a', 'b'"
Alike '$args beside param' { param($p) "p $p"; await (later 1); $args.Count; $args[0] } -Arguments '1, 2, 3'
Alike 'param' { param($a, $b) "$a-$b"; await (later 1); "$a-$b"; $a = 5; await (later 1); $a } -Arguments '1, 2'
Alike 'param with a type' { param([int] $a) $a.GetType().Name; await (later 1); $a = '7'; $a.GetType().Name; $a = 'no'; $a } -Arguments "'5'"
Alike 'param with defaults' { param($a = 1, $b = $a + 1, $c = $(2; 3)) "$a $b $c"; await (later 1); "$a $b $c" }
Alike 'param with a default that is used in part' { param($a, $b = "d $a") await (later 1); "$a $b" } -Arguments "'x'"
Alike 'param with an awaited default' { param($a = (await (later 5))) $a; await (later 1); $a }
Alike 'param with validation' { param([ValidateRange(1, 5)] [int] $a) await (later 1); $a = 9; $a; $a = 3; $a } -Arguments '2'
Alike 'param with an alias and switch' { param([Alias('q')] $a, [switch] $s) "$a $s"; await (later 1); $s.GetType().Name; $s.IsPresent } -Arguments '1'
Alike 'param with an array' { param([string[]] $a) $a.Count; await (later 1); $a -join '+' } -Arguments ', @(1, 2, 3)'
Alike 'param with [ref]-like object' { param($h) $h.x = 1; await (later 1); $h.x++; $h.x } -Arguments '@{}'
Alike 'param in strict mode' { param($a) Set-StrictMode -Version 3; await (later 1); $a; $b } -Arguments '1'
Alike 'param with a mandatory attribute' { param([Parameter(Mandatory)] $a) await (later 1); "m $a"; $PSBoundParameters.Count } -Arguments '4'
Alike 'param with ValueFromRemainingArguments' { param($a, [Parameter(ValueFromRemainingArguments)] $rest) await (later 1); $a; $rest } -Arguments '1, 2, 3'
Refused 'CmdletBinding' { [CmdletBinding()] param($a) await (later 1); $a; $PSCmdlet.GetType().Name; $PSBoundParameters.Keys } -Arguments '1'
Alike '$PSBoundParameters' { param($a, $b = 2) $PSBoundParameters.Count; await (later 1); $PSBoundParameters.Keys; $PSBoundParameters.a; $PSBoundParameters['a'] } -Arguments '1'
Alike '$PSBoundParameters splatted' { param($InputObject) await (later 1); Write-Output @PSBoundParameters } -Arguments '1'
Refused '$PSCmdlet of an advanced block' { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); await (later 1); $PSCmdlet.WriteObject(5); $PSCmdlet.WriteVerbose('v'); $PSCmdlet.ParameterSetName }
Refused '$PSCmdlet.ThrowTerminatingError' { [CmdletBinding()] param() await (later 1); $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([ArgumentException]::new('m'), 'myid', 'InvalidData', 5)); 'no' }
Refused '$PSCmdlet.WriteError' { [CmdletBinding()] param() await (later 1); $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([ArgumentException]::new('m'), 'myid', 'InvalidData', 5)); 'yes' }
Alike '$PSCmdlet of a plain block' { await (later 1); $null -eq $PSCmdlet }
Refused '$PSCmdlet.GetVariableValue and SessionState' { [CmdletBinding()] param() $x = 3; await (later 1); $PSCmdlet.GetVariableValue('x'); $PSCmdlet.SessionState.PSVariable.GetValue('x'); $ExecutionContext.SessionState.PSVariable.GetValue('x') }
Refused '$PSCmdlet.ShouldProcess' { [CmdletBinding(SupportsShouldProcess)] param() await (later 1); $PSCmdlet.ShouldProcess('t'); $WhatIfPreference }
Alike '$MyInvocation' { await (later 1); [IO.Path]::GetFileName($MyInvocation.ScriptName); $MyInvocation.MyCommand.GetType().Name; $MyInvocation.ExpectingInput }
Alike '$MyInvocation.MyCommand.ScriptBlock' { await (later 1); $MyInvocation.MyCommand.ScriptBlock.ToString().Trim().Substring(0, 5); $MyInvocation.BoundParameters.Count; $MyInvocation.UnboundArguments.Count } -Arguments '1, 2'
Alike '$PSCmdlet of functions' { function f { [CmdletBinding(SupportsShouldProcess)] param($a) $PSCmdlet.ParameterSetName; if ($PSCmdlet.ShouldProcess('t')) { "did $a" } $PSCmdlet.WriteWarning("w $a"); await (later $a) } f 1; await (later 2); f 3; f 4 -WhatIf; 5, 6 | ForEach-Object { f $_ }; $null -eq $PSCmdlet }
Alike '$PSCmdlet of an advanced function''s block in a plain block' { await (later 1); & { [CmdletBinding()] param() $PSCmdlet.GetType().Name; $PSCmdlet.WriteVerbose('v') } -Verbose; & { [CmdletBinding()] param() 1 | ForEach-Object { $PSCmdlet.ParameterSetName } } }
Alike '$MyInvocation of a function' { function f { $MyInvocation.MyCommand.Name; $MyInvocation.ScriptLineNumber; $MyInvocation.Line.Trim() } f; await (later 1); f }
Alike '$ExecutionContext, $Host, $PID' { await (later 1); $ExecutionContext.GetType().Name; $Host.Name; $PID -gt 0; $PSVersionTable.PSEdition; $PSEdition }
Alike '$true, $false, $null' { $true; await (later $false); $null; await (later $null); $null -eq $null }
Alike '$LASTEXITCODE' { sh -c 'exit 4'; $LASTEXITCODE; await (later 1); $LASTEXITCODE; $? }
Alike '$NestedPromptLevel' { await (later 1); $NestedPromptLevel }
Alike '$this' { "<$this>"; await (later 1); "<$this>" }
Alike '$input' { await (later 1); @($input).Count }
Alike 'begin, process, end' { begin { 'b'; $x = await (later 1) } process { "p <$_>"; await (later 2); $x++ } end { await (later 'e'); $x } }
Alike 'end alone' { end { await (later 'e'); 2 } }
Alike 'process alone' { process { "<$_>"; await (later 'p') } }
Alike 'begin alone' { begin { await (later 'b') } }
Alike 'begin and end with an error between' { begin { await (later 'b'); 1 / 0 } end { await (later 'e'); 'end' } }
Alike 'return in begin and process' { begin { await (later 'b'); return; 'no' } process { await (later 'p'); return; 'no' } end { 'e' } }
Alike 'throw in begin' { begin { await (later 'b'); throw 'x' } end { 'no' } }
Alike 'trap in a block with begin' { begin { trap { "t $_"; continue } await (later 1); throw 'x' } end { 'e' } }
Alike 'clean' { begin { await (later 'b') } end { await (later 'e') } clean { Write-Warning 'cleaned' } }
Alike 'clean after a throw' { begin { 'b' } end { await (later 'e'); throw 'x' } clean { Write-Warning 'cleaned' } }
Alike 'clean after a return and a failed await' { end { await (fail 'e') } clean { Write-Warning 'cleaned' } }
Alike 'clean that fails, writes, returns and awaits' { begin { 'b' } end { await (later 'e') } clean { 'dropped'; await (later 'dropped too'); 1 / 0; Write-Warning 'w'; throw 'reported' } }
Alike 'clean that leaves early' { end { $x = await (later 'e'); $x } clean { Write-Warning "c $x"; if ($x) { return } Write-Warning 'no' } }
Alike 'clean after an error in begin' { begin { await (later 'b'); throw 'x' } process { 'no' } clean { Write-Warning 'c' } }
Alike 'begin, process and end share variables, functions and $?' { begin { $n = 1; function f { "f $n" } Write-Error e -ErrorAction SilentlyContinue } process { $?; $n++; f; await (later 1) } end { $n; f } }
Alike 'loops and try across named blocks' { begin { foreach ($i in 1..3) { if ($i -eq 2) { break } await (later $i) } } process { try { await (fail 'p'); 'no' } catch { "c $_"; return } finally { 'f' } } end { $i } }
Alike 'named blocks with param and a trap each' { param([int] $a = 2) begin { trap { 'tb'; continue } 1 / 0; $a } process { trap { 'tp'; break } await (later 1); throw 'p' } end { 'no' } }
Alike 'param with begin, process, end' { param($a) begin { "b $a" } process { await (later "p $a") } end { $a = 5; await (later 1); $a } } -Arguments '3'
Alike 'item with process' { process { "p $_"; await (later 1); "q $_" } } -Item '7' -TakesItem
Alike 'dynamicparam' { [CmdletBinding()] param() dynamicparam { } end { await (later 1) } }
Alike 'dynamicparam that makes parameters' {
    [CmdletBinding()] param($a)
    dynamicparam {
        $made = "made of $a"
        $all = [Management.Automation.RuntimeDefinedParameterDictionary]::new()
        $all.Add('Extra', [Management.Automation.RuntimeDefinedParameter]::new('Extra', [int], [Attribute[]] @([Parameter] @{ Position = 1 })))
        $all
    }
    begin { "begin $a $made"; await (later 1) }
    process { "process $made" }
    end { await (later 1); "$a $made $($PSBoundParameters.Extra) $($PSBoundParameters.Extra.GetType().Name)"; $PSBoundParameters.Keys | Sort-Object; $made = 'other'; await (later 1); $made; $all.Count }
} -Arguments "'x', '7'"
Alike '$? after parentheses and $( ) with a command' { (Get-Item /no/such -ErrorAction Ignore); $?; $(Get-Item /no/such -ErrorAction Ignore); $?; (await (later 1)); $?; @(Get-Item /no/such -ErrorAction Ignore); $?; (sh -c 'exit 7'); "$? $LASTEXITCODE"; $(sh -c 'exit 9'); "$? $LASTEXITCODE" }
Alike 'param whose defaults have commands, and one that does not fit' { param($a = 1, $b = $a + 1, $c = $(try { & { 1 / 0 } } catch { 'c' }; 'd'), [int] $d = (Write-Output '5')) "$a $b $c $d $args"; await (later 1); "$a $b $c $d"; $PSBoundParameters.Count } -Arguments '7'
Alike 'whether a variable is there' { Test-Path variable:later; Get-Variable other -ErrorAction Ignore | ForEach-Object Name; await (later 1); $later = 1; $other = 2; Test-Path Variable:\later; (Get-Variable other).Value; Get-ChildItem variable:other | ForEach-Object Value }
Alike 'a closure that awaits leaves no errors' { $n = 1; $c = { $n++; await (later $n); 1 / 0 }.GetNewClosure(); & $c; try { & $c } catch { "c $_" } $Error.Count }
Alike '$? where a statement ends by what leaves it alone' { function k { "k $?" } try { no-such-command } catch { function k2 { "k2 $?" } k; k2; await (later 1) } Write-Error a 2>$null; function k3 { "k3 $?" } $?; foreach ($i in 1..3) { & { try { Write-Error a 2>$null; if ($i -eq 1) { return ($true, 1)[0] } if ($i -eq 2) { return $i } await (later 1); Write-Error a 2>$null; return } finally { "f $?" } } } }
Alike '$? after expressions with commands that fail in them' { function bad { [CmdletBinding()] param() $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('x'), 'x', 0, $null)); 1 } function later2 { [CmdletBinding()] param() await (later 1); $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('x'), 'x', 0, $null)); 1 } (await (later 1)) + (bad); $?; "$(await (later 1); bad)"; $?; ((await (later 1)), (bad))[0]; $?; [void] (await (later 1)), (bad); $?; @(await (later 1); bad); $?; (@(await (later 1); bad)); $?; $x = @(await (later 1); bad); $?; $x = $(await (later 1); bad); $?; $x = (await (later 1)), @(bad); $?; @(await (later 1); bad)[0]; $?; $x = later2; $?; $x = (later2); $?; $x = $y = later2; $?; $x += later2; $?; $x = (later2) + 1; $?; @(later2); $?; "$(later2)"; $? }
Alike '$? in and after the conditions of switch' { switch (1, 2) { { $_ -gt 5 } { 'no' } default { $?; Write-Error e -ErrorAction SilentlyContinue } } $?; switch (1, 2) { { Get-Item /no/such -ErrorAction Ignore; $true } { $?; await (later 1); Get-Item /no/such -ErrorAction Ignore } } $?; switch (3) { { Get-Item /no/such -ErrorAction Ignore } { 'no' } default { $? } } Write-Error e -ErrorAction SilentlyContinue; switch ('a') { 'a' { $?; await (later 2) } } }
Alike '$? behind a call that ended by a jump' { function f { await (now 1); break } foreach ($i in 1) { no-such-command; & { break } } "a $?"; foreach ($i in 1) { no-such-command; f } "b $?"; foreach ($i in 1) { no-such-command; $x = 1 + (& { continue }) } "c $? $x"; try { throw (await (later 1)) } catch { while ($i++ -lt 3) { & { continue } } "d $?" } foreach ($i in 1) { no-such-command; break } "e $?" }
