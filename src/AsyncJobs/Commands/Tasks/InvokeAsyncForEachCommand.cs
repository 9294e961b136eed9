namespace AsyncJobs;

/// <summary>
/// Invoke-AsyncForEach, alias ForEach-Async: one task per pipeline object, so many at a time; the drop-in for
/// <c>ForEach-Object -Parallel</c>.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncForEach")]
[Alias("ForEach-Async")]
[Suspends]
[KeepsWriting]
[OutputType(typeof(object), typeof(ForEachResult))]
public sealed class InvokeAsyncForEachCommand : StartBlockCommand
{
    private const int DefaultThrottleLimit = 16;

    private CompletionQueue? _window;
    private WaitLimit? _limit;
    private IDisposable? _limitWatch;
    private bool _isInputOver;
    private bool _hasEnded;

    // In a coroutine, what is still to be started, and what goes on when this cmdlet is over.
    private readonly Queue<Func<LoopCommand, AsyncTask>> _kept = new();
    private bool _isHandedOver;
    private TaskStreamReader? _coroutineStreams;
    private OperationCanceledException? _canceled;

    /// <summary>What each task runs; the object is its <c>$_</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Parallel")]
    [ValidateNotNull]
    [BlockOrFunction]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Positional arguments of the block.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Writes output as it comes instead of in input order.</summary>
    [Parameter]
    public SwitchParameter AsCompleted { get; set; }

    /// <summary>Seconds for the whole; past it what runs is stopped, and TimeoutException is thrown.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TotalTimeoutSec { get; set; }

    /// <summary>Shows a progress bar, also where there would be none by itself.</summary>
    [Parameter]
    public SwitchParameter Progress { get; set; }

    /// <summary>How many objects there will be, for the progress bar: input is read only as it is worked off.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Total { get; set; }

    /// <summary>Writes one object per input: Input, Output, Error, State, Attempts, Duration.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts the clock.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _coroutineStreams = IsSuspending ? new TaskStreamReader(Session) : null;
        _window = new CompletionQueue(Session.Loop, inInputOrder: !AsCompleted);
        _limit = LimitOf(TotalTimeoutSec);
        _limitWatch = _limit?.Watch(() =>
        {
            _window.StopAll("the total time is up");
            return true;
        });
    }

    /// <summary>Waits for a free place, then starts the object's task; so input is read only as fast as it is worked off.</summary>
    protected override void ProcessRecord()
    {
        if (IsSuspending)
        {
            _kept.Enqueue(PrepareBlock(hasInput: true, InputObject));
            return;
        }

        ShowProgress(TakeRecord, goesOn: true);
    }

    /// <summary>Writes the rest.</summary>
    protected override void EndProcessing()
    {
        (_isHandedOver, _isInputOver) = (IsSuspending, true);

        // In a coroutine only what finishes a wait writes, or throws behind what it has written.
        Await(IsSuspending ? WaitRequest.Over(Session.Loop) with { Next = UntilEnd } : UntilEnd(this));
    }

    /// <summary>
    /// However it ends before its time (Ctrl+C, -ErrorAction Stop, a later command that has had enough), the rest is stopped.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isHandedOver)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>The command's tasks are its own, not those of a group around it: that has the command to wait for.</summary>
    private protected override TaskOptions MakeOptions() => base.MakeOptions() with { Group = null };

    private protected override ScriptBlock Block => ScriptBlock;

    private protected override int? ExpectedTotal => Total > 0 ? Total : _isInputOver ? _window!.AddedCount + _kept.Count : null;

    private protected override object?[]? Arguments => ArgumentList;

    private protected override ScriptSource MakeSource() => new(this, ScriptBlock, ArgumentList);

    private bool IsFull => _window!.RunningCount >= (ThrottleLimit == 0 ? DefaultThrottleLimit : ThrottleLimit);

    // The first error that happens ends it, whoever's turn it is.
    private bool IsStoppedByErrors =>
        MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? action) && action is ActionPreference.Stop;

    private protected override bool KeepsRecords => true;

    private TaskStreamReader Reader => _coroutineStreams ?? Streams;

    private bool MayStartKept => _kept.Count > 0 && !IsFull && _canceled is null;

    private WaitRequest? UntilPlace(LoopCommand command) =>
        IsFull ? NextEnding(() => !IsFull || EndingOf(command) is not null, UntilPlace) : null;

    private WaitRequest? UntilEnd(LoopCommand command)
    {
        while (MayStartKept)
        {
            ThrowIfTimeIsUp();
            Add(_kept.Dequeue()(command));
            WriteFinished(command);
        }

        if (_window!.OutstandingCount > 0)
        {
            return NextEnding(() => _window.HasNext || MayStartKept || EndingOf(command) is not null, UntilEnd);
        }

        End();
        return null;
    }

    private void TakeRecord()
    {
        Await(UntilPlace(this), goesOn: true);
        ThrowIfTimeIsUp();
        WriteFinished(this);
        Add(StartBlock(hasInput: true, InputObject));
        WriteFinished(this);
    }

    private void End()
    {
        _hasEnded = true;
        Release();
        ThrowIfTimeIsUp();
        if (_canceled is not null)
        {
            Throw(ErrorRecords.ForException(_canceled, target: null));
        }
    }

    private WaitRequest NextEnding(Func<bool> holds, Func<LoopCommand, WaitRequest?> next)
    {
        Future ending = _window!.NextEnding(holds);
        return new WaitRequest
        {
            Until = _coroutineStreams is null
                ? ending
                : new WaitFuture(Session.Loop, [ending, _coroutineStreams.NextArrival()], ReturnWhen.FirstCompleted),
            For = _window,
            Ending = WaitCompletion.First | (_limit is null ? 0 : WaitCompletion.Limited),
            Cancel = reason =>
            {
                // The tasks are its own: it ends when they have.
                _canceled ??= Future.CanceledException(reason);
                _window.StopAll(reason ?? "the command was stopped");
                return true;
            },
            Otherwise = WriteFinished,
            Next = next,
        };
    }

    private void Add(AsyncTask task)
    {
        if (AsCompleted || IsStoppedByErrors)
        {
            AttachStreams(task, Reader);
        }

        _window!.Add(task);
        if (AsCompleted && !PassThru)
        {
            Reader.AttachOutput(task);
        }
    }

    /// <inheritdoc/>
    private protected override void StopAwaited() => Release();

    private void Release()
    {
        _limitWatch?.Dispose();
        _coroutineStreams?.Dispose();
        if (!_hasEnded)
        {
            _hasEnded = true;
            _window?.StopAll("the command was stopped");
        }
    }

    private void WriteFinished(LoopCommand command)
    {
        try
        {
            Reader.WriteTo(command);
            while (_window!.TryTake(out Future? task))
            {
                Write(command, (AsyncTask)task);
            }

            if (EndingOf(command) is { } failed)
            {
                // What others before it have written is not lost, whoever among them has failed since.
                foreach (Future before in _window.TakeEndedBefore(failed))
                {
                    Reader.WriteRest(command, before);
                }

                Write(command, failed);
            }

            if (_window.Head is AsyncTask { IsCompleted: false } head)
            {
                // Its turn has come: from here on its records and objects are written as they come.
                AttachStreams(head, Reader);
                if (!PassThru)
                {
                    Reader.AttachOutput(head);
                }

                Reader.WriteTo(command);
            }
        }
        catch when (_isHandedOver)
        {
            Release();
            throw;
        }
    }

    private void Write(LoopCommand command, AsyncTask task)
    {
        if (PassThru)
        {
            task.MarkObserved();
            TaskStreamReader.DrainTo(command, task);
            Reader.Detach(task);
            command.WriteObject(new ForEachResult(task, command.SessionState));
        }
        else
        {
            Reader.WriteRest(command, task);
            WriteFault(command, task);
        }
    }

    private void WriteFault(LoopCommand command, AsyncTask task)
    {
        if (task.Fault is not null && !IsStoppedAsOneOfAll(task))
        {
            command.WriteFailure(task);
        }
    }

    /// <summary>The first failure that has happened, whoever's turn it is, where errors end the command.</summary>
    private AsyncTask? EndingOf(LoopCommand command) =>
        !PassThru && _window!.FirstFailed is AsyncTask failed && !IsStoppedAsOneOfAll(failed)
            && EffectivePreference.Of(command, "ErrorAction", "ErrorActionPreference") is "Stop" ? failed : null;

    // Those stopped by the total limit, or with the coroutine, are told of once, by its error.
    private bool IsStoppedAsOneOfAll(AsyncTask task) => task.IsCanceled && (_canceled is not null || _limit is { IsLate: true });

    private void ThrowIfTimeIsUp()
    {
        if (_limit is { IsLate: true })
        {
            Throw(ErrorRecords.ForException(TaskTimeoutException.ForWait("Invoke-AsyncForEach", _limit.Length), InputObject));
        }
    }
}
