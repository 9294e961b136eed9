using System.Management.Automation;
using System.Management.Automation.Host;

namespace AsyncJobs;

/// <summary>
/// Reports failed tasks that nobody looked at, once each: when a waiting cmdlet of a later command line runs, or when
/// the session ends. Never earlier, since the script that started a task may still come to await it, and never by
/// chance of garbage collection.
/// </summary>
internal sealed class LostFailures(TaskRegistry tasks) : IDisposable
{
    private long _commandLine;
    private PSEventManager? _events;
    private PSEventSubscriber? _exiting;
    private PSHost? _host;

    /// <summary>Warns through a cmdlet of what earlier command lines left behind.</summary>
    public void ReportTo(LoopCommand command)
    {
        long commandLine = command.MyInvocation.HistoryId;
        if (_events is null)
        {
            WatchForExit(command);
            _commandLine = commandLine;
        }
        else if (commandLine > _commandLine)
        {
            _commandLine = commandLine;
            foreach (AsyncTask task in tasks.TakeUnobservedFailures())
            {
                command.WriteWarning(MessageOf(task));
            }
        }
    }

    /// <summary>Warns through the host of all that is left; the session is over.</summary>
    public void Dispose()
    {
        if (_exiting is not null)
        {
            _events!.UnsubscribeEvent(_exiting);
            _exiting = null;
            ReportToHost();
        }
    }

    private static string MessageOf(AsyncTask task) =>
        $"{task}, started at {task.Origin}, failed and nobody looked at it: {task.Fault!.Exception.Message}";

    private void WatchForExit(LoopCommand command)
    {
        _host = command.Host;
        _events = command.Events;
        _exiting = _events.SubscribeEvent(
            source: null,
            eventName: null,
            sourceIdentifier: PSEngineEvent.Exiting,
            data: null,
            handlerDelegate: (_, _) => ReportToHost(),
            supportEvent: true,
            forwardEvent: false);
    }

    private void ReportToHost()
    {
        foreach (AsyncTask task in tasks.TakeUnobservedFailures())
        {
            _host?.UI?.WriteWarningLine(MessageOf(task));
        }
    }
}
