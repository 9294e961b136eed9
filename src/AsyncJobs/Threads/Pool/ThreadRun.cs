using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// One run of a script block on a worker's runspace. It either finishes or is abandoned, never both; its outcome is
/// published once.
/// </summary>
internal sealed class ThreadRun(ScriptWork work, TaskStreams streams) : IOutputSource
{
    // What awaits it goes on where it is published.
    private readonly TaskCompletionSource<object?> _outcome = new();
    private readonly object _gate = new();

    // Changed on the worker's thread only, under its own lock for those who read it meanwhile.
    private readonly List<PSObject> _output = [];

    private volatile ThreadWorker? _worker;

    // The pipeline while it may be stopped; under _gate, as are the next two.
    private PowerShell? _powershell;
    private Stage _stage;
    private bool _isStopped;
    private TaskFailedException? _failure;

    private enum Stage
    {
        Running,
        Finished,
        Abandoned,
    }

    /// <summary>Ends with the output, the failure, or the cancellation.</summary>
    public Task<object?> Outcome => _outcome.Task;

    /// <summary>The task it is the run of.</summary>
    public AsyncTask? Task => streams.Owner;

    /// <summary>The worker of the run, once there is one.</summary>
    public ThreadWorker? Worker { get => _worker; set => _worker = value; }

    /// <summary>Whether it was another worker's before, whose runspace broke.</summary>
    public bool IsSecondTry { get; set; }

    public ScriptWork Work => work;

    /// <summary>Whether its pipeline was told to stop, and so is of no use to the next run.</summary>
    public bool IsStopped => Volatile.Read(ref _isStopped);

    /// <summary>Runs the block in the worker's pipeline, on its thread.</summary>
    /// <param name="powershell">The pipeline's owner, which a stop is sent to.</param>
    /// <param name="run">Runs the script.</param>
    /// <returns>False if nobody waits for it any more; true asks the caller to <see cref="Publish"/>.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the block throws is its failure.")]
    public bool Execute(PowerShell powershell, Action<ScriptWork> run)
    {
        if (TryBegin(powershell))
        {
            Trace(TraceEventKind.ThreadBegun);
            try
            {
                run(work);
            }
            catch (FlowControlException)
            {
                // exit, or a break with no loop around it: the end of the block.
            }
            catch (Exception exception)
            {
                _failure = FailureOf(exception);
            }
            finally
            {
                Trace(TraceEventKind.ThreadEnded);
            }
        }
        else
        {
            _failure = Canceled(TaskOutput.None);
        }

        streams.Complete();
        return TryEnd(Stage.Finished);
    }

    /// <summary>Makes what the script starts a part of its task's activity, where somebody listens; within the context of its caller.</summary>
    public void EnterActivity()
    {
        if (Task is { } task && TaskActivities.Of(task) is { } activity)
        {
            Activity.Current = activity;
        }
    }

    /// <summary>
    /// Lets the waiter have the outcome, and carries out here what follows from it. After the worker is back in its pool, so
    /// that the waiter may use it again.
    /// </summary>
    public void Publish()
    {
        if (_failure is not null)
        {
            _outcome.TrySetException(_failure);
        }
        else
        {
            _outcome.TrySetResult(new TaskOutput([.. _output]));
        }
    }

    /// <summary>Ends it as cancelled, before any worker got it.</summary>
    public void Withdraw() => Fail(Canceled(TaskOutput.None));

    /// <summary>Ends it without having run; what awaits it goes on in the thread pool.</summary>
    public void Fail(Exception exception)
    {
        if (TryEnd(Stage.Finished))
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => _outcome.TrySetException(exception), null);
        }
    }

    /// <summary>Takes an object that the block wrote.</summary>
    public void AddOutput(PSObject item)
    {
        item = work.Export(item);
        lock (_output)
        {
            _output.Add(item);
        }

        streams.AddOutput(item);
        if (Task is { HasReaders: true })
        {
            PublishOutput();
        }
    }

    /// <inheritdoc/>
    public void PublishOutput()
    {
        lock (_output)
        {
            Task?.PublishOutput(_output);
        }
    }

    /// <summary>Takes a record that the block wrote to another stream.</summary>
    public void AddRecord(object record)
    {
        if (record is ErrorRecord error)
        {
            work.Place(error);
        }

        streams.Add(record);
    }

    /// <summary>Stops the pipeline and waits until it has stopped; it may never do so.</summary>
    public void Stop()
    {
        PowerShell? powershell;
        lock (_gate)
        {
            if (_stage != Stage.Running)
            {
                return;
            }

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

    private void Trace(TraceEventKind kind)
    {
        if (Task is { } task)
        {
            TraceRecorder.Current?.Add(kind, task.Id);
        }
    }

    private static TaskFailedException Canceled(TaskOutput written) => new(new OperationCanceledException(), detail: null, written);

    private TaskFailedException FailureOf(Exception exception)
    {
        var written = new TaskOutput([.. _output]);
        if (IsStopped)
        {
            return Canceled(written);
        }

        ErrorRecord? record = ErrorRecords.Of(exception);
        if (record is not null)
        {
            work.Place(record);
        }

        AwaitedFailure.NoteEndOfThread(record);
        return new TaskFailedException(record?.Exception ?? exception, record, written);
    }

    /// <summary>From here on a stop goes to the pipeline; one that came earlier takes effect here.</summary>
    private bool TryBegin(PowerShell powershell)
    {
        lock (_gate)
        {
            _powershell = powershell;
            return !_isStopped && _stage == Stage.Running;
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
