using System.Globalization;
using System.Management.Automation.Host;

namespace AsyncJobs.Diagnostics;

/// <summary>
/// Warns of steps that hold the loop for too long. One that still does has the session's thread, so that no cmdlet can
/// write: the host is told, from another thread.
/// </summary>
internal sealed class SlowSteps(RunspaceLoop session)
{
    private volatile PSHost? _host;
    private volatile bool _isSilent;

    /// <summary>Takes from a cmdlet that waits what a warning later on will need.</summary>
    public void Note(ILoopHost waiter)
    {
        _host = waiter.Cmdlet.Host;
        _isSilent = waiter.IsSilent;
    }

    /// <summary>Warns; on the loop's thread if the step is over, on another if it is not.</summary>
    public void Report(SlowStep slow)
    {
        if (session.IsInline)
        {
            // What blocks was put on the loop on purpose.
            return;
        }

        if (slow.IsOver && session.CurrentWaiter is { } waiter)
        {
            waiter.Cmdlet.WriteWarning(MessageOf(slow));
        }
        else if (!_isSilent)
        {
            WriteToHost(MessageOf(slow));
        }
    }

    private static string MessageOf(SlowStep slow)
    {
        string subject = slow.Step?.Subject ?? "A callback";
        string position = slow.Step?.Position is { } known ? $" at {known}" : "";
        string seconds = slow.Elapsed.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture);
        string held = slow.IsOver ? $"held the loop for {seconds} s" : $"has held the loop for {seconds} s and still does";
        return $"{subject}{position} {held}; nothing else runs there meanwhile. "
            + "Blocking work belongs on a thread: Start-AsyncTask -OnThread.";
    }

    private void WriteToHost(string message)
    {
        try
        {
            _host?.UI?.WriteWarningLine(message);
        }
        catch (Exception)
        {
            // A host that cannot write from here: a warning is not worth the timer's thread.
        }
    }
}
