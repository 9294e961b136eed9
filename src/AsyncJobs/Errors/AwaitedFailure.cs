using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AsyncJobs;

/// <summary>
/// What an await throws for a task that failed: its record, whose stack trace goes on from the frames that it failed in to
/// those that await it.
/// </summary>
/// <remarks>
/// PowerShell takes the stack trace of a record when the record gets its position, once, and from the frames that are
/// there at that time. So where those are not the ones that await, a copy of the record is thrown from a frame that tells
/// of the frames it failed in. The copy's <c>InvocationInfo</c> does not name the command, which cannot be given; what is
/// made of it, the error id and the activity, is copied. Plain script that awaits is content with the trace there is for
/// the error of a command: it ends with whoever ran the task.
/// </remarks>
internal static partial class AwaitedFailure
{
    // A thousand coroutines deep, nobody reads the thousandth frame, and each would copy those before it.
    private const int LongestTrace = 20_000;

    private const string RecordName = CoroutineUnit.TemporaryPrefix + "Failure";

    // Which part of a trace is of the task's own frames. A copy of a record has the same string.
    private static readonly ConditionalWeakTable<string, string> OwnFrames = [];

    private static readonly string OwnPlace = $", {BlockWithin.File}: line ";

    /// <summary>An error has left a step: the frames that are there now are those of whoever runs it.</summary>
    public static void NoteEndOfStep(RuntimeException error)
    {
        if (TraceOf(error.ErrorRecord) is not { } trace)
        {
            return;
        }

        // One that leaves a step inside a step, whose script awaited it there, leaves the outer one with more frames.
        string around = Environment.NewLine + string.Join(Environment.NewLine, Frames());
        if (trace.EndsWith(around, StringComparison.Ordinal) && !(OwnFrames.TryGetValue(trace, out string? known) && known.Length >= trace.Length - around.Length))
        {
            OwnFrames.AddOrUpdate(trace, trace[..^around.Length]);
        }
    }

    /// <summary>An error has ended a thread task: the outermost of its frames is the line of ours that calls the block.</summary>
    public static void NoteEndOfThread(ErrorRecord? error)
    {
        if (TraceOf(error) is { } trace && trace.LastIndexOf(Environment.NewLine, StringComparison.Ordinal) is > 0 and var end)
        {
            OwnFrames.TryAdd(trace, trace[..end]);
        }
    }

    /// <summary>The exception for a task's record, to be thrown by the cmdlet that awaits the task.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isInCoroutine">Whether a coroutine awaits.</param>
    public static RuntimeException Of(ErrorRecord record, bool isInCoroutine)
    {
        RuntimeException usual = ScriptThrow.Of(record);
        if (TraceOf(record) is not { Length: < LongestTrace } trace || record.InvocationInfo is not { } call || record.GetType() != typeof(ErrorRecord)
            || (!isInCoroutine && (call.MyCommand is not null || !string.IsNullOrEmpty(call.InvocationName))))
        {
            return usual;
        }

        string own = OwnFrames.TryGetValue(trace, out string? known) ? known : trace;
        bool saysAlready = WithoutOurs(trace[own.Length..].Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)).SequenceEqual(WithoutOurs(Frames()));
        return saysAlready || !FirstAndLast().IsMatch(own) ? usual : ThrownFrom(own, record) ?? usual;
    }

    private static string? TraceOf(ErrorRecord? record) => record?.ScriptStackTrace is { Length: > 0 } trace ? trace : null;

    private static IEnumerable<string> Frames() => Runspace.DefaultRunspace.Debugger.GetCallStack().Select(static frame => frame.ToString());

    private static IEnumerable<string> WithoutOurs(IEnumerable<string> frames) => frames.Where(static frame => !frame.Contains(OwnPlace, StringComparison.Ordinal));

    /// <summary>Throws a copy natively, from one frame that reads as all those given.</summary>
    private static RuntimeException? ThrownFrom(string frames, ErrorRecord record)
    {
        RuntimeException copy = ScriptThrow.Of(CopyOf(record));
        List<PSVariable> variables = [new(RecordName, copy), new("ErrorActionPreference", ActionPreference.Stop)];
        try
        {
            Throwing(frames, ErrorPosition.Of(record.InvocationInfo)).InvokeWithContext(BlockWithin.NoFunctions, variables);
            return null;
        }
        catch (RuntimeException thrown) when (ReferenceEquals(thrown, copy))
        {
            return copy;
        }
    }

    private static ErrorRecord CopyOf(ErrorRecord record)
    {
        ErrorCategoryInfo category = record.CategoryInfo;
        var copy = new ErrorRecord(record.Exception, record.FullyQualifiedErrorId, category.Category, record.TargetObject) { ErrorDetails = record.ErrorDetails };
        copy.CategoryInfo.Activity = category.Activity;
        copy.CategoryInfo.Reason = category.Reason;
        copy.CategoryInfo.TargetName = category.TargetName;
        copy.CategoryInfo.TargetType = category.TargetType;
        return copy;
    }

    /// <summary><c>throw $($null = 0; $failure)</c>: the throw stands where the error was, what it evaluates last where the frames were.</summary>
    private static ScriptBlock Throwing(string frames, IScriptExtent position)
    {
        Match parts = FirstAndLast().Match(frames);
        var place = new ScriptPosition(parts.Groups["places"].Value, int.Parse(parts.Groups["line"].ValueSpan, provider: null), 1, string.Empty);

        // PowerShell tells positions apart as objects, and does not say when it is at the first that it has compiled.
        (IScriptExtent whole, IScriptExtent last) = (new ScriptExtent(place, place), new ScriptExtent(place, place));
        StatementAst first = Factory.Assign(whole, "null", Factory.Write(whole, new ConstantExpressionAst(whole, 0)));
        var failure = new SubExpressionAst(whole, new StatementBlockAst(whole, [first, Factory.Write(last, Factory.Variable(last, RecordName))], traps: null));
        var statements = new StatementBlockAst(whole, [new ThrowStatementAst(position, Factory.Write(position, failure))], traps: null);
        var block = new ScriptBlockAst(whole, paramBlock: null, statements, isFilter: false);

        // The name of a frame is that of the function.
        string name = parts.Groups["name"].Value;
        return (name == "<ScriptBlock>" ? block : new FunctionDefinitionAst(whole, isFilter: false, isWorkflow: false, name, parameters: null, block).Body).GetScriptBlock();
    }

    // A frame is "at name, file: line 1"; of several, what stands between the first name and the last line goes for a file.
    [GeneratedRegex(@"\Aat (?<name>.+?), (?<places>.+): line (?<line>\d+)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex FirstAndLast();
}
