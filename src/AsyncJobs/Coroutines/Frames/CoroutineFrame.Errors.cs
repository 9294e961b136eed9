using System.Collections;

namespace AsyncJobs.Coroutines.Frames;

/// <content>Its errors, and how its steps have ended.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>What the innermost catch block handles: a bare <c>throw</c> throws it again.</summary>
    public RuntimeException? Handled { get; set; }

    /// <summary>The block's <c>$?</c> between two steps; null where it does not look at it.</summary>
    public PSVariable? Success { get; set; }

    /// <summary>Has PowerShell report an error, or throw it, as the preferences say, though a try stands around.</summary>
    /// <param name="report">Does it.</param>
    /// <param name="error">The error, which <c>$Error</c> has, though perhaps not as the last.</param>
    public void Report(ISegment report, RuntimeException error)
    {
        IList? errors = ErrorList.Of(Session.CurrentCommand?.Cmdlet.SessionState);
        object? last = errors is { Count: > 0 } ? errors[0] : null;
        try
        {
            Raise(report, error);
        }
        finally
        {
            if (last is not null && errors is [{ } added, ..] && !ReferenceEquals(added, last))
            {
                errors.RemoveAt(0);
            }
        }

        NoteSuccess(false);
    }

    /// <summary>Says how something ended that PowerShell has not run.</summary>
    public void NoteSuccess(bool succeeded)
    {
        if (Success is not null)
        {
            Success.Value = succeeded;
        }
    }

    /// <summary>Has PowerShell choose the clause for an error.</summary>
    /// <exception cref="RuntimeException">There is none: the error itself, or that of a type that cannot be found.</exception>
    public CaughtError Choose(ISegment find, RuntimeException error)
    {
        Exchange.Caught = null;
        Raise(find, error);
        NoteSuccess(false);
        return Exchange.Caught ?? throw error;
    }

    /// <summary>Throws an error natively, in a segment that says what comes of it.</summary>
    public void Raise(ISegment segment, RuntimeException error) => RunWithin(segment, () => throw error);

    /// <summary>Runs an action natively, within a segment that says what comes of its errors.</summary>
    public void RunWithin(ISegment segment, Action action)
    {
        PSVariable within = Variable(EngineNames.Action);
        within.Value = new ActionEnumerator(action);
        try
        {
            segment.Run(this);
        }
        finally
        {
            within.Value = null;
        }
    }
}
