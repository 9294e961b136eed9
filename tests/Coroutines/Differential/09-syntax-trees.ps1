# What copying a syntax tree loses

Alike 'using namespace' { $b = [StringBuilder]::new(); await (later 1); $null = $b.Append('x'); [StringBuilder]::new('y').ToString(); [List[int]] $l = @(1); $l.GetType().Name; await (later 2); ([List[string]]).Name } -Setup "using namespace System.Text`nusing namespace System.Collections.Generic"
Alike 'using namespace in a cast, an -is, a catch and an attribute' { try { await (later 1); throw [FileNotFoundException]::new('f') } catch [FileNotFoundException] { 'fnf'; $_.Exception -is [IOException]; $null -as [Stream] } } -Setup 'using namespace System.IO'
Alike 'a class of the file' { $p = [Point]::new(1, 2); await (later 1); $p.Sum(); [Point] $q = @{ X = 3; Y = 4 }; $q.Sum(); $q.GetType().Name; [Point]::Zero().Sum() } -Setup 'class Point { [int] $X; [int] $Y; Point() { } Point($x, $y) { $this.X = $x; $this.Y = $y } [int] Sum() { return $this.X + $this.Y } static [Point] Zero() { return [Point]::new() } }'
Alike 'an enum of the file' { [Color] $c = 'Red'; await (later 1); $c; [Color]::Blue -as [int]; switch ($c) { Red { await (later 'r') } Blue { 'b' } } } -Setup 'enum Color { Red; Blue }'
Alike 'a class in the block' { class P { [int] $x; P($x) { $this.x = $x } [int] Twice() { return 2 * $this.x } static [string] $s = 'st' } $p = [P]::new(3); await (later 1); $p.Twice(); [P]::s; $p -is [P]; [P[]] $l = $p, $p; $l.Count; [P] $q = 5; $q.x; $q = 6; await (later 1); $q.GetType().Name; $q.x }
Alike 'an enum and a class that derives, after an await and in functions' { await (later 1); enum E { one; two } class B { [string] Name() { return 'b' } } class D : B { [E] $e = 'two' } function f([B] $v) { $v.Name() } f ([D]::new()); await (later 2); [D]::new().e; [E] 'one'; try { f 1 } catch { 'c' } [E].IsEnum }
Alike 'a class in the block, thrown and caught' { class Mine : System.Exception { Mine($m) : base($m) { } } try { await (later 1); throw [Mine]::new('m') } catch [Mine] { "mine $_" } trap [Mine] { 't'; continue } await (later 2); throw [Mine]::new('n') }
Alike 'a class whose method awaits' { class W { [object] Get($v) { return (await $v) } } await (later 1); [W]::new().Get((later 5)) }
Alike 'a class in a catch' { try { await (later 1); throw [MyError]::new('m') } catch [MyError] { "my $_" } } -Setup 'class MyError : System.Exception { MyError($m) : base($m) { } }'
Alike 'a class of the file that derives' { $d = [D]::new(); await (later 1); $d.Name(); $d -is [B]; await (later 2); [D[]] $l = $d, $d; $l.Count } -Setup 'class B { [string] Name() { return "b" } } class D : B { [string] Name() { return "d" + ([B] $this).Name() } }'
Alike '[ordered]' { $h = [ordered]@{ b = 1; a = await (later 2); c = 3 }; $h.Keys; $h.GetType().Name; $g = [ordered]@{ z = 1; y = 2 }; $g.Keys }
Alike '[pscustomobject]' { $o = [pscustomobject]@{ b = 1; a = await (later 2) }; $o; $o.psobject.Properties.Name; await (later 1); [pscustomobject]@{ z = 1; y = 2 } }
Alike '[pscustomobject] with a type name' { $o = [pscustomobject]@{ PSTypeName = 'My.Type'; a = await (later 2) }; $o.psobject.TypeNames[0]; $o }
Alike '[hashtable] and @{}' { $h = @{ a = await (later 1); b = @{ c = await (later 2) } }; $h.b.c; $h.Count; [hashtable] $k = @{ x = 1 }; $k.x }
Alike 'a hashtable with statements' { $h = [ordered]@{ a = if (await (later 1)) { 'y' } else { 'n' }; b = foreach ($i in 1..2) { await (later $i) }; c = 1, (await (later 2)) }; $h.a; $h.b; $h.c }
Alike 'a hashtable with a key twice' { $k = 'a'; @{ $k = 1; a = await (later 2) }; 'end' }
Alike '$PSScriptRoot and $PSCommandPath' { [IO.Path]::GetFileName($PSCommandPath); $PSScriptRoot.Length -gt 0; await (later 1); [IO.Path]::GetFileName($PSCommandPath); (Split-Path $PSCommandPath) -eq $PSScriptRoot; & { $PSScriptRoot.Length -gt 0 } }
Alike 'positions of records' {
    Write-Error a
    await (later 1)
    Write-Error b
    foreach ($i in 1) {
        if (await (later 1)) {
                1 / 0; await (later 2); nope -x `
                    -y
        }
    }
}
Alike 'positions after a bare throw' {
    try {
        await (later 1)
        throw 'here'
    }
    catch { await (later 2); throw }
}
Alike 'CRLF' {
    $x = 1
    await (later 1)
    1 / 0
    "a
b".Length
    @"
x $(await (later 2))
y
"@.Length
    no-such-thing
} -CrLf
Alike 'characters outside the BMP' { $😀 = '😀😀'; await (later '😀'); "😀$(await (later 1))é".Length; ${😀}; 1 / 0; "𝒳 $(1 / 0)"; await (later 'é'); no-such-😀 }
Alike 'an accented name' { $é = 1; await (later 1); $é + 1; function fé { 'f' } fé }
Alike 'strings of every kind' { $x = 'v'; 'a$x'; "a$x`t`$"; "$($x.Length) $x[0] ${x} $x`:"; 'it''s'; "q""q"; await (later 1); "a$x $(await (later "n`n$x"))" }
Alike 'a here-string' "`$x = 1; await (later 1); @'`n a `$x`n'@; @`"`n b `$x `$(await (later 2)) `"q`"`n`"@"
Alike 'an embedded string' { $o = [pscustomobject]@{ p = 1 }; "$($o.p) $o $($(await (later 2))) $(@(1; await (later 3)))" }
Alike 'format and OFS within a string' { "{0}" -f (await (later 5)); "$(1.5) $(await (later 2.5)) $([double]1e10)" }
Alike 'numbers' { await (later 0x1F); 1kb; 1e3; 1.5d; 10L; 1u; await (later 2mb); -5; - 5; 0b101; [bigint] 5; 5n }
Alike 'comments and line breaks' {
    # one
    $x = await (later 1) # two
    <# three #> $x <# four #> + 1
    $y = 1 +
        (await (later 2))
    $y
    1..3 |
        ForEach-Object { $_ } |
        Select-Object -First (await (later 2))
    Write-Output `
        (await (later 'c'))
}
Alike 'line continuation with a pipe at the start' "await (later @(1, 2))`n | ForEach-Object { `$_ }`n"
Alike 'semicolons and empty statements' { ; ; await (later 1); ; $x = 2;; $x; }
Alike '#requires-like comment and region' "#region a`nawait (later 1)`n#endregion`n2"
Alike 'static members and generic types' { [Math]::PI.GetType().Name; await (later 1); [Collections.Generic.Dictionary[string, int]]::new().Count; [int]::MaxValue; [System.Tuple]::Create(1, (await (later 2))).Item2 }
Alike 'generic method' { await (later 1); [Linq.Enumerable]::Range(1, 3).GetType().Name -ne ''; [Array]::Empty[int]().Length; [Linq.Enumerable]::OfType[int](@(1, 'a', (await (later 2)))) }
Alike 'a type literal and a cast chain' { [type] 'int'; await (later 1); [int[]].Name; [string] [int] '05'; [int] [char] 'a' }
Alike 'a script block literal as a value' { $b = { param($n) $n + 1 }; await (later 1); & $b 2; $b.Invoke(3); $b.InvokeReturnAsIs(4); $b.Ast.Extent.StartLineNumber; "$b"; $b.File -eq $PSCommandPath }
Alike 'a block literal with await as a value' { $b = { await (later 5) }; & $b; await (later 1); . $b; & $b | ForEach-Object { $_ + 1 } }
Alike 'an attribute in a nested function' { function f { [CmdletBinding()] param([Parameter(Mandatory)] [ValidateSet('a', 'b')] $x) "f $x" } await (later 1); f a; f c; f b -Verbose }
Alike 'nested functions' { function o { function i { 'inner' } i; await (later 'o') } o; await (later 1); o; i }
Alike 'a function with begin, process, end' { function f { begin { 'b' } process { "p $_" } end { 'e' } } 1..2 | f; await (later 1); 1..2 | f }
Alike 'a function in a pipeline that awaits in all blocks' { function f { begin { await (later 'b') } process { await (later "p $_") } end { await (later 'e') } } 1..2 | f }
Alike 'an empty block and parentheses' { & { }; await (later 1); $(); @(); { }.Invoke(); 'end' }
Alike 'a statement with nothing but a variable' { $x = @(1, 2); $x; await (later 1); $x; ($x); , $x }
Alike 'data' { data d { 'text' } await (later 1); $d; data { 'bare' } }
Alike 'data -SupportedCommand' { await (later 1); data -SupportedCommand ConvertFrom-StringData { ConvertFrom-StringData 'a = 1' } }
Alike 'begin/end keywords as names' { $process = 1; $end = await (later 2); $process + $end; @{ begin = 1; if = 2 }.if }
Alike 'a using variable in a nested thread' { $x = 5; await (later 1); await (Start-AsyncTask -OnThread { $using:x + 1 }) }
Alike 'verbatim arguments and quoting' { Write-Output a-b 'c d' "e$(await (later 'f'))g" h$(await (later 'i'))j k,l -- -m }
Alike 'verbatim arguments' "await (later 1)`nWrite-Output --% %x% '`n2"
Alike 'an expandable argument' { $x = 'v'; Write-Output a$x.b $x/$x ($x)c "$x"d $(await (later 'z'))/y }
Alike 'member access on an argument' { $o = [pscustomobject]@{ p = 'q' }; Write-Output $o.p $o.p.Length (await (later $o)).p }
Alike 'dynamic keyword-like commands' { & 'Write-Output' 1; & { param($a) $a } (await (later 2)); & (Get-Command Write-Output) 3; Microsoft.PowerShell.Utility\Write-Output (await (later 4)) }
Alike 'an alias of await' { async { await (later 7) } -OnLoop | await; AsyncJobs\Wait-AsyncTask (later 8); await (later 9) } 
Alike 'await in every case of letters' { AWAIT (later 1); Await (later 2); wait-asynctask (later 3) }
Alike 'await by name in a variable' { $c = 'await'; & $c (later 1); & 'await' (later 2); $cmd = Get-Command Wait-AsyncTask; & $cmd (later 3) }
