using System.Collections;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>A coroutine's errors: PowerShell is asked, in a segment, what comes of one.</summary>
/// <param name="frame">The coroutine.</param>
internal sealed class FrameErrors(CoroutineFrame frame)
{
    /// <summary>The catch or trap that PowerShell has chosen for one.</summary>
    public CaughtError? Caught { get; set; }

    /// <summary>Has PowerShell report an error, or throw it, as the preferences say, though a try stands around.</summary>
    /// <param name="report">Does it.</param>
    /// <param name="error">The error, which <c>$Error</c> has, though perhaps not as the last.</param>
    public void Report(ISegment report, RuntimeException error)
    {
        IList? errors = ErrorList.Of(frame.Session.CurrentCommand?.Cmdlet.SessionState);
        Action? forget = errors is { Count: > 0 } ? ErrorList.Forgetting(errors) : null;
        try
        {
            Raise(report, error);
        }
        finally
        {
            forget?.Invoke();
        }

        frame.NoteSuccess(false);
    }

    /// <summary>Has PowerShell choose the clause for an error.</summary>
    /// <exception cref="RuntimeException">There is none: the error itself, or that of a type that cannot be found.</exception>
    public CaughtError Choose(ISegment find, RuntimeException error)
    {
        Caught = null;
        Raise(find, error);
        frame.NoteSuccess(false);
        return Caught ?? throw error;
    }

    /// <summary>Throws an error natively, in a segment that says what comes of it.</summary>
    public void Raise(ISegment segment, Exception error) => RunWithin(segment, () => throw error);

    /// <summary>Runs an action natively, within a segment that says what comes of its errors.</summary>
    public void RunWithin(ISegment segment, Action action)
    {
        PSVariable within = frame.Variables[EngineNames.Action];
        within.Value = new ActionEnumerator(action);
        try
        {
            segment.Run(frame);
        }
        finally
        {
            within.Value = null;
        }
    }
}
