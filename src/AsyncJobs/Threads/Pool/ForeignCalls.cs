using System.Diagnostics;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// Calls of methods that belong to one runspace, made on threads of others: methods of PowerShell classes. PowerShell
/// hands such a call over as an event, and where that is not taken within 250 ms has it run on the calling thread, in
/// scopes that the runspace's own thread is using, where a call within the call never ends. Here the caller waits until
/// the runspace's own thread has served it.
/// </summary>
internal sealed class ForeignCalls : IDisposable
{
    /// <summary>How PowerShell names such events.</summary>
    public const string EventName = "PowerShell.OnScriptBlockInvoke";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int MostAtOnce = 100;

    // Of a call that a running script serves, by the way, nobody is told.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    // At each round of a loop PowerShell serves what waits.
    private static readonly ScriptBlock Loop = SharedScriptBlock.Of("do { } until ($true)");

    private readonly object _gate = new();
    private readonly Runspace _runspace;
    private readonly Action _wake;
    private readonly PSEventSubscriber _subscriber;

    /// <param name="runspace">The runspace whose methods are called.</param>
    /// <param name="wake">Has the runspace's thread <see cref="Serve"/>; called on any thread.</param>
    public ForeignCalls(Runspace runspace, Action<Action> wake)
    {
        _runspace = runspace;
        _wake = () => wake(Serve);
        _subscriber = runspace.Events.SubscribeEvent(
            source: null, EventName, EventName, data: null, OnCall, supportEvent: true, forwardEvent: false);
    }

    /// <summary>Serves the calls that wait; on the runspace's thread.</summary>
    public void Serve()
    {
        // PowerShell serves a few at a time.
        for (int i = 0; i < MostAtOnce && Open().Any(); i++)
        {
            Loop.Invoke();
        }

        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Leaves calls to PowerShell again.</summary>
    public void Dispose() => _runspace.Events.UnsubscribeEvent(_subscriber);

    private void OnCall(object sender, PSEventArgs call)
    {
        if (ReferenceEquals(Runspace.DefaultRunspace, _runspace))
        {
            return;
        }

        PSEventSubscriber[] waiting = [.. Open()];
        var clock = Stopwatch.StartNew();
        _wake();
        lock (_gate)
        {
            while (Open().Intersect(waiting).Any())
            {
                if (clock.Elapsed > Limit)
                {
                    throw new TimeoutException(
                        $"A method of a class belongs to another session, which was busy for {Limit.TotalSeconds:0} s. "
                        + "Put [NoRunspaceAffinity()] on the class, or make the object where it is used.");
                }

                Monitor.Wait(_gate, LookAgain);
            }
        }
    }

    private IEnumerable<PSEventSubscriber> Open() =>
        _runspace.Events.Subscribers.Where(one => one != _subscriber && one.SourceIdentifier == EventName);
}
