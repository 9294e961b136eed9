using System.Diagnostics;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Remoting;

/// <summary>One run of a script on a remote session.</summary>
internal sealed class SessionRun(PSSession session, TaskStreams streams)
{
    /// <summary>How long the other side may take to confirm a stop before nobody waits for it any more.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    // PowerShell loses a stop that reaches the other side while it sets the pipeline up: the script would go on there.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(200);

    private const string ComputerNameProperty = "PSComputerName";
    private const string RunspaceIdProperty = "RunspaceId";

    // Held by every run between its look at the session and its start, so that two never begin on one.
    private static readonly ConditionalWeakTable<Runspace, object> Gates = [];

    private static readonly PSInvocationSettings Settings = new() { Host = SessionHost.Instance };

    private readonly OriginInfo _origin = new(session.ComputerName, session.Runspace.InstanceId);
    private readonly PSDataCollection<PSObject> _output = [];
    private long _begunAt;

    /// <summary>Runs the script.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="cancellationToken">Stops its pipeline there.</param>
    /// <exception cref="RemoteSessionException">The session is closed or busy, or breaks.</exception>
    public async Task<object?> RunAsync(SessionScript script, CancellationToken cancellationToken)
    {
        PowerShell powershell = PowerShell.Create();
        Task end;
        try
        {
            powershell.Runspace = session.Runspace;
            script.AddTo(powershell);
            Collect(powershell.Streams);
            end = Begin(powershell);
        }
        catch
        {
            powershell.Dispose();
            throw;
        }

        // Not before it has ended: disposing waits for that.
        _ = end.ContinueWith(_ => powershell.Dispose(), TaskScheduler.Default);
        await WaitAsync(powershell, end, cancellationToken).ConfigureAwait(false);
        streams.Complete();
        if (end.IsCompletedSuccessfully)
        {
            return TakeOutput();
        }

        throw cancellationToken.IsCancellationRequested
            ? new TaskFailedException(new OperationCanceledException(), detail: null, TakeOutput())
            : FailureOf(end.Exception!.InnerException!);
    }

    /// <summary>Waits for the end, after a cancellation only so long.</summary>
    private async Task WaitAsync(PowerShell powershell, Task end, CancellationToken cancellationToken)
    {
        // Whoever cancels does not wait while the stop is sent.
        await end.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        TimeSpan early = SettlingTime - Stopwatch.GetElapsedTime(_begunAt);
        if (!end.IsCompleted && early > TimeSpan.Zero)
        {
            await Task.WhenAny(end, Task.Delay(early, CancellationToken.None)).ConfigureAwait(false);
        }

        if (!end.IsCompleted)
        {
            Stop(powershell);
            await Task.WhenAny(end, Task.Delay(StopGrace, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the other side to stop; returns at once.</summary>
    private static void Stop(PowerShell powershell)
    {
        try
        {
            powershell.BeginStop(null, null);
        }
        catch (Exception)
        {
            // It is ending by itself in this instant, and PowerShell throws what that race leaves it with.
        }
    }

    private Task Begin(PowerShell powershell)
    {
        lock (Gates.GetOrCreateValue(session.Runspace))
        {
            if (session.Runspace.RunspaceStateInfo.State != RunspaceState.Opened)
            {
                throw RemoteSessionException.NotOpen(session);
            }

            // PowerShell would let a second pipeline in beside the first, and end with a broken session.
            if (session.Availability != RunspaceAvailability.Available)
            {
                throw RemoteSessionException.Busy(session);
            }

            try
            {
                _begunAt = Stopwatch.GetTimestamp();
                IAsyncResult begun = powershell.BeginInvoke<PSObject, PSObject>(null, _output, Settings, callback: null, state: null);
                return Task.Factory.FromAsync(begun, ended => End(powershell, ended));
            }
            catch (InvalidRunspaceStateException)
            {
                // Closed or broken since.
                throw RemoteSessionException.NotOpen(session);
            }
        }
    }

    private static void End(PowerShell powershell, IAsyncResult ended)
    {
        powershell.EndInvoke(ended);
        if (powershell.InvocationStateInfo.State == PSInvocationState.Stopped)
        {
            throw new PipelineStoppedException();
        }
    }

    private TaskOutput TakeOutput() => new([.. _output.ReadAll()]);

    private TaskFailedException FailureOf(Exception exception)
    {
        TaskOutput written = TakeOutput();
        bool isBroken = exception is not RemoteException || session.Runspace.RunspaceStateInfo.State != RunspaceState.Opened;
        if (isBroken)
        {
            return new TaskFailedException(RemoteSessionException.Broken(session, exception), detail: null, written);
        }

        ErrorRecord record = WithOrigin(((RemoteException)exception).ErrorRecord);
        return new TaskFailedException(record.Exception, record, written);
    }

    private void Collect(PSDataStreams records)
    {
        OnAdded(_output, item =>
        {
            AddOrigin(item);
            streams.AddOutput(item);
        });
        OnAdded(records.Error, error => streams.Add(WithOrigin(error)));
        OnAdded(records.Warning, streams.Add);
        OnAdded(records.Verbose, streams.Add);
        OnAdded(records.Debug, streams.Add);
        OnAdded(records.Information, streams.Add);
        OnAdded(records.Progress, streams.Add);
    }

    private static void OnAdded<T>(PSDataCollection<T> records, Action<T> take) =>
        records.DataAdded += (_, added) => take(records[added.Index]);

    /// <summary>As from Invoke-Command: which computer an error is from.</summary>
    private RemotingErrorRecord WithOrigin(ErrorRecord error) => new(error, _origin);

    /// <summary>As from Invoke-Command: which computer and session an object is from.</summary>
    private void AddOrigin(PSObject? item)
    {
        if (item is not null && item.Properties[ComputerNameProperty] is null)
        {
            item.Properties.Add(new PSNoteProperty(ComputerNameProperty, _origin.PSComputerName));
            item.Properties.Add(new PSNoteProperty(RunspaceIdProperty, _origin.RunspaceID));
        }
    }
}
