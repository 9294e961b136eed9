# Classes, enums and help in functions and blocks within a block

Alike 'a class with a constructor in a function' { function New-P { class P { [string] $n; P($n) { $this.n = $n } } [P]::new('x').n } New-P; await (later 1); New-P }
Alike 'a class with a constructor in a called block' { & { class P { [int] $n; P() { $this.n = 3 } } [P]::new().n }; await (later 1); $b = { class Q { [int] $n = 4; Q() { } } [Q]::new().n }; & $b; . $b }
Alike 'constructors that call those of the base class' { function f { class A { [string] $log; A($x) { $this.log = "A$x" } A() { $this.log = 'A' } } class B : A { B($x) : base($x) { $this.log += 'B' } B() { $this.log += 'b' } } class C : B { C() : base((1 + 1)) { $this.log += 'C' } } [B]::new(1).log; [B]::new().log; [C]::new().log; [C]::new() -is [A] } f; await (later 1); f }
Alike 'a class that derives from one of .NET' { function f { class E : Exception { [int] $Code; E($m, $c) : base($m) { $this.Code = $c } } try { throw [E]::new('m', 7) } catch [E] { "$_ $($_.Exception.Code)" } } f; await (later 1); f; & { class L : Collections.Generic.List[int] { L([int[]] $from) : base($from) { } [int] Sum() { $s = 0; foreach ($i in $this) { $s += $i } return $s } } [L]::new(@(1, 2, 3)).Sum() } }
Alike 'static constructors and properties' { function f { class S { static [int] $n = 2; static [string] $made; [int] $i = [S]::n * 2; static S() { [S]::made = 'once' } static [int] Next() { return [S]::n + 1 } } [S]::made; [S]::Next(); [S]::new().i } f; await (later 1); f; f }
Alike 'initializers and methods that call each other' { & { class M { [string[]] $all = @('a', 'b'); [hashtable] $h = @{ k = 'v' }; hidden [int] $secret = 5; [string] One() { return $this.Two('1') } [string] Two($x) { return "$x$($this.all.Count)$($this.h.k)$($this.secret)" } static [string] Three() { return [M]::new().One() } [void] None() { } } [M]::Three(); [M]::new().Two(2); $null -eq [M]::new().None() }; await (later 1) }
Alike 'an interface and operators' { function f { class V : IComparable, IEquatable[object] { [int] $n; V([int] $n) { $this.n = $n } [int] CompareTo([object] $o) { return $this.n - $o.n } [bool] Equals([object] $o) { return $this.n -eq $o.n } [int] GetHashCode() { return $this.n } static [V] op_Addition([V] $a, [V] $b) { return [V]::new($a.n + $b.n) } } ([V] 2) -gt ([V] 1); ([V] 1) -eq ([V] 1); (([V] 2) + ([V] 3)).n } f; await (later 1); f }
Alike 'enums within functions' { function f { enum E { one; two = 5 } [Flags()] enum F { a = 1; b = 2 } [E]::two -as [int]; [F] 'a, b'; try { [E] 'three' } catch { 'no' } switch ([E] 'one') { one { 'is one' } } } f; await (later 1); f }
Alike 'classes of the same name in two functions' { function f { class T { [string] Say() { return 'f' } T() { } } [T]::new().Say() } function g { class T { [string] Say() { return 'g' } T() { } } [T]::new().Say() } f; g; await (later 1); g; f }
Alike 'a class of a function within a function' { function o { function i { class D { [int] $n; D([int] $n) { $this.n = $n } } [D]::new(5).n } i; class D2 { D2() { } [string] s() { return 'o' } } [D2]::new().s() } o; await (later 1); o }
Alike 'a class in an if' { if ($true) { class I { [int] $n; I($n) { $this.n = $n } } [I]::new(1).n } await (later 1); [I]::new(2).n; if (await (later 1)) { enum J { x } [J] 'x' } else { class K { } } [K]::new().GetType().Name }
Alike 'a class in a try, a loop and a switch' { try { class T { T() { } [string] s() { return 't' } } await (later 1); [T]::new().s() } finally { class Fin { [int] $x = 2; Fin() { } } [Fin]::new().x } foreach ($i in 1..2) { class L { [int] $n; L($n) { $this.n = $n } } [L]::new($i).n; await (later 1) } switch (1) { 1 { class W { W() { } } [W]::new().GetType().Name } } }
Alike 'a class in a block of ForEach-Object that awaits' { 1..2 | ForEach-Object { class P { [int] $n; P($n) { $this.n = $n } } await (later 1); [P]::new($_).n } }
Alike 'a class in a block of ForEach-Object and Where-Object' { 1..2 | ForEach-Object { class P { [int] $n; P($n) { $this.n = $n } } [P]::new($_) } | Where-Object { class Q { Q() { } } $_.n -gt 1 } | ForEach-Object { $_.n; await (later 'a') } }
Alike 'a class in a function that awaits' { function f($x) { class P { [int] $n; P($n) : base() { $this.n = $n } } $v = await (later $x); [P]::new($v).n } f 1; f (await (later 2)) }
Alike 'a class in a statement that suspends' { $x = & { class P { P() { } [int] v() { return 3 } } [P]::new().v() } + (await (later 1)); $x; "$(& { class Q { Q() { } } [Q]::new().GetType().Name }) $(await (later 2))" }
Alike 'a class that is named by text in a function' { function f { class P { [int] $n = 1; P() { } } (New-Object P).n; ('P' -as [type]).Name } f; await (later 1); f }
Alike 'a class of a function in blocks made of text' "function f { class P { [int] `$n; P(`$n) { `$this.n = `$n } } [P]::new(4).n } f; await (later 1); f"
Alike 'a class in a function passed on' { function f { class P { [int] $n; P($n) { $this.n = $n } [P] Twice() { return [P]::new($this.n * 2) } } [P]::new(2) } $p = f; await (later 1); $p.Twice().n; $p.GetType() -eq (f).GetType(); $q = (f).Twice(); await (later 1); $q.Twice().n }
Alike 'an attribute class in a function' { function f { class NotEmpty : Management.Automation.ValidateArgumentsAttribute { NotEmpty() : base() { } [void] Validate([object] $v, [Management.Automation.EngineIntrinsics] $e) { if (-not $v) { throw 'empty' } } } function g([NotEmpty()] $a) { "g $a" } g 1; try { g '' } catch { 'refused' } } f; await (later 1); f }
Alike 'help above a function' { 
    # .SYNOPSIS
    # above
    function f { 1 }

    <#
    .SYNOPSIS
    in a block
    .PARAMETER a
    of a
    .EXAMPLE
    f2 1
    #>
    function f2($a) { $a }
    (Get-Help f).Synopsis; (Get-Help f2).Synopsis; (Get-Help f2 -Parameter a).description.Text; await (later 1); (Get-Help f2).Examples.Example.Code; (Get-Help f).Synopsis
}
Alike 'help within a function' {
    function f {
        <#
        .SYNOPSIS
        at the start
        .DESCRIPTION
        more
        #>
        [CmdletBinding()]
        param(
            # of x
            $x,
            <# of y #> $y
        )
        $x
    }
    function e {
        1
        # .SYNOPSIS
        # at the end
    }
    await (later 1)
    (Get-Help f).Synopsis; (Get-Help f).description.Text; (Get-Help f -Parameter x).description.Text; (Get-Help f -Parameter y).description.Text; (Get-Help e).Synopsis
}
Alike 'help of functions within functions and blocks' { function o { <# .SYNOPSIS
 of o #> param() function i { <# .SYNOPSIS
 of i #> param() 1 } (Get-Help i).Synopsis } o; (Get-Help o).Synopsis; await (later 1); & { function b { <# .SYNOPSIS
 of b #> } (Get-Help b).Synopsis }; ${function:s} = { <# .SYNOPSIS
 of s #> param() }; (Get-Help s).Synopsis }
Alike 'help of a function that awaits' { function f { <# .SYNOPSIS
 of f #> param($x) await (later $x) } f 1; (Get-Help f).Synopsis }
Alike 'a commented class in a commented function' {
    <#
    .SYNOPSIS
    makes
    #>
    function f { # one
        class P { # two
            [int] $n <# three #>
            P($n) { $this.n = $n }
        }
        [P]::new(6).n
    }
    await (later 1); f; (Get-Help f).Synopsis; (Get-Command f).Definition
}
Alike 'here-strings, data and comments in a function' { function f { data d { @{ a = 'b' } } $h = @'
it's # no comment
'@
 <# yes #> "$($d.a) $h" # end
 } f; await (later 1); (Get-Command f).Definition; f }
Alike 'places of errors in functions and classes' {
    function f {
        class P {
            P() { throw 'ctor' }
            P($x) { [int] 'no' }
            static [int] Div($x) { return 1 / $x }
        }
        try { [P]::new() } catch { $_.InvocationInfo.ScriptLineNumber - $start; $_.InvocationInfo.Line.Trim() }
        try { [P]::new(1) } catch { $_.InvocationInfo.ScriptLineNumber - $start; $_.FullyQualifiedErrorId }
        [P]::Div(0)
    }
    $start = $MyInvocation.ScriptLineNumber
    f; await (later 1); f
}
Alike '$MyInvocation and $PSCommandPath in functions with classes' { function f { class P { P() { } [string] File() { return (Split-Path -Leaf $PSCommandPath) } } $MyInvocation.MyCommand.Name; $MyInvocation.Line.Trim().Length; $PSCommandPath -eq $MyInvocation.ScriptName; [P]::new().GetType().Name } f; await (later 1); f }
Alike 'a class in a block with $using:' { $u = 5; $b = { class P { [int] $n; P($n) { $this.n = $n } } [P]::new($u).n }; & $b; await (later $u); & $b }
Alike 'classes that derive, in blocks made of text' "function f { class A { [int] `$n; A(`$n) { `$this.n = `$n } } class B : A { B() : base(4) { } } [B]::new().n; (New-Object B).n } f; await (later 1); f"
