using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Errors.Replay;

/// <summary>
/// What an await throws for a task that failed: its record, whose stack trace goes on from the frames that it failed in to
/// those that await it.
/// </summary>
/// <remarks>
/// PowerShell takes the stack trace of a record when the record gets its position, once, and from the frames that are
/// there at that time. So where those are not the ones that await, a copy of the record is thrown from a frame that tells
/// of the frames it failed in (<see cref="ErrorReplay"/>).
/// </remarks>
internal static class AwaitedFailure
{
    // A thousand coroutines deep, nobody reads the thousandth frame, and each would copy those before it.
    private const int LongestTrace = 20_000;

    // Which part of a trace is of the task's own frames. A copy of a record has the same string.
    private static readonly ConditionalWeakTable<string, string> OwnFrames = [];

    private static readonly string[] OwnPlaces = [$", {ScriptFrame.File}: line ", $", {ScriptFrame.ScopeFile}: line "];

    /// <summary>An error has left a step: the frames that are there now are those of whoever runs it.</summary>
    public static void NoteEndOfStep(RuntimeException error)
    {
        if (TraceOf(error.ErrorRecord) is not { Length: < LongestTrace } trace)
        {
            return;
        }

        // One that leaves a step inside a step, whose script awaited it there, leaves the outer one with more frames.
        string around = Environment.NewLine + string.Join(Environment.NewLine, Frames());
        if (trace.EndsWith(around, StringComparison.Ordinal)
            && !(OwnFrames.TryGetValue(trace, out string? known) && known.Length >= trace.Length - around.Length))
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

    /// <summary>
    /// What a future failed with, for whoever awaits it: the exception to throw, or by its record what to write. Its target is
    /// the object that the task was started for, if any.
    /// </summary>
    /// <param name="future">The future, which has failed or was cancelled.</param>
    /// <param name="session">The session state of the cmdlet that awaits.</param>
    public static RuntimeException Of(Future future, SessionState session)
    {
        ErrorRecord record = ErrorRecords.ForOutcome(future);
        object? target = (future as AsyncTask)?.InputObject.Unwrap();
        bool isTarget = target is null || Equals(target, record.TargetObject.Unwrap());
        var replay = new ErrorReplay(record, isTarget ? record.TargetObject : target, session);
        if (record.InvocationInfo is null)
        {
            return ScriptThrow.Of(isTarget ? record : replay.Copy(record.FullyQualifiedErrorId));
        }

        if (TraceOf(record) is not { Length: < LongestTrace } trace || record.GetType() != typeof(ErrorRecord))
        {
            return ScriptThrow.Of(record);
        }

        string own = OwnFrames.TryGetValue(trace, out string? known) ? known : trace;
        string[] rest = trace[own.Length..].Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        bool saysAlready = isTarget && WithoutOurs(rest).SequenceEqual(WithoutOurs(Frames()));
        return saysAlready ? ScriptThrow.Of(record) : replay.ThrownFrom(own) ?? ScriptThrow.Of(record);
    }

    private static string? TraceOf(ErrorRecord? record) => record?.ScriptStackTrace is { Length: > 0 } trace ? trace : null;

    private static IEnumerable<string> Frames() =>
        Runspace.DefaultRunspace.Debugger.GetCallStack().Select(static frame => frame.ToString());

    private static IEnumerable<string> WithoutOurs(IEnumerable<string> frames) =>
        frames.Where(static frame => !OwnPlaces.Any(place => frame.Contains(place, StringComparison.Ordinal)));
}
