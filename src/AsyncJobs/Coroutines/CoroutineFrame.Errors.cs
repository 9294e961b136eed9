using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <content>What its errors end, and how its steps have ended.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>How many tries with a suspension stand around what runs now.</summary>
    public int GuardDepth { get; set; }

    /// <summary>Whether an error ends more than its statement.</summary>
    public bool IsGuarded => GuardDepth > 0;

    /// <summary>The last error that is known to end more than its statement, though no throw threw it.</summary>
    public RuntimeException? Halting { get; set; }

    /// <summary>Whether the part that ran last came to its end; its last command says so.</summary>
    public bool HasComeToEnd { get; set; }

    /// <summary>What the innermost catch block handles: a bare <c>throw</c> throws it again.</summary>
    public RuntimeException? Handled { get; set; }

    /// <summary>The block's <c>$?</c> between two steps; null where it does not look at it.</summary>
    public PSVariable? Success { get; set; }

    /// <summary>The catch or trap that PowerShell has chosen for it.</summary>
    public CaughtError? Caught { get; set; }

    /// <summary>Whether an error that has come this far may end its statement and no more; one that throw threw does by some preferences.</summary>
    public bool MayEndStatement(RuntimeException error) => !IsGuarded && !ReferenceEquals(error, Halting)
        && error is not PipelineStoppedException and not ActionPreferenceStopException;

    /// <summary>Has PowerShell report an error that ended a statement, or end more, as the preferences say.</summary>
    /// <param name="report">Does it.</param>
    /// <param name="error">The error.</param>
    /// <param name="isKnown">Whether <c>$Error</c> has it, though perhaps not as the last.</param>
    public void Report(Segment report, RuntimeException error, bool isKnown = false)
    {
        IList? errors = isKnown ? ErrorList.Of(Session.CurrentCommand?.SessionState) : null;
        object? last = errors is { Count: > 0 } ? errors[0] : null;
        try
        {
            Raise(report, error);
        }
        catch (RuntimeException)
        {
            Halting = error;
            throw;
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
    public CaughtError Choose(Segment find, RuntimeException error)
    {
        Caught = null;
        Raise(find, error);
        NoteSuccess(false);
        return Caught ?? throw error;
    }

    /// <summary>Throws an error natively, in a segment that says what comes of it.</summary>
    public void Raise(Segment segment, RuntimeException error) => RunWithin(segment, () => throw error);

    /// <summary>Runs an action natively, within a segment that says what comes of its errors.</summary>
    /// <exception cref="StatementEndedException">The segment is a part, and PowerShell has reported an error.</exception>
    public void RunWithin(Segment segment, Action action)
    {
        PSVariable within = Variable(ErrorSegments.ActionName);
        within.Value = new EnumeratedAction(() =>
        {
            action();
            HasComeToEnd = true;
        });
        try
        {
            segment.RunToEnd(this);
        }
        finally
        {
            within.Value = null;
        }
    }
}
