using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace AsyncJobs.Tests;

/// <summary>
/// A statement: its text with «0», «1» where its bodies stand. A tree rather than text, so that a
/// program can be made smaller one statement at a time.
/// </summary>
public sealed class Statement
{
    public string Text { get; init; } = "";
    public List<List<Statement>> Bodies { get; init; } = new();

    public static string Render(List<Statement> statements, int indent)
    {
        var text = new StringBuilder();
        foreach (var statement in statements)
        {
            statement.Render(text, indent);
        }
        return text.ToString();
    }

    private void Render(StringBuilder text, int indent)
    {
        var pad = new string(' ', indent * 4);
        var rendered = Text;
        for (var i = 0; i < Bodies.Count; i++)
        {
            rendered = rendered.Replace($"«{i}»", "{\n" + Render(Bodies[i], indent + 1) + pad + "}");
        }
        text.Append(pad).Append(rendered).Append('\n');
    }
}

/// <summary>
/// A random PowerShell program that ends: loops are bounded by counters that nothing else touches, and functions call
/// only those before them. What it does is traced into $log. The same seed gives the same program.
/// </summary>
public sealed class ProgramGenerator
{
    private static readonly string[] Variables = { "$a", "$b", "$c", "$d" };

    private readonly int _seed;
    private readonly Random _random;
    private readonly Random _each;
    private readonly Random _calls;
    private readonly Random _scope;
    private readonly List<string> _labels = new();
    private int _budget;
    private int _number;
    private int _functions;
    private int _loops;
    private int _finally;
    private bool _setsAll;

    private ProgramGenerator(int seed, int size)
    {
        _seed = seed;
        _random = new Random(seed);
        _each = new Random(~seed);
        _calls = new Random(seed ^ 0x2b2b2b);
        _scope = new Random(seed ^ 0x3d3d3d);
        _budget = size;
    }

    public static List<Statement> Generate(int seed, int size = 30)
    {
        var generator = new ProgramGenerator(seed, size);
        var program = new List<Statement>();
        if (generator.Chance(5))
        {
            program.Add(new() { Text = $"Set-StrictMode -Version {generator.Pick("1", "2", "3", "Latest")}" });
            generator._setsAll = true;
            program.Add(new() { Text = "$a = $b = $c = $d = $h = $l = $o = $r = $v = $ev = $ov = $p = $k = $t = $q = 0" });
        }
        for (var i = generator._random.Next(3); i > 0; i--)
        {
            program.Add(generator.Function());
        }
        foreach (var variable in Variables)
        {
            if (generator.Chance(70))
            {
                program.Add(new() { Text = $"{variable} = {generator.Literal()}" });
            }
        }
        if (generator.Chance(40))
        {
            program.Add(new() { Text = "[int] $n = 1; [string] $s = 'a'; [byte] $y = 254" });
        }
        program.AddRange(generator.Block(0, 3 + generator._random.Next(6)).Select(generator.Caught));
        program.Add(new() { Text = "await (later 0) | Out-Null" });
        program.Add(new() { Text = "trace end @($a, $b, $c, $d)" });
        return program;
    }

    // An error ends the program, and most are to come to their end.
    private Statement Caught(Statement statement) => statement.Text.StartsWith("trap", StringComparison.Ordinal) || !Chance(60)
        ? statement
        : new() { Text = $"try «0» catch {{ trace g{Number()} \"$_\" }}", Bodies = { new() { statement } } };

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private string Variable() => Pick(Variables);

    private int Number() => ++_number;

    private Statement Function()
    {
        // Its own statements wait where they await: it is called, not started.
        var labels = _labels.ToList();
        _labels.Clear();
        var (loops, budget) = (_loops, _budget);
        _loops = 0;
        _budget = 6;
        var body = Block(1, 1 + _random.Next(3));
        _loops = loops;
        _budget = budget;
        _labels.AddRange(labels);
        return new() { Text = $"function f{_functions++}($p) «0»", Bodies = { body } };
    }

    private List<Statement> Block(int depth, int count)
    {
        var block = new List<Statement>();
        if (Chance(depth == 0 ? 6 : 3))
        {
            block.Add(Trap(depth));
        }
        for (var i = 0; i < count; i++)
        {
            if (_budget-- <= 0)
            {
                break;
            }
            block.Add(Next(depth));
        }
        if (block.Count == 0)
        {
            block.Add(Simple(depth));
        }
        return block;
    }

    private Statement Trap(int depth)
    {
        var body = Block(depth + 2, 1);
        body.Add(new() { Text = _finally > 0 ? "$null = $_" : Pick("continue", "continue", "break", "return 'trap'", "$null = $_") });
        return new() { Text = "trap " + Pick("", "", "[System.InvalidOperationException] ", "[System.DivideByZeroException] ") + "«0»", Bodies = { body } };
    }

    private Statement Next(int depth)
    {
        if (depth >= 4 || Chance(45))
        {
            return Simple(depth);
        }
        return _random.Next(12) switch
        {
            0 or 1 => If(depth),
            2 or 3 or 4 => Loop(depth),
            5 or 6 or 7 => Try(depth),
            8 => Switch(depth),
            9 => Value(depth),
            10 => Nested(depth),
            _ => new() { Text = $"& «0» | ForEach-Object {{ trace p{Number()} $_ }}", Bodies = { Nest(depth) } },
        };
    }

    private List<Statement> Body(int depth) => Block(depth + 1, 1 + _random.Next(3));

    // A nested block sees no labels in our sense, and awaits there wait.
    private List<Statement> Nest(int depth)
    {
        var body = Block(depth + 2, 1 + _random.Next(2));
        return body;
    }

    private Statement If(int depth) => _random.Next(3) switch
    {
        0 => new() { Text = $"if ({Expression(2)}) «0»", Bodies = { Body(depth) } },
        1 => new() { Text = $"if ({Expression(2)}) «0» else «1»", Bodies = { Body(depth), Body(depth) } },
        _ => new() { Text = $"if ({Expression(2)}) «0» elseif ({Expression(1)}) «1» else «2»", Bodies = { Body(depth), Body(depth), Body(depth) } },
    };

    private Statement Loop(int depth)
    {
        if (_loops >= 2)
        {
            return If(depth);
        }
        var number = Number();
        var counter = $"$i{number}";
        var label = Chance(40) ? $"L{number}" : null;
        var prefix = label is null ? "" : $":{label} ";
        var limit = 2 + _random.Next(2);
        _loops++;
        if (label is not null)
        {
            _labels.Add(label);
        }
        var body = Body(depth);
        if (Chance(30))
        {
            body.Insert(_random.Next(body.Count + 1), new() { Text = $"if ({Expression(1)}) {{ {Jump()} }}" });
        }
        // Nothing may double itself for long.
        body.Insert(0, new() { Text = "if (\"$a$b$c$d\".Length -gt 500) { $a = $b = $c = $d = 1 }" });
        if (label is not null)
        {
            _labels.Remove(label);
        }
        _loops--;
        // Loops that start with their counter are two statements in one, so that neither is left without the other.
        return _random.Next(6) switch
        {
            0 => new() { Text = $"{counter} = 0; {prefix}while ({counter}++ -lt {limit} -and {Expression(1)}) «0»", Bodies = { body } },
            1 => new() { Text = $"{counter} = 0; {prefix}do «0» while (++{counter} -lt {limit} -and {Expression(1)})", Bodies = { body } },
            2 => new() { Text = $"{counter} = 0; {prefix}do «0» until (++{counter} -ge {limit} -or {Expression(1)})", Bodies = { body } },
            3 => new() { Text = $"{prefix}for ({counter} = 0; {counter} -lt {limit}; {counter}++) «0»", Bodies = { body } },
            4 => new() { Text = $"{prefix}foreach ({Variable()} in {Expression(1)}, {Expression(1)}) «0»", Bodies = { body } },
            _ => new() { Text = $"{prefix}foreach ({counter} in 1..{limit}) «0»", Bodies = { body } },
        };
    }

    private string Jump() => _loops > 0
        ? Pick("break", "continue", "break", "continue", _labels.Count > 0 ? "break " + Pick(_labels.ToArray()) : "break",
            _labels.Count > 0 ? "continue " + Pick(_labels.ToArray()) : "continue", _finally > 0 ? "break" : $"return {Expression(1)}", "throw 'jump'")
        : _finally > 0 ? "throw 'jump'" : Pick($"return {Expression(1)}", "throw 'jump'", "return");

    private Statement Try(int depth)
    {
        var body = Body(depth);
        if (Chance(50))
        {
            body.Insert(_random.Next(body.Count + 1), new() { Text = Failure() });
        }
        switch (_random.Next(4))
        {
            case 0:
                return new() { Text = "try «0» finally «1»", Bodies = { body, Finally(depth) } };
            case 1:
                return new() { Text = "try «0» catch «1»", Bodies = { body, Catch(depth) } };
            case 2:
                return new() { Text = "try «0» catch [System.InvalidOperationException] «1» catch «2»", Bodies = { body, Catch(depth), Catch(depth) } };
            default:
                return new() { Text = "try «0» catch «1» finally «2»", Bodies = { body, Catch(depth), Finally(depth) } };
        }
    }

    // Nothing may leave it but an error: the parser sees to that.
    private List<Statement> Finally(int depth)
    {
        var (labels, loops) = (_labels.ToList(), _loops);
        _labels.Clear();
        _loops = 0;
        _finally++;
        var body = Body(depth);
        _finally--;
        _loops = loops;
        _labels.AddRange(labels);
        return body;
    }

    private List<Statement> Catch(int depth)
    {
        var body = Body(depth);
        body.Insert(_random.Next(body.Count + 1), new() { Text = $"trace c{Number()} \"$_\"" });
        if (Chance(15))
        {
            body.Add(new() { Text = Pick("throw", "throw $_", "throw 'again'") });
        }
        return body;
    }

    private string Failure() => _random.Next(7) switch
    {
        0 => $"throw 'e{Number()}'",
        1 => $"{Variable()} = 1 / 0",
        2 => $"await (fail 'f{Number()}')",
        3 => $"await (failnow 'f{Number()}')",
        4 => "no-such-command",
        5 => $"[int]::Parse('x{Number()}')",
        _ => $"Write-Error 'w{Number()}' -ErrorAction {Pick("Stop", "Continue", "SilentlyContinue")}",
    };

    private Statement Switch(int depth)
    {
        var flag = Pick("", "", "", "-Wildcard ", "-Regex ", "-CaseSensitive ", "-Exact ");
        _loops++;
        var first = Body(depth);
        var second = Body(depth);
        _loops--;
        return new()
        {
            Text = $"switch {flag}({Pick(Expression(2), Expression(1) + ", " + Expression(1))}) {{ {Pick("1", "2", "'s1'", "'S*'", "'^s'", "{ $_ -gt 1 }", "{ trace sw" + Number() + " $switch.Current; $_ -eq " + Variable() + " }", "(" + Expression(1) + ")")} «0» {Pick("default", "3", "default")} «1» }}",
            Bodies = { first, second },
        };
    }

    private Statement Value(int depth)
    {
        var target = Pick(Variable() + " = ", Variable() + " = ", "$null = ", Variable() + " += ");
        return _random.Next(5) switch
        {
            0 => new() { Text = $"{target}if ({Expression(1)}) «0» else «1»", Bodies = { Body(depth), Body(depth) } },
            1 => new() { Text = $"{target}foreach ($i{Number()} in 1..3) «0»", Bodies = { LoopBody(depth) } },
            2 => new() { Text = $"{target}try «0» catch «1»", Bodies = { Body(depth), Catch(depth) } },
            3 => new() { Text = $"{target}$({Expression(1)}; foreach ($i{Number()} in 1..2) «0»)", Bodies = { LoopBody(depth) } },
            _ => new() { Text = $"{target}@(if ({Expression(1)}) «0»; {Expression(1)})", Bodies = { Body(depth) } },
        };
    }

    private List<Statement> LoopBody(int depth)
    {
        _loops++;
        var body = Body(depth);
        _loops--;
        return body;
    }

    private Statement Nested(int depth) => _calls.Next(3) == 0 ? Called(depth) : _each.Next(10) switch
    {
        // What one statement writes comes to the next block when it has ended: expressions write at their end plainly, too.
        0 => new()
        {
            Text = $"{Expression(1)}, {Expression(1)} | ForEach-Object {{ {Variable()} = {Expression(1)}; $_; ({Expression(2)}); $null = trace u{Number()} $_; if ({Expression(1)}) {{ ({Expression(1)}) }} }} | ForEach-Object «0»",
            Bodies = { Nest(depth) },
        },
        1 => new() { Text = $"{Expression(2)} | ForEach-Object -Begin «0» -Process «1» -End «2»", Bodies = { Nest(depth), Nest(depth), Nest(depth) } },
        2 or 3 => new()
        {
            Text = $"{Pick("", Variable() + " = ", Variable() + " = ")}{Expression(1)}, {Expression(1)} | ForEach-Object «0» {Pick("", "| Sort-Object { \"$_\" }", $"| ForEach-Object {{ trace p{Number()} $_; $_ }}", "| Out-Null", $"| Select-Object -Last (await (later {Pick("1", "2")}))", "| Select-Object -First 1")}",
            Bodies = { Nest(depth) },
        },
        // A warning right in the block of a Where-Object does not say which script it is of.
        4 => new()
        {
            Text = $"{Pick("", Variable() + " = ")}{Expression(1)}, {Expression(1)} | {Pick("", $"ForEach-Object {{ $_; $null = {Expression(1)} }} | ")}Where-Object {{ {Variable()} = {Expression(1)}; . «0»; {Expression(1)} }}{Pick("", " | Sort-Object { \"$_\" }", $" | ForEach-Object {{ trace w{Number()} $_; {Expression(1)} }}", $" | Where-Object {{ $_; {Expression(1)} }}")}",
            Bodies = { Nest(depth) },
        },
        _ => NestedInOther(depth),
    };

    // Blocks and functions that are called by other ways than a function's name.
    private Statement Called(int depth)
    {
        var target = Pick("", "", Variable() + " = ", "$null = ");
        return _calls.Next(9) switch
        {
            0 => new() { Text = $"$k = «0»; {target}{Pick("&", ".")} $k", Bodies = { Nest(depth) } },
            1 => new() { Text = $"$k = {{ param($p, $q = {Expression(1)}) {Variable()} = $p; trace k{Number()} @($p, $q, $args.Count); await (later $q) }}; {target}{Pick("&", ".")} $k ({Expression(2)})" },
            2 => new() { Text = $"{target}{Pick("&", ".")} «0»", Bodies = { Nest(depth) } },
            3 => new() { Text = $"function hh($b) {{ trace h{Number()} {Variable()}; {Pick("&", ".")} $b ({Expression(1)}); {Variable()} = 5 }}; {target}hh «0»", Bodies = { Nest(depth) } },
            4 => new() { Text = $"function hh($p) «0»; {target}{Pick("& hh", ". hh", "& 'hh'", "& ${function:hh}")} ({Expression(1)}); trace h{Number()} \"$p\"", Bodies = { Nest(depth) } },
            5 => new() { Text = $"function hh($p) «0»; Set-Alias kk hh; {target}{Pick("kk", "& kk", ". kk")} ({Expression(1)})", Bodies = { Nest(depth) } },
            6 => new() { Text = $"{target}{Pick("&", ".")} «0» | {Pick("Sort-Object { \"$_\" }", "Out-Null", "ForEach-Object { $_ }", "Select-Object -Last 1")}", Bodies = { Nest(depth) } },
            7 => new() { Text = $"$t = @{{ k = «0» }}; {target}& $t.k", Bodies = { Nest(depth) } },
            _ => new() { Text = $"{target}. {{ param($p) trace k{Number()} $p; {Variable()} {Pick("=", "+=", "??=")} {Expression(2)}; trace k{Number()} $? }} ({Expression(1)})" },
        };
    }

    private Statement NestedInOther(int depth) => _random.Next(6) switch
    {
        3 => new() { Text = $"function g($p) «0»; trace g{Number()} (g ({Expression(1)}))", Bodies = { Nest(depth) } },
        4 => new() { Text = $"{Expression(1)}, {Expression(1)} | & {{ begin «0» process «1» end «2» }}", Bodies = { Nest(depth), Nest(depth), Nest(depth) } },
        0 => new() { Text = "& «0»", Bodies = { Nest(depth) } },
        1 => new() { Text = ". «0»", Bodies = { Nest(depth) } },
        _ => new() { Text = $"{Expression(1)}, {Expression(1)} | ForEach-Object «0»", Bodies = { Nest(depth) } },
    };

    private Statement Simple(int depth)
    {
        if (_scope.Next(20) == 0)
        {
            return new() { Text = Scoped() };
        }

        var text = _random.Next(36) switch
        {
            0 or 1 or 2 => $"{Variable()} = {Expression(3)}",
            3 => $"{Variable()} {Pick("+=", "-=", "??=")} {(Chance(50) ? "1" : Expression(2))}",
            4 => $"trace t{Number()} {Parenthesized(Expression(3))}",
            5 => Expression(3),
            6 => $"await {Parenthesized($"later {Parenthesized(Expression(2))}")}",
            7 => $"{Variable()} = await {Parenthesized($"later {Parenthesized(Expression(2))}")}",
            8 => $"{Variable()}++",
            9 => $"{Variable()}, {Variable()} = {Expression(2)}, {Expression(2)}",
            10 => Chance(depth == 0 ? 5 : 40) ? Failure() : $"Write-Output {Parenthesized(Expression(2))}",
            11 => $"await (Start-AsyncSleep 0.001) | Out-Null",
            12 => $"trace q{Number()} $?",
            // A program that ends at once shows little.
            13 => Chance(_loops > 0 ? 60 : depth * 10) ? Jump() : Expression(1),
            14 => $"$h = @{{ k = {Expression(2)} }}; $h['k'] {Pick("=", "+=")} {Expression(2)}; trace h{Number()} $h",
            15 => $"$l = 1, 2, 3; $l[{Pick("0", "1", Expression(1))}] {Pick("=", "+=")} {Expression(2)}; trace l{Number()} $l",
            16 => $"{Expression(1)} | ForEach-Object {{ trace p{Number()} $_; $_ }}",
            17 => $"{Call()} {Pick("&&", "||")} {Call()}",
            18 => $"$r = [ref] {Variable()}; $r.Value = {Expression(2)}",
            19 => $"[void] ({Expression(2)})",
            21 or 22 => Typed(),
            23 => $"$h = @{{ k = 1 }}; trace t{Number()} ($h.{Pick("k", "l")} {Pick("=", "+=", "??=")} {Expression(2)}); trace h{Number()} $h",
            24 => Redirected(),
            25 => $"$o = [pscustomobject] @{{ p = {Expression(1)}; q = @(1, 2) }}; $o.{Pick("p", "q[0]", "q[(" + Expression(1) + ")]", "none")} {Pick("=", "+=", "-=", "??=")} {Expression(2)}; trace o{Number()} $o",
            26 => $"if ({Variable()} {Pick("=", "=", "+=")} {Expression(2)}) {{ trace y{Number()} 1 }} else {{ trace n{Number()} 0 }}",
            27 => $"$ErrorActionPreference = '{Pick("Continue", "SilentlyContinue", "Continue")}'",
            28 => $"Write-Error 'v{Number()}' -ErrorVariable {Pick("", "+")}ev -ErrorAction SilentlyContinue; trace v{Number()} \"$ev\"",
            29 => $"Write-Output ({Expression(1)}) ({Expression(1)}) -OutVariable {Pick("", "+")}ov | Out-Null; trace ov{Number()} @($ov)",
            30 => $"{Variable()} = {Expression(1)} | ForEach-Object {{ $_; {Expression(1)} }} | Select-Object -First (await (later {Pick("1", "2")}))",
            31 => $"{Variable()}, ({Variable()}, {Variable()}) = {Expression(1)}, ({Expression(1)}, {Expression(1)})",
            32 => $"trace fmt{Number()} ('{{0}}|{{1}}' -f \"$({Expression(2)})\", \"$({Expression(1)})\")",
            33 => $"{Variable()} = [ordered] @{{ k = {Expression(1)}; l = {Pick(Expression(2), "if (" + Expression(1) + ") { " + Expression(1) + " }", Call())} }}; {Variable()} = 1",
            34 => $"while ({Variable()} = {Expression(1)}) {{ trace w{Number()} 1; break }}",
            20 => _loops > 0 && Chance(30) ? $"& {{ if ({Expression(0)}) {{ {Pick("break", "continue")} }} }}" : $"Write-Warning \"[{_seed}] w $({Expression(1)})\"",
            _ => $"$null = {Expression(3)}",
        };
        return new() { Text = text };
    }

    // What a block may make its own of its scope, beside variables. A strict mode in a program only that sets all it reads: of the
    // error of a variable that is not set a coroutine knows the statement, and not the place in it.
    private string Scoped() => _scope.Next(_setsAll ? 6 : 5) switch
    {
        0 or 1 => $"Set-Alias al {(_scope.Next(2) == 0 ? "Write-Output" : "trace")}; trace al{Number()} (al ({Expression(1)}) 1)",
        2 => $"trace al{Number()} (al ({Expression(1)}) 2)",
        3 => $"$null = New-PSDrive dd FileSystem / -ErrorAction Ignore; trace dd{Number()} (Test-Path dd:/)",
        4 => $"trace dd{Number()} (Test-Path dd:/); Remove-PSDrive dd -ErrorAction Ignore",
        _ => $"Set-StrictMode -{(_scope.Next(4) is > 0 and var version ? $"Version {version}" : "Off")}; try {{ trace sm{Number()} ({Expression(1)}); $notThere }} catch {{ trace sm{Number()} \"$_\" }}",
    };

    // The variables that some programs begin by declaring with types.
    private string Typed() => Pick(
        $"$n = {Expression(2)}",
        $"$s = {Expression(2)}",
        "$n++",
        $"$n {Pick("=", "+=", "*=")} {Expression(1)}",
        $"$s {Pick("=", "+=")} {Expression(1)}",
        $"$y = {Pick("254", "255", Expression(1))}; {Pick("$y++", "$y += " + Expression(1), "--$y")}; trace y{Number()} $y",
        $"foreach ($n in {Expression(1)}, {Expression(1)}) {{ trace n{Number()} $n }}",
        $"trace ns{Number()} @($n, $s)");

    private string Redirected()
    {
        var command = Pick(
            $"Write-Error 'r{Number()}'", $"Write-Warning '[{_seed}] r{Number()}'", $"& {{ {Expression(1)}; Write-Error 'r{Number()}'; {Expression(1)} }}",
            $"Write-Output ({Expression(2)})", "no-such-command", $"await (later ({Expression(1)}))");
        return Pick(
            $"{command} 2>$null", $"{Variable()} = {command} 2>&1", $"{command} 3>&1 | ForEach-Object {{ trace r{Number()} \"$_\" }}",
            $"{command} *>&1 | ForEach-Object {{ trace r{Number()} \"$_\" }}", $"{command} > variable:v; trace v{Number()} $v", $"{command} *> $null");
    }

    private string Call() => Pick($"Write-Output {Parenthesized(Expression(1))}", $"await (later {Parenthesized(Expression(1))})", $"trace k{Number()} {Parenthesized(Expression(1))}", "no-such-command");

    private static string Parenthesized(string expression) => "(" + expression + ")";

    private string Literal() => Pick("0", "1", "2", "3", "'s1'", "'x'", "@(1, 2)", "$null", "$true", "$false");

    private string Expression(int depth)
    {
        if (depth <= 0 || Chance(20))
        {
            return Chance(50) ? Variable() : Literal();
        }
        string E() => Expression(depth - 1);
        switch (_random.Next(27))
        {
            case 0: return $"({E()} + {E()})";
            case 1: return $"({E()} {Pick("-", "-eq", "-ne", "-lt", "-gt", "-join", "-in", "-contains")} {E()})";
            case 2: return $"({E()} -and {E()})";
            case 3: return $"({E()} -or {E()})";
            case 4: return $"(({E()}) ? ({E()}) : ({E()}))";
            case 5: return $"({E()} ?? {E()})";
            case 6: return $"(-not {E()})";
            case 7: return $"\"s $({E()}) {Variable()}\"";
            case 8: return $"@({E()}; {E()})";
            case 9: return $"({E()}, {E()})";
            case 10: return $"$({E()}; {E()})";
            case 11: return $"@{{ k = {E()} }}.k";
            case 12: return $"({Variable()} = {E()})";
            case 13: return $"({Variable()}{Pick("++", "--")})";
            case 14: return $"([string] {E()})";
            case 15: return $"({E()}, {E()})[{Pick("0", "1", E())}]";
            case 16: return $"(trace x{Number()} ({E()}))";
            case 17: return _functions > 0 ? $"(f{_random.Next(_functions)} ({E()}))" : $"(& {{ param($p) $p; {Variable()} }} ({E()}))";
            case 18: return $"$(if ({E()}) {{ {E()} }} else {{ {E()} }})";
            case 19: return $"(Write-Output ({E()}) ({E()}))";
            case 20: return $"[string]::Concat({E()}, {E()})";
            case 21: return Chance(25) ? $"(await (fail 'x{Number()}'))" : $"(await (now ({E()})))";
            case 22: return $"(& {{ await (later ({E()})); {Variable()} = 7 }})";
            default: return $"(await ({Pick("later", "later", "now")} ({E()})))";
        }
    }
}

/// <summary>Makes a program smaller for as long as it keeps a property.</summary>
public static class Shrinker
{
    public static List<Statement> Shrink(List<Statement> program, Func<List<Statement>, bool> keeps, int attempts)
    {
        var smaller = true;
        while (smaller && attempts > 0)
        {
            smaller = false;
            foreach (var candidate in Smaller(program))
            {
                if (attempts-- <= 0)
                {
                    break;
                }
                if (keeps(candidate))
                {
                    program = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return program;
    }

    // Each program with one statement taken out, or with a statement replaced by one of its bodies.
    private static IEnumerable<List<Statement>> Smaller(List<Statement> program)
    {
        for (var length = Math.Max(1, program.Count / 2); length >= 1; length /= 2)
        {
            for (var i = 0; i + length <= program.Count; i += length)
            {
                yield return program.Take(i).Concat(program.Skip(i + length)).ToList();
            }
        }
        for (var i = 0; i < program.Count; i++)
        {
            foreach (var body in program[i].Bodies)
            {
                yield return program.Take(i).Concat(body).Concat(program.Skip(i + 1)).ToList();
            }
            for (var b = 0; b < program[i].Bodies.Count; b++)
            {
                foreach (var body in Smaller(program[i].Bodies[b]))
                {
                    var bodies = program[i].Bodies.ToList();
                    bodies[b] = body;
                    yield return program.Take(i).Append(new Statement { Text = program[i].Text, Bodies = bodies }).Concat(program.Skip(i + 1)).ToList();
                }
            }
        }
    }
}
