using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>
/// One run of a script block on a worker's runspace. It either finishes or is abandoned, never both; its outcome is
/// published once.
/// </summary>
internal sealed class ThreadRun(ScriptWork work, TaskStreams streams)
{
    private readonly TaskCompletionSource<object?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();

    // The pipeline while it may be stopped; under _gate, as are the next two.
    private PowerShell? _powershell;
    private Stage _stage;
    private bool _isStopped;
    private TaskOutput? _output;
    private TaskFailedException? _failure;

    private enum Stage
    {
        Running,
        Finished,
        Abandoned,
    }

    /// <summary>Ends with the output, the failure, or the cancellation.</summary>
    public Task<object?> Outcome => _outcome.Task;

    /// <summary>Runs the block on the calling thread.</summary>
    /// <returns>False if nobody waits for it any more; true asks the caller to <see cref="Publish"/>.</returns>
    public bool Execute(Runspace runspace)
    {
        var output = new PSDataCollection<PSObject>();
        try
        {
            using PowerShell powershell = PowerShell.Create();
            powershell.Runspace = runspace;
            work.AddTo(powershell, runspace, () => Begun(powershell));
            streams.Collect(powershell.Streams);
            streams.CollectOutput(output);
            powershell.Invoke(null, output);

            if (powershell.Streams.Error.FirstOrDefault(ScriptWork.IsRefusal) is { } refusal)
            {
                throw new RuntimeException(refusal.Exception.Message, refusal.Exception, refusal);
            }

            // Invoke returns quietly from a pipeline that was stopped.
            if (powershell.InvocationStateInfo.State == PSInvocationState.Stopped)
            {
                throw new PipelineStoppedException();
            }
        }
        catch (Exception exception)
        {
            _failure = FailureOf(exception, OutputOf(output));
        }

        _output = OutputOf(output);
        return TryEnd(Stage.Finished);
    }

    /// <summary>Lets the waiter have the outcome. After the worker is back in its pool, so that the waiter may use it again.</summary>
    public void Publish()
    {
        if (_failure is not null)
        {
            _outcome.TrySetException(_failure);
        }
        else
        {
            _outcome.TrySetResult(_output);
        }
    }

    /// <summary>Ends it without having run.</summary>
    public void Fail(Exception exception)
    {
        if (TryEnd(Stage.Finished))
        {
            _outcome.TrySetException(exception);
        }
    }

    /// <summary>Stops the pipeline and waits until it has stopped; it may never do so.</summary>
    public void Stop()
    {
        PowerShell? powershell;
        lock (_gate)
        {
            _isStopped = true;
            powershell = _powershell;
        }

        try
        {
            powershell?.Stop();
        }
        catch (Exception)
        {
            // It is ending by itself in this instant, and PowerShell throws what that race leaves it with.
        }
    }

    /// <summary>Gives up on a run that will not stop; false if it has finished after all.</summary>
    public bool TryAbandon()
    {
        if (!TryEnd(Stage.Abandoned))
        {
            return false;
        }

        _outcome.TrySetException(Canceled(TaskOutput.None));
        return true;
    }

    private static TaskFailedException Canceled(TaskOutput written) => new(new OperationCanceledException(), detail: null, written);

    private static TaskOutput OutputOf(PSDataCollection<PSObject> output) => new([.. output]);

    private TaskFailedException FailureOf(Exception exception, TaskOutput written)
    {
        if (_isStopped)
        {
            return Canceled(written);
        }

        ErrorRecord? record = (exception as IContainsErrorRecord)?.ErrorRecord;
        return new TaskFailedException(record?.Exception ?? exception, record, written);
    }

    /// <summary>
    /// Called from inside the pipeline. Only from here on may it be stopped: PowerShell loses a Stop that comes while
    /// Invoke is setting the pipeline up, so an earlier one is kept until now.
    /// </summary>
    private void Begun(PowerShell powershell)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                throw new PipelineStoppedException();
            }

            _powershell = powershell;
        }
    }

    private bool TryEnd(Stage stage)
    {
        lock (_gate)
        {
            _powershell = null;
            if (_stage != Stage.Running)
            {
                return false;
            }

            _stage = stage;
            return true;
        }
    }
}
