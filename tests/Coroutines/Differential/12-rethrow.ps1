# Rethrowing

Alike 'throw $_ keeps the position and the id' { try { Get-Item /no/such -ErrorAction Stop } catch { await (later 1); throw $_ } }
Alike 'throw of a kept record' { try { 1 / 0 } catch { $r = $_ } await (later 1); throw $r }
Alike 'throw of a kept record, caught' { try { [int]::Parse('x') } catch { $r = $_ } try { await (later 1); throw $r } catch { $_.InvocationInfo.OffsetInLine; $_.FullyQualifiedErrorId; $_ -eq $r } }
Alike 'throw of a kept exception' { try { await (fail 'x') } catch { $e = $_.Exception } try { throw $e } catch { $_.FullyQualifiedErrorId; $_.InvocationInfo.OffsetInLine } }
Alike 'a failed await twice' { $f = failnow 'x'; try { await $f } catch { "1 $_" } try { await $f } catch { "2 $_" } await $f }
Alike 'a failed task of script' { $t = Start-AsyncTask -OnThread { throw 'in task' }; try { await $t } catch { "$_"; $_.InvocationInfo.Line.Trim() } await $t }
Alike 'a failed task awaited by a task' { $t = Start-AsyncTask -OnLoop { await (later 1); throw 'inner' }; try { await $t } catch { "c $_" } 'end' }
Alike 'three awaits deep' {
    function one { await (fail 'deep') }
    function two { one }
    two
}
Refused '$PSCmdlet.ThrowTerminatingError($_)' { [CmdletBinding()] param() try { Get-Item /no/such -ErrorAction Stop } catch { await (later 1); $PSCmdlet.ThrowTerminatingError($_) } 'no' }
Alike 'a function''s ThrowTerminatingError' { function f { [CmdletBinding()] param() $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([ArgumentException]::new('m'), 'myid', 'InvalidData', 5)) } f; 'goes on'; await (later 1); f; 'goes on'; try { f } catch { $_.FullyQualifiedErrorId } }
Alike 'Write-Error -ErrorRecord' { try { 1 / 0 } catch { await (later 1); Write-Error -ErrorRecord $_ } 'end' }
Alike 'an exception with an inner one' { try { await (later 1); throw [Exception]::new('o', [IO.IOException]::new('i')) } catch { $_.Exception.InnerException.Message; throw } }
Alike 'a cancellation thrown' { await (later 1); throw [OperationCanceledException]::new('c') }
Alike 'a pipeline-stopping error in a function' { function f { $ErrorActionPreference = 'Stop'; Write-Error 'e' } f; 'no'; await (later 1) }
Alike 'a pipeline-stopping error in a function after an await' { function f { $ErrorActionPreference = 'Stop'; Write-Error 'e' } await (later 1); f; 'no' }
Alike 'Stop, then catch and go on' { function f { Write-Error 'e' -ErrorAction Stop } await (later 1); try { f } catch { $_.InvocationInfo.MyCommand.Name; $_.CategoryInfo.Reason } 'end' }
Alike 'uncaught -ErrorAction Stop' { 1; await (later 2); Get-Item /no/such -ErrorAction Stop; 3 }
Alike 'uncaught -ErrorAction Stop before the first await' { 1; Get-Item /no/such -ErrorAction Stop; await (later 2); 3 }
Alike 'a method that throws, uncaught' { [IO.File]::ReadAllText('/no/such'); await (later 1); [IO.File]::ReadAllText('/no/such'); 'end' }
Alike 'exit' { 1; await (later 2); exit 3; 4 }
Alike 'exit in loops, try and a body' { foreach ($i in 1..3) { try { Use-AsyncLock (New-AsyncLock) { await (later $i); if ($i -eq 2) { exit 1 } "not $i" } } catch { 'no' } finally { await (later "f $i") } } 'no' }
Alike 'exit in what is called' { function leave { 'l'; exit 4 } try { await (later 1); if (await (later $true)) { leave } 'no' } finally { 'f' } }
Alike 'exit in a value and in begin' { begin { $x = if (await (later 1)) { 'lost'; exit } 'no' } end { 'no' } }
Alike 'errors of others in a catch with a throw in a block' { try { await (fail 'f') } catch { 1 | % { await (later 1); 1 + 's'; throw } } }
Alike 'errors of others in one of its blocks' { foreach ($i in 1..4) { try { try { await (fail 'f') } catch { switch ($i) { 1 { 1 | % -Begin { await (later 1); no-such-command } -Process { throw } } 2 { 1 | % { throw 'other' } | % { await (later 1); throw } } 3 { 1 | % -Process { await (later 1); throw 'other' } -End { throw } } 4 { 1 | % -Begin { await (later 1) } -Process { try { 1 + 's' } catch { "c $_" } throw } } } } } catch { "$i $_" } } }
Alike '$? in a catch with a throw in a block' { try { [int]::Parse('x') } catch { & { try { } catch { throw } } try { 1 + (1, 2) } finally { trace q $? } } }
Alike '$Error in a catch with a throw in a block' { try { [int]::Parse('x') } catch { & { try { } catch { throw } } await (later 1); $?; Write-Error 'e' 2>$null; $?; await (later 1); $?; & { $?; try { 'a' } catch { throw } } $?; $Error.Count; $Error.Clear(); 'a'; $Error.Count; try { 1 | % { await (later $_); throw } } catch { "again $_" } } }
