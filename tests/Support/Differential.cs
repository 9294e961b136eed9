using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace AsyncJobs.Tests;

/// <summary>How a block is run.</summary>
public enum RunMode
{
    /// <summary><c>try { &amp; $block } catch { throw }</c>: what the others are held to, since a task is the try around its block.</summary>
    Plain,

    /// <summary>A coroutine with nothing beside it.</summary>
    Coroutine,

    /// <summary>
    /// A coroutine among others that take their turns between its steps, whose waiter stands in a <c>try</c>: neither must make a
    /// difference to it.
    /// </summary>
    Interleaved,

    /// <summary>A coroutine that the file starts and does not await.</summary>
    Started,
}

public enum Verdict
{
    Alike,
    Different,
    Refused,
}

/// <summary>A block with what stands around it in its file.</summary>
public sealed class Program
{
    public string Setup { get; init; } = "";
    public string Script { get; init; } = "";

    /// <summary>An expression that gives the block's arguments.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>An expression that gives the object that is $_ in the block.</summary>
    public string Item { get; init; } = "";

    /// <summary>Whether the block has a process block of its own, so that plain script would pipe the object to it.</summary>
    public bool TakesItem { get; init; }

    public bool CrLf { get; init; }

    /// <summary>The file: the modes differ in its last line only, so that all positions in it are the same.</summary>
    public string Text(RunMode mode)
    {
        var text = new StringBuilder(Setup).Append('\n');
        if (Arguments.Length > 0)
        {
            text.Append("$arguments = @(").Append(Arguments).Append(")\n");
        }
        if (Item.Length > 0)
        {
            text.Append("$item = ").Append(Item).Append('\n');
        }
        text.Append("$block = {").Append(Script).Append("\n}\n").Append(Invocation(mode)).Append('\n');
        return CrLf ? text.ToString().Replace("\r\n", "\n").Replace("\n", "\r\n") : text.ToString();
    }

    private string Invocation(RunMode mode)
    {
        if (mode == RunMode.Plain)
        {
            var call = Arguments.Length > 0 ? "& $block @arguments" : "& $block";
            call = Item.Length == 0 ? call : TakesItem ? $"$item | {call}" : $"$item | ForEach-Object {{ {call} }}";
            return $"try {{ {call} }} catch {{ throw }}";
        }
        var start = (Item.Length > 0 ? "$item | " : "") + "Start-AsyncTask $block -OnLoop" + (Arguments.Length > 0 ? " -ArgumentList $arguments" : "");
        return mode switch
        {
            RunMode.Interleaved => $"Start-Company; try {{ await ({start}) }} catch {{ throw }}",
            RunMode.Started => $", ({start})",
            _ => $"await ({start})",
        };
    }
}

/// <summary>What could be seen of a run, as text, stream by stream.</summary>
public sealed class RunRecord
{
    // The most telling difference comes first.
    private static readonly string[] Order =
        { "output", "terminating error", "errors", "warnings", "verbose", "debug", "information", "$Error", "log", "clean-up" };

    public Dictionary<string, List<string>> Streams { get; } = new();
    public bool TimedOut { get; set; }
    public bool Refused { get; set; }
    public string Refusal { get; set; } = "";

    public void Add(string stream, string line)
    {
        if (!Streams.TryGetValue(stream, out var lines))
        {
            Streams[stream] = lines = new();
        }
        lines.Add(line);
    }

    /// <summary>The first difference, or null.</summary>
    public string? Difference(RunRecord other, string name, string otherName)
    {
        if (TimedOut || other.TimedOut)
        {
            return TimedOut && other.TimedOut ? "neither run ended in time" : (TimedOut ? name : otherName) + " did not end in time";
        }
        foreach (var stream in Streams.Keys.Union(other.Streams.Keys).OrderBy(s => Array.IndexOf(Order, s)))
        {
            var mine = Streams.GetValueOrDefault(stream) ?? new();
            var theirs = other.Streams.GetValueOrDefault(stream) ?? new();
            if (mine.SequenceEqual(theirs, SameButForPlace.Comparer))
            {
                continue;
            }
            var at = 0;
            while (at < mine.Count && at < theirs.Count && SameButForPlace.Comparer.Equals(mine[at], theirs[at]))
            {
                at++;
            }
            return $"{stream}, item {at + 1}:\n" + Show(name, mine, at) + Show(otherName, theirs, at);
        }
        return null;
    }

    private static string Show(string name, List<string> lines, int at)
    {
        const int before = 2, after = 4;
        var text = new StringBuilder($"  {name} ({lines.Count}):\n");
        for (var i = Math.Max(0, at - before); i < Math.Min(lines.Count, at + after); i++)
        {
            text.Append(i == at ? "  > " : "    ").Append(SameButForPlace.Shown(lines[i]).Replace("\n", "\n      ")).Append('\n');
        }
        if (at >= lines.Count)
        {
            text.Append("  > (nothing more)\n");
        }
        return text.ToString();
    }
}

/// <summary>
/// Lines are alike that differ in the place of an error only, where one place is within the other: what a $( ), a part
/// of an assignment or the like has run leaves PowerShell naming the statement inside it for errors of the one around it,
/// where a coroutine names that one.
/// </summary>
public sealed class SameButForPlace : IEqualityComparer<string>
{
    private const char Mark = '\u0001';

    public static readonly SameButForPlace Comparer = new();

    /// <summary>What a line is with a place in it: where a piece of script begins, its text, and how it is shown.</summary>
    public static string Place(int line, int column, string statement, string shown) => string.Create(
        CultureInfo.InvariantCulture, $"{Mark}{line * 10000 + column} {statement}{Mark}{shown}{Mark}");

    public static string Shown(string line) => line.Split(Mark) is [var before, _, var shown, var after] ? before + shown + after : line;

    public bool Equals(string? one, string? other)
    {
        if (one == other)
        {
            return true;
        }
        return one!.Split(Mark) is [var before, var place, _, var after] && other!.Split(Mark) is [var before2, var place2, _, var after2]
            && before == before2 && WithoutLine(after) == WithoutLine(after2) && (IsWithin(place, place2) || IsWithin(place2, place));
    }

    public int GetHashCode(string line) => 0;

    private static bool IsWithin(string inner, string outer)
    {
        string[] a = inner.Split(' ', 2), b = outer.Split(' ', 2);
        var (start, outerStart) = (int.Parse(a[0], CultureInfo.InvariantCulture), int.Parse(b[0], CultureInfo.InvariantCulture));
        return a[1].Length < b[1].Length ? outerStart <= start && b[1].Contains(a[1]) : start == outerStart && a[1] == b[1];
    }

    // The innermost frame is at the error's line.
    private static string WithoutLine(string stack) => new Regex(@"line \d+").Replace(stack, "line", 1);
}

public sealed record Comparison(Verdict Verdict, string Explanation);

/// <summary>Values and records as text that says all that must be alike.</summary>
public static class Describe
{
    private const int Shown = 50;

    public static string Value(object? value, int depth = 0)
    {
        if (value is null)
        {
            return "null";
        }
        if (value is PSObject wrapped)
        {
            if (wrapped.BaseObject is PSCustomObject)
            {
                return wrapped.TypeNames[0] + "{" + string.Join("; ", wrapped.Properties.Select(p => p.Name + "=" + Value(p.Value, depth + 1))) + "}";
            }
            value = wrapped.BaseObject;
        }
        if (depth > 5)
        {
            return "...";
        }
        switch (value)
        {
            case string text:
                return text.Length > 500 ? $"'{text[..500]}...' {text.Length}" : "'" + text + "'";
            case IDictionary table:
                var pairs = table.Keys.Cast<object>().Select(k => Value(k, depth + 1) + "=" + Value(table[k], depth + 1));
                // A hashtable's order is an accident.
                return table.GetType().Name + "{" + string.Join("; ", table is Hashtable ? pairs.OrderBy(p => p, StringComparer.Ordinal) : pairs) + "}";
            case ErrorRecord record:
                return "ErrorRecord<" + record.Exception.GetType().Name + ": " + record.Exception.Message + ">";
            case Exception exception:
                return exception.GetType().Name + ": " + exception.Message;
            case ScriptBlock block:
                return "ScriptBlock{" + block + "}";
            case PSReference reference:
                return "ref " + Value(reference.Value, depth + 1);
            case Array or IList:
                var items = ((IEnumerable)value).Cast<object>().ToList();
                var shown = items.Take(Shown).Select(v => Value(v, depth + 1));
                return value.GetType().Name + "(" + string.Join(", ", shown) + (items.Count > Shown ? $", ... {items.Count}" : "") + ")";
            default:
                return value.GetType().FullName + ":" + LanguagePrimitives.ConvertTo<string>(value);
        }
    }

    /// <summary>
    /// A record without what may differ between a plain run and a coroutine:
    /// CategoryInfo.TargetName and TargetType, since a task's record bears the task's name there;
    /// the last line of the file, which says how the block is run.
    /// </summary>
    public static string Record(ErrorRecord record, int lastLine)
    {
        var text = new StringBuilder();
        // A host is given a stand-in for some exceptions that carry a record of their own, by the way that they came.
        var standIn = record.Exception is ParentContainsErrorRecordException || record.Exception.GetType() == typeof(RuntimeException);
        text.Append(standIn ? "RuntimeException" : record.Exception.GetType().Name).Append(": ").Append(record.Exception.Message);
        if (record.Exception.InnerException is { } inner && !standIn)
        {
            text.Append("\ninner ").Append(inner.GetType().Name).Append(": ").Append(inner.Message);
        }
        text.Append("\nid ").Append(record.FullyQualifiedErrorId);
        text.Append("\ncategory ").Append(record.CategoryInfo.Category).Append(", activity ").Append(record.CategoryInfo.Activity)
            .Append(", reason ").Append(standIn ? "RuntimeException" : record.CategoryInfo.Reason);
        if (record.InvocationInfo is { } where)
        {
            text.Append(where.ScriptLineNumber >= lastLine
                ? "\nat the caller"
                : $"\nof <{where.InvocationName}>" + SameButForPlace.Place(
                    where.ScriptLineNumber,
                    where.OffsetInLine,
                    where.Statement,
                    $"\nat {Path.GetFileName(where.ScriptName)}:{where.ScriptLineNumber}:{where.OffsetInLine} {where.Line.TrimEnd()}\n{where.PositionMessage}"));
        }
        text.Append("\nstack ").Append(Stack(record.ScriptStackTrace, lastLine));
        return WithoutNumbers(text.ToString());
    }

    /// <summary>Tasks are numbered through the session.</summary>
    public static string WithoutNumbers(string text) => Regex.Replace(text, @"AsyncTask \d+ 'Task\d+'|'Task\d+'", "the task");

    /// <summary>
    /// The frames in the block's own file above the line that runs it: how a block was come to is where a waiting
    /// command and a call operator differ. A frame of the module's is the loop's, if it is not there for its scope. A trap
    /// has a frame above that of its block, and in a coroutine stands in that itself: so the two are one.
    /// </summary>
    private static string Stack(string? trace, int lastLine)
    {
        if (trace is null)
        {
            return "none";
        }
        var frames = new List<string>();
        var isInTrap = false;
        foreach (var frame in trace.Split('\n').Select(f => f.Trim()).Where(f => !f.Contains(", AsyncJobs scope: line")).TakeWhile(f => !IsCaller(f, lastLine)))
        {
            var isTrap = frame.Contains("<trap>");
            if (!isInTrap)
            {
                frames.Add(Regex.Replace(frame, "(<trap>(<[^>]*>)?)+", ""));
            }
            isInTrap = isTrap;
        }
        return string.Join(" < ", frames);
    }

    private static bool IsCaller(string frame, int lastLine)
    {
        var line = Regex.Match(frame, @"line (\d+)$");
        return frame.Contains("<No file>: line") || frame.Contains(", AsyncJobs: line") || line.Success && int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) >= lastLine;
    }
}

/// <summary>Awaitables for the blocks, so that they can be short.</summary>
public static class Awaitables
{
    public static async Task<object?> Later(object? value)
    {
        await Task.Delay(1).ConfigureAwait(false);
        return value;
    }

    public static async Task<object?> Fail(string message)
    {
        await Task.Delay(1).ConfigureAwait(false);
        throw new InvalidOperationException(message);
    }

    public static Task<object?> FailNow(string message) => Task.FromException<object?>(new InvalidOperationException(message));
}

/// <summary>What programs trace, a list for each in the order in which they began.</summary>
public static class Logs
{
    public static List<List<string>> All { get; } = new();

    public static List<string> Begin()
    {
        var log = new List<string>();
        All.Add(log);
        return log;
    }
}

/// <summary>A session with the module, in which blocks are run one after the other.</summary>
public sealed class DifferentialSession : IDisposable
{
    /// <summary>
    /// How a random program begins. It names the trace itself, so that it is among what the task captures: a name that only
    /// a called function looks up is found while the file that started the task is still running.
    /// </summary>
    public const string TraceStart = "\n    $null = $log\n";

    private const string Prelude = """
        # On a busy machine any step is slow.
        Set-AsyncLoop -SlowStepMilliseconds ([int]::MaxValue)
        function global:later { param($value) Start-AsyncSleep 0.001 -Result $value }
        function global:now { param($value) $f = New-Future; Complete-Future $f -Result $value; , $f }
        function global:fail { param($message) , [AsyncJobs.Tests.Awaitables]::Fail($message) }
        function global:failnow { param($message) , [AsyncJobs.Tests.Awaitables]::FailNow($message) }
        function global:frames { param($record) ($record.ScriptStackTrace -split '\r?\n') -notmatch ', AsyncJobs( scope)?: line' -join "`n" }
        function global:trace { param($id, $value) $null = $log.Add("${id}: " + [AsyncJobs.Tests.Describe]::Value($value)); , $value }
        function global:Start-Company {
            # Others with the same names for their variables, in loops, matches and handlers of their own.
            $global:company = foreach ($n in 1..3) {
                Start-AsyncTask -OnLoop -ArgumentList $n {
                    param($n)
                    foreach ($i in 1..200) {
                        $x = "other $n"; $r = $i; $null = $x -match 'oth(er)'
                        try { switch ($i) { default { await (Start-AsyncSleep 0.001); $null = $_ } } } finally { $y = $i }
                    }
                }
            }
        }
        function global:Complete-Run {
            param($known, $ended)
            # What ended the script is left there by each command that it left, other than what throw threw.
            foreach ($e in $Error) { if ($null -ne $ended -and [object]::ReferenceEquals($e, $ended)) { continue }; if ($e -is [Management.Automation.ErrorRecord]) { $e.FullyQualifiedErrorId + " " + $e } else { "$($e.GetType().Name) $($e.Message)" } }
            $Error.Clear()
            if ($company) { Stop-AsyncTask $company; foreach ($c in $company) { try { await $c -TimeoutSec 5 } catch { } } }
            $global:company = $null
            foreach ($v in Get-Variable -Scope Global) { if (-not $known.Contains($v.Name)) { Remove-Variable $v.Name -Scope Global -Force -ErrorAction Ignore } }
            $Error.Clear()
            $global:LASTEXITCODE = $null
        }
        """;

    private readonly string _module;
    private readonly string _directory;
    private Runspace? _runspace;
    private readonly Dictionary<string, RunRecord> _plainRuns = new();
    private HashSet<string> _globals = new();

    public DifferentialSession(string module)
    {
        _module = module;
        _directory = Directory.CreateTempSubdirectory("differential").FullName;
    }

    public int TimeoutSec { get; set; } = 20;

    /// <summary>Where the file of the block lies; its name is the same for every run.</summary>
    public string FilePath => Path.Combine(_directory, "case.ps1");

    public void Dispose()
    {
        _runspace?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs the program plainly and in the other ways; says where they differ.</summary>
    public Comparison Compare(Program program, IEnumerable<RunMode> modes)
    {
        var plain = RunPlainly(program);
        foreach (var mode in modes)
        {
            var other = Run(program.Text(mode));
            if (other.Refused)
            {
                return new(Verdict.Refused, other.Refusal);
            }
            if (plain.Difference(other, "plain", mode.ToString().ToLowerInvariant()) is { } difference)
            {
                return new(Verdict.Different, difference + Numbered(program.Text(mode)));
            }
        }
        return new(Verdict.Alike, "");
    }

    /// <summary>The first plain run of a program, to which all others are held.</summary>
    private RunRecord RunPlainly(Program program)
    {
        var text = program.Text(RunMode.Plain);
        if (!_plainRuns.TryGetValue(text, out var record))
        {
            record = Run(text);
            if (!record.TimedOut)
            {
                _plainRuns.Add(text, record);
            }
        }
        return record;
    }

    public Comparison CompareTexts(string text, string otherText)
    {
        var difference = Run(text).Difference(Run(otherText), "first", "second");
        return difference is null ? new(Verdict.Alike, "") : new(Verdict.Different, difference);
    }

    /// <summary>
    /// The explanation of the smallest program found that still has the verdict, run alone; null where alone it has not.
    /// </summary>
    public static string? Shrink(DifferentialSession session, int seed, int size, string setup, Verdict verdict, string explanation, int attempts)
    {
        // One difference must not turn into another that is better known, such as a program that no longer ends.
        Comparison Try(List<Statement> statements) =>
            session.Compare(new Program { Setup = setup, Script = TraceStart + Statement.Render(statements, 1) }, new[] { RunMode.Coroutine });
        bool Keeps(List<Statement> statements)
        {
            Comparison result;
            try
            {
                result = Try(statements);
            }
            catch (InvalidOperationException)
            {
                // What is left does not parse.
                return false;
            }
            return result.Verdict == verdict && StreamOf(result.Explanation) == StreamOf(explanation) && !result.Explanation.Contains("did not end in time") && !result.Explanation.Contains("neither run");
        }
        static string StreamOf(string text) => text.Split(',')[0];
        var program = ProgramGenerator.Generate(seed, size);
        return Keeps(program) ? Try(Shrinker.Shrink(program, Keeps, attempts)).Explanation : null;
    }

    public static string Numbered(string text) =>
        "the file:\n" + string.Concat(text.TrimEnd().Split('\n').Select((line, i) => $"{i + 1,4}  {line.TrimEnd()}\n"));

    /// <summary>Runs the text as a script file, in a time limit.</summary>
    public RunRecord Run(string text) => Run(text, FilePath);

    private RunRecord Run(string text, string path)
    {
        Parser.ParseInput(text, path, out _, out var mistakes);
        if (mistakes.Length > 0)
        {
            throw new InvalidOperationException($"The program does not parse: {mistakes[0].Message} at {mistakes[0].Extent.StartLineNumber}\n{Numbered(text)}");
        }
        var record = new RunRecord();
        var lastLine = text.TrimEnd().Count(c => c == '\n') + 1;
        var runspace = Session();
        // With a byte order mark a file is read alike everywhere.
        File.WriteAllText(path, text, new UTF8Encoding(true));
        Logs.All.Clear();
        using var powershell = PowerShell.Create();
        powershell.Runspace = runspace;
        powershell.AddCommand(path);
        using var output = new PSDataCollection<PSObject>();
        var running = powershell.BeginInvoke<PSObject, PSObject>(null, output);
        if (!running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(TimeoutSec)))
        {
            record.TimedOut = true;
            Abandon(powershell);
            return record;
        }
        RuntimeException? ended = null;
        try
        {
            powershell.EndInvoke(running);
        }
        catch (RuntimeException e)
        {
            ended = e;

            // The exception in its record may be a stand-in for itself.
            Note(record, "terminating error", new ErrorRecord(e.ErrorRecord, e), lastLine);
        }
        foreach (var item in output)
        {
            record.Add("output", Describe.Value(item));
        }
        foreach (var error in powershell.Streams.Error)
        {
            Note(record, "errors", error, lastLine);
        }
        AddAll(record, "warnings", powershell.Streams.Warning);
        AddAll(record, "verbose", powershell.Streams.Verbose);
        AddAll(record, "debug", powershell.Streams.Debug);
        AddAll(record, "information", powershell.Streams.Information);
        foreach (var line in Logs.All.SelectMany(l => l))
        {
            record.Add("log", line);
        }
        CleanUp(record, ended);
        return record;
    }

    /// <summary>
    /// Runs the programs plainly, one after the other, then all of them at once as coroutines. The files that started
    /// them have been left by the time the first of them is awaited.
    /// </summary>
    public List<Comparison> CompareTogether(IReadOnlyList<Program> programs)
    {
        var paths = programs.Select((_, i) => Path.Combine(_directory, $"program{i}.ps1")).ToList();
        var plain = programs.Select((p, i) => Run(p.Text(RunMode.Plain), paths[i])).ToList();
        var together = RunTogether(programs, paths);
        return programs.Select((program, i) =>
        {
            if (together[i].Refused)
            {
                return new Comparison(Verdict.Refused, together[i].Refusal);
            }
            // One session's $Error is that of all of them.
            plain[i].Streams.Remove("$Error");
            var difference = plain[i].Difference(together[i], "plain", "together");
            return difference is null ? new(Verdict.Alike, "") : new(Verdict.Different, difference + Numbered(program.Text(RunMode.Coroutine)));
        }).ToList();
    }

    private List<RunRecord> RunTogether(IReadOnlyList<Program> programs, List<string> paths)
    {
        var records = programs.Select(_ => new RunRecord()).ToList();
        var lastLines = new List<int>();
        for (var i = 0; i < programs.Count; i++)
        {
            var text = programs[i].Text(RunMode.Started);
            lastLines.Add(text.TrimEnd().Count(c => c == '\n') + 1);
            File.WriteAllText(paths[i], text, new UTF8Encoding(true));
        }
        Logs.All.Clear();
        using var powershell = PowerShell.Create();
        powershell.Runspace = Session();
        powershell.AddScript("""
            param($paths)
            $tasks = foreach ($path in $paths) { try { & $path } catch { , $_ } }
            foreach ($task in $tasks) {
                $result = @{ Output = [Collections.ArrayList]::new(); Error = $null }
                if ($task -is [Management.Automation.ErrorRecord]) { $result.Error = $task; $result; continue }
                try { await $task | ForEach-Object { $null = $result.Output.Add($_) } } catch { $result.Error = $_ }
                $result
            }
            """).AddArgument(paths);
        using var output = new PSDataCollection<PSObject>();
        var running = powershell.BeginInvoke<PSObject, PSObject>(null, output);
        if (!running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(TimeoutSec)))
        {
            records.ForEach(r => r.TimedOut = true);
            Abandon(powershell);
            return records;
        }
        try
        {
            powershell.EndInvoke(running);
        }
        catch (RuntimeException e)
        {
            records.ForEach(r => r.Add("terminating error", "of the whole: " + Describe.Record(e.ErrorRecord, int.MaxValue)));
        }
        for (var i = 0; i < Math.Min(records.Count, output.Count); i++)
        {
            var result = (Hashtable)output[i].BaseObject;
            foreach (var item in (IList)result["Output"]!)
            {
                records[i].Add("output", Describe.Value(item));
            }
            if (result["Error"] is { } thrown)
            {
                var error = (ErrorRecord)PSObject.AsPSObject(thrown).BaseObject;
                Note(records[i], "terminating error", error, lastLines[i]);
            }
        }
        foreach (var error in powershell.Streams.Error)
        {
            var i = Owner(error.InvocationInfo);
            if (i >= 0)
            {
                Note(records[i], "errors", error, lastLines[i]);
            }
        }
        foreach (var warning in powershell.Streams.Warning)
        {
            var i = OwnerOf(warning);
            if (i >= 0)
            {
                records[i].Add("warnings", warning.ToString());
            }
        }
        for (var i = 0; i < Math.Min(records.Count, Logs.All.Count); i++)
        {
            Logs.All[i].ForEach(line => records[i].Add("log", line));
        }
        CleanUp(new RunRecord(), ended: null);
        return records;

        // A random program's warning says whose it is: one that a command has written for another has the place of that command.
        int OwnerOf(WarningRecord warning) => Regex.Match(warning.Message, @"^\[\d+\]") is { Success: true, Value: var mark }
            ? programs.ToList().FindIndex(program => program.Script.Contains(mark))
            : Owner(warning.InvocationInfo);

        int Owner(InvocationInfo? where) => where?.ScriptName is { } name ? paths.IndexOf(name) : -1;
    }

    private static void Note(RunRecord record, string stream, ErrorRecord error, int lastLine)
    {
        if (error.FullyQualifiedErrorId.StartsWith("CoroutineNotSupported", StringComparison.Ordinal))
        {
            record.Refused = true;
            record.Refusal = error.ToString();
        }
        record.Add(stream, Describe.Record(error, lastLine));
    }

    private static void AddAll<T>(RunRecord record, string stream, PSDataCollection<T> items)
    {
        foreach (var item in items)
        {
            record.Add(stream, item?.ToString() ?? "null");
        }
    }

    private Runspace Session()
    {
        if (_runspace is not null)
        {
            return _runspace;
        }
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(new[] { _module });
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        using var powershell = PowerShell.Create();
        powershell.Runspace = _runspace;
        powershell.AddScript(Prelude).Invoke();
        powershell.Commands.Clear();
        // Loads what the first use would load; from then on a name that nobody knows is not looked for in all the modules.
        powershell.AddScript("Import-Module Microsoft.PowerShell.Utility, Microsoft.PowerShell.Management; $null = Get-Date; $null = 1 | Select-Object; $PSModuleAutoLoadingPreference = 'None'; Get-Variable -Scope Global | ForEach-Object Name");
        _globals = powershell.Invoke<string>().Concat(new[] { "company", "?", "^", "$" }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _runspace;
    }

    // Reads $Error and takes away what the run left in the global scope. The company is told to go home.
    private void CleanUp(RunRecord record, RuntimeException? ended)
    {
        using var powershell = PowerShell.Create();
        powershell.Runspace = _runspace;
        powershell.AddCommand("Complete-Run").AddArgument(_globals).AddArgument(ended);
        Collection<PSObject> left;
        try
        {
            left = powershell.Invoke();
        }
        catch (RuntimeException e)
        {
            record.Add("clean-up", e.Message);
            Abandon(powershell);
            return;
        }
        foreach (var line in left)
        {
            // What a preference of Stop throws is left there by each statement around it; how many there are is the caller's affair.
            var text = line?.ToString() ?? "null";
            if (!text.StartsWith("ActionPreferenceStopException", StringComparison.Ordinal))
            {
                record.Add("$Error", Describe.WithoutNumbers(text));
            }
        }
    }

    // A run that hangs keeps its thread; nobody waits for it.
    private void Abandon(PowerShell powershell)
    {
        var lost = _runspace;
        _runspace = null;
        var stopping = powershell.BeginStop(null, null);
        if (stopping.AsyncWaitHandle.WaitOne(2000))
        {
            _ = Task.Run(() => lost?.Dispose());
        }
    }
}
