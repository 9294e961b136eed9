using System.Management.Automation;
using System.Management.Automation.Host;

namespace AsyncJobs;

/// <summary>
/// Reports failed tasks and futures that nobody looked at, once each: when a waiting cmdlet of a later command line runs, or when
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
            foreach (Future future in tasks.TakeUnobservedFailures())
            {
                command.WriteWarning(MessageOf(future));
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

    private static string MessageOf(Future future)
    {
        string started = future is AsyncTask task ? $", started at {task.Origin}," : "";
        return $"{future}{started} failed and nobody looked at it: {future.Fault!.Exception.Message}";
    }

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
        foreach (Future future in tasks.TakeUnobservedFailures())
        {
            _host?.UI?.WriteWarningLine(MessageOf(future));
        }
    }
}
