namespace AsyncJobs;

/// <summary>Receive-AsyncTask: writes results as they come (asyncio's <c>as_completed</c>).</summary>
[Cmdlet(VerbsCommunications.Receive, "AsyncTask")]
[Suspends]
[KeepsWriting]
[OutputType(typeof(object))]
public sealed class ReceiveAsyncTaskCommand : TimedAwaitCommand
{
    // So many of a stream's elements are written before the loop turns for others.
    private const int ElementsInTurn = 256;

    // A stream's next move is awaited like any task; this tells which stream it belongs to.
    private readonly Dictionary<Future, AsyncStream?> _moves = [];
    private readonly HashSet<Future> _given = [];
    // The stream whose element is being written, where it has moved on and the move was no wait.
    private AsyncStream? _current;
    private CompletionQueue? _completions;
    private WaitLimit? _limit;

    // A coroutine's wait goes on when this cmdlet is over.
    private bool _isHandedOver;
    private TaskStreamReader? _coroutineStreams;

    /// <summary>Writes what the tasks write while they still run, thread tasks and coroutines.</summary>
    [Parameter]
    public SwitchParameter Live { get; set; }

    /// <summary>Writes the tasks instead of what they wrote; for streams, which have none, their elements all the same.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>How many tasks there will be, for the progress bar.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Total { get; set; }

    private protected override int? ExpectedTotal => Total > 0 ? Total : _moves.Count > 0 ? null : Completions.AddedCount;

    private CompletionQueue Completions => _completions ??= new CompletionQueue(Session.Loop);

    private TaskStreamReader Reader => _coroutineStreams ?? Streams;

    /// <summary>Starts the clock.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Live && PassThru)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-Live and -PassThru exclude each other.", ErrorIds.InvalidArgument, null));
        }

        _limit = LimitOf(TimeoutSec);
    }

    /// <summary>Takes what is given and writes what has ended by now.</summary>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        if (!IsSuspending)
        {
            Streams.WriteTo(this);
            WriteCompleted(this);
        }
    }

    /// <summary>Writes the rest as it ends.</summary>
    protected override void EndProcessing()
    {
        ReportOthers();
        _coroutineStreams = TakeStreams();
        _isHandedOver = IsSuspending;
        Await(NextArrival(this));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isHandedOver)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private protected override bool TryAdd(object? value)
    {
        if (AsyncStream.TryOpen(value, out AsyncStream? stream))
        {
            Expect(stream, stream.MoveNextAsync());
            return true;
        }

        return base.TryAdd(value);
    }

    // One given twice comes once, also where it has been written by then.
    private protected override void OnAdded(Future future)
    {
        if (_given.Add(future))
        {
            future.MarkObserved();
            Completions.Add(future);
            if (Live && future is AsyncTask task && !_moves.ContainsKey(task))
            {
                Streams.AttachOutput(task);
            }
        }
    }

    private WaitRequest? NextArrival(LoopCommand command)
    {
        if (Completions.OutstandingCount == 0)
        {
            Release();
            return null;
        }

        var late = new Signal(Session.Loop);
        Future[] news = _coroutineStreams is null
            ? [Completions.NextArrival(), late]
            : [Completions.NextArrival(), late, _coroutineStreams.NextArrival()];
        var any = new WaitFuture(Session.Loop, news, ReturnWhen.FirstCompleted);
        return new WaitRequest
        {
            Until = any,
            For = Completions,
            Limit = _limit,
            WhenLate = () =>
            {
                late.Set();
                return true;
            },
            Ending = _limit is null ? WaitCompletion.First | WaitCompletion.Watching : WaitCompletion.Open,
            Cancel = any.Cancel,
            Undo = Release,
            Abandon = Release,
            Otherwise = next => WriteNews(next, any),
            Next = NextArrival,
        };
    }

    private void WriteNews(LoopCommand command, Future wait)
    {
        try
        {
            _coroutineStreams?.WriteTo(command);
            if (wait.IsCanceled)
            {
                Throw(ErrorRecords.ForException(wait.Exception!, Completions.GetWaitedFor()));
            }

            WriteCompleted(command);
            if (_limit is { HasPassed: true } && Completions.OutstandingCount > 0)
            {
                Throw(ErrorRecords.ForException(
                    TaskTimeoutException.ForWait($"The wait for {Completions.OutstandingCount} more tasks", _limit.Length),
                    Completions.GetWaitedFor() is [var first, ..] ? first : null));
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    private void Release()
    {
        _completions?.Detach();
        _coroutineStreams?.Dispose();
        foreach (AsyncStream? stream in _moves.Values.Append(_current))
        {
            // The enumerator's clean-up is its own affair; a pipeline that ends early does not wait for it.
            _ = stream?.DisposeAsync().AsTask();
        }

        _moves.Clear();
        _current = null;
    }

    private void WriteCompleted(LoopCommand command)
    {
        while (Completions.TryTake(out Future? future))
        {
            if (_moves.Remove(future, out AsyncStream? stream))
            {
                WriteElement(command, future, stream);
            }
            else if (PassThru)
            {
                TaskStreamReader.DrainTo(command, future);
                Reader.Detach(future);
                command.WriteObject(future);
            }
            else if (future is AsyncTask { Kind: AsyncTaskKind.IO, Result: var result } && AsyncStream.TryOpen(result, out AsyncStream? elements))
            {
                TaskStreamReader.DrainTo(command, future);
                Reader.Detach(future);
                Expect(elements, elements.MoveNextAsync());
            }
            else
            {
                Reader.WriteRest(command, future);
                WriteFault(command, future);
            }
        }
    }

    private void WriteElement(LoopCommand command, Future move, AsyncStream? stream)
    {
        if (move.Result is true)
        {
            WriteElements(command, stream!);
            return;
        }

        // The last of a stream is its clean-up, which is waited for and not asked how it ended.
        if (stream is not null)
        {
            Expect(null, stream.DisposeAsync().AsTask());
            WriteFault(command, move);
        }
    }

    /// <summary>Writes the element that a stream has come to, and those behind it that need no wait, up to the next turn of the loop.</summary>
    private void WriteElements(LoopCommand command, AsyncStream stream)
    {
        for (int left = ElementsInTurn; ; left--)
        {
            object? element = stream.Current;
            Task<bool> move = stream.MoveNextAsync();
            if (left == 0 || move is not { IsCompletedSuccessfully: true, Result: true })
            {
                Expect(stream, move);
                command.WriteObject(element);
                return;
            }

            _current = stream;
            command.WriteObject(element);
            _current = null;
        }
    }

    private static void WriteFault(LoopCommand command, Future future)
    {
        if (future.Fault is not null)
        {
            command.WriteFailure(future);
        }
    }

    private void Expect(AsyncStream? stream, Task step)
    {
        AsyncTask task = TaskAdapters.FromTask(Session.Runner, step, new TaskOptions { Origin = Origin });
        _moves[task] = stream;
        OnAdded(task);
    }
}
