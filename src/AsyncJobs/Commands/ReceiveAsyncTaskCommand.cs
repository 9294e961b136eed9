using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Receive-AsyncTask: writes results as they come (asyncio's <c>as_completed</c>).</summary>
[Cmdlet(VerbsCommunications.Receive, "AsyncTask")]
[OutputType(typeof(object), typeof(Future))]
public sealed class ReceiveAsyncTaskCommand : AwaitCommand
{
    // A stream's next move is awaited like any task; this tells which stream it belongs to.
    private readonly Dictionary<Future, AsyncStream> _moves = [];
    private CompletionQueue? _completions;
    private Deadline? _deadline;

    /// <summary>Writes the tasks instead of what they wrote; for streams, which have none, their elements all the same.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Seconds for the whole; past it TimeoutException is thrown and nothing is cancelled.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    private CompletionQueue Completions => _completions ??= new CompletionQueue(Session.Loop);

    /// <summary>Starts the clock.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (TimeoutSec > 0)
        {
            _deadline = new Deadline(Session.Loop, TimeSpan.FromSeconds(TimeoutSec), () => { });
        }
    }

    /// <summary>Takes what is given and writes what has ended by now.</summary>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        WriteCompleted();
    }

    /// <summary>Writes the rest as it ends.</summary>
    protected override void EndProcessing()
    {
        while (Completions.OutstandingCount > 0)
        {
            TurnUntil(() => Completions.HasCompleted || _deadline is { HasPassed: true }, Completions);
            if (!Completions.HasCompleted)
            {
                Throw(ErrorRecords.ForException(
                    TaskTimeoutException.ForWait($"The wait for {Completions.OutstandingCount} more tasks", _deadline!.Limit),
                    Completions.GetWaitedFor() is [var next, ..] ? next : null));
            }

            WriteCompleted();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deadline?.Dispose();
            _completions?.Detach();
            foreach (AsyncStream stream in _moves.Values)
            {
                // The enumerator's clean-up is its own affair; a pipeline that ends early does not wait for it.
                _ = stream.DisposeAsync().AsTask();
            }
        }

        base.Dispose(disposing);
    }

    private protected override bool TryAdd(object? value)
    {
        if (AsyncStream.TryOpen(value, out AsyncStream? stream))
        {
            MoveNext(stream);
            return true;
        }

        return base.TryAdd(value);
    }

    private protected override void OnAdded(Future future) => Completions.Add(future);

    private void WriteCompleted()
    {
        while (Completions.TryTake(out Future? future))
        {
            if (_moves.Remove(future, out AsyncStream? stream))
            {
                WriteElement(future, stream);
            }
            else if (PassThru)
            {
                TaskStreamReader.DrainTo(this, future);
                WriteObject(future);
            }
            else
            {
                WriteOutput(future);
                WriteFault(future);
            }

            Streams.Detach(future);
        }
    }

    private void WriteElement(Future move, AsyncStream stream)
    {
        if (move.Result is true)
        {
            object? element = stream.Current;
            MoveNext(stream);
            WriteObject(element);
            return;
        }

        WriteFault(move);
        TurnUntilDone(stream.DisposeAsync().AsTask());
    }

    private void WriteFault(Future future)
    {
        if (future.Fault is not null)
        {
            WriteError(ErrorRecords.ForOutcome(future));
        }
    }

    private void MoveNext(AsyncStream stream)
    {
        AsyncTask move = Adopted.FromTask(Session.Runner, stream.MoveNextAsync(), new TaskOptions { Origin = Origin });
        _moves[move] = stream;
        Completions.Add(move);
    }
}
