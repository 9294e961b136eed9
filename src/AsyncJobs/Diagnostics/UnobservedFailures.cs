using System.Management.Automation.Host;

namespace AsyncJobs.Diagnostics;

/// <summary>
/// Reports failed tasks and futures that nobody looked at, once each. Tasks that were thrown away where they were started
/// are reported when the loop next turns: nobody can come back to them. Others may stand in a variable that the script
/// still comes to, so these wait for a cmdlet of a later command line, or for the end of the session. Never by chance of
/// garbage collection. In debug mode, tasks that nobody awaited, too.
/// </summary>
internal sealed class UnobservedFailures(TaskRegistry tasks) : IDisposable
{
    private long _commandLine;
    private PSEventManager? _events;
    private PSEventSubscriber? _exiting;
    private PSHost? _host;

    /// <summary>Gets failures instead of a warning; null for none.</summary>
    public ScriptBlock? Handler { get; set; }

    /// <summary>Reports through a cmdlet what earlier command lines left behind.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="awaited">Failures that the cmdlet itself is about to look at; null for none.</param>
    public void ReportTo(PSCmdlet command, IReadOnlySet<Future>? awaited = null)
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
            Report(command.WriteWarning, awaited: awaited);
        }
    }

    /// <summary>Reports the tasks that were thrown away and have failed; called at each turn of the loop.</summary>
    public void ReportDiscarded(PSCmdlet command)
    {
        if (tasks.HasDiscardedFailures)
        {
            Report(command.WriteWarning, onlyDiscarded: true);
        }
    }

    /// <summary>Hands a callback's failure to the handler; false if there is none.</summary>
    public bool TryHandle(ErrorRecord failure, Action<string> warn)
    {
        if (Handler is null)
        {
            return false;
        }

        Handle(new AsyncUnhandledError($"A callback failed: {failure.Exception.Message}", failure, task: null), warn);
        return true;
    }

    /// <summary>Reports through the host all that is left; the session is over.</summary>
    public void Dispose()
    {
        if (_exiting is not null)
        {
            _events!.UnsubscribeEvent(_exiting);
            _exiting = null;
            ReportAtEnd();
        }
    }

    private static string MessageOf(Future future) =>
        $"{future}{StartOf(future)} failed and nobody looked at it: {future.Fault!.Exception.Message}";

    private static string StartOf(Future future) => future is AsyncTask task ? $", started at {task.Origin}," : "";

    private void WatchForExit(PSCmdlet command)
    {
        _host = command.Host;
        _events = command.Events;
        _exiting = _events.SubscribeEvent(
            source: null,
            eventName: null,
            sourceIdentifier: PSEngineEvent.Exiting,
            data: null,
            handlerDelegate: (_, _) => ReportAtEnd(),
            supportEvent: true,
            forwardEvent: false);
    }

    private void ReportAtEnd()
    {
        void Warn(string message) => _host?.UI?.WriteWarningLine(message);
        Report(Warn);
        if (tasks.KeepsUnawaited)
        {
            foreach (AsyncTask task in tasks.GetPending().Where(task => !task.IsObserved))
            {
                Warn($"{task}{StartOf(task)} was never awaited, and is {task.State} still.");
            }
        }
    }

    private void Report(Action<string> warn, bool onlyDiscarded = false, IReadOnlySet<Future>? awaited = null)
    {
        foreach (Future future in tasks.TakeUnobservedFailures(onlyDiscarded, awaited))
        {
            if (Handler is null)
            {
                warn(MessageOf(future));
            }
            else
            {
                future.MarkObserved();
                Handle(new AsyncUnhandledError(MessageOf(future), ErrorRecords.ForOutcome(future), future), warn);
            }
        }

        foreach (AsyncTask task in onlyDiscarded ? [] : tasks.TakeUnawaited())
        {
            warn($"{task}{StartOf(task)} was never awaited.");
        }
    }

    private void Handle(AsyncUnhandledError failure, Action<string> warn)
    {
        try
        {
            Handler!.InvokeWithContext(functionsToDefine: null, [new PSVariable("_", failure)], failure);
        }
        catch (Exception exception) when (exception is not (PipelineStoppedException or FlowControlException))
        {
            warn(failure.Message);
            warn($"The block of -OnUnhandledError failed: {exception.Message}");
        }
    }
}
