using System.Globalization;

namespace AsyncJobs;

/// <summary>
/// Work that has been started (asyncio's <c>Task</c>): a future that its own work completes. Safe to look at and to
/// stop from any thread.
/// </summary>
public partial class AsyncTask : Future, IParentTask
{
    private static int s_lastId;

    private readonly TaskOptions _options;
    private readonly long _createdAt;
    private long _startedAt;
    private long _endedAt;

    // Made when first needed, as most tasks are not stopped and have no use for a token.
    private TaskCancellation? _cancellation;
    private volatile WaitInfo? _wait;

    internal AsyncTask(EventLoop loop, AsyncTaskKind kind, TaskOptions options, object? input, object? streams, TaskRegistry? registry)
        : base(loop, options.Name, AsyncState.NotStarted)
    {
        Id = Interlocked.Increment(ref s_lastId);
        Kind = kind;
        _options = options;
        InputObject = input;
        Streams = streams;
        Registry = registry;
        _createdAt = loop.TimeProvider.GetTimestamp();
        registry?.Add(this);
        if (TraceRecorder.Current is { } trace)
        {
            TaskTrace.Created(trace, this);
        }
    }

    /// <summary>A number no other task of this process has.</summary>
    public int Id { get; }

    /// <summary>What carries the task's work.</summary>
    public AsyncTaskKind Kind { get; }

    /// <summary>Whether the task ends without the loop being turned for it, as far as can be known.</summary>
    internal virtual bool EndsByItself => Kind != AsyncTaskKind.Coroutine && State == AsyncState.Running;

    /// <summary>
    /// Whether the task needs the loop and nobody turns that: no cmdlet waits, and the host has no idle prompt that would.
    /// </summary>
    public bool StandsStill => Kind == AsyncTaskKind.Coroutine && !IsCompleted && Loop.StandsStill;

    /// <summary>File and line that started the task, where known.</summary>
    public string? Origin => _options.Origin;

    /// <summary>The pipeline object that the task was started for, or null.</summary>
    public object? InputObject { get; }

    /// <summary>What the task does: the command and what it is for, or the block's text; null where nobody can tell.</summary>
    public string? Command => TaskSubject.Of(Loop.Terms.Unwrap(InputObject)) is not { } subject ? _options.Command
        : Kind == AsyncTaskKind.IO ? $"{_options.Command} {subject}".TrimStart()
        : $"{_options.Command} <- {subject}";

    /// <summary>How often the task's work has been tried.</summary>
    public int Attempts { get; internal set; }

    /// <summary>How long the task's work has run, or ran.</summary>
    public TimeSpan Duration
    {
        get
        {
            long started = Volatile.Read(ref _startedAt);
            long ended = Volatile.Read(ref _endedAt);
            return started == 0 ? TimeSpan.Zero
                : ended == 0 ? Loop.TimeProvider.GetElapsedTime(started)
                : Loop.TimeProvider.GetElapsedTime(started, ended);
        }
    }

    /// <summary>Time since the end of the task's work; null where it has not ended or never began.</summary>
    internal TimeSpan? SinceEnd => Volatile.Read(ref _endedAt) is var ended and not 0 ? Loop.TimeProvider.GetElapsedTime(ended) : null;

    /// <summary>Time since the task was made.</summary>
    public TimeSpan Age => Loop.TimeProvider.GetElapsedTime(_createdAt);

    /// <summary>Whether the task's cancellation has been asked for.</summary>
    public bool IsCancellationRequested => CancellationCount > 0;

    /// <summary>How many cancellations of the task have been asked for and not taken back (asyncio's <c>cancelling()</c>).</summary>
    public int CancellationCount => Volatile.Read(ref _cancellation)?.Count ?? 0;

    /// <summary>Whether a time limit or period may wake or end the task, whatever it waits for.</summary>
    internal bool HasClock => _options.Timeout is not null || _options.Repeat is not null;

    /// <summary>Whether whoever started the task has thrown it away.</summary>
    internal bool IsDiscarded => _options.AreDiscarded;

    /// <summary>The group that the task belongs to, or null.</summary>
    internal virtual AsyncTaskGroup? Group => _options.Group;

    /// <summary>
    /// What the task waits for now: futures, tasks, or locks and their kin. Empty where it waits for nothing that is known.
    /// </summary>
    public IReadOnlyList<object> WaitingFor =>
        IsCompleted ? [] : Queued is not null && State == AsyncState.NotStarted ? [Loop.Terms.ThrottlePlace] : Wait?.Things ?? [];

    /// <summary>The wait that the task is in; set by whatever carries its work.</summary>
    internal WaitInfo? Wait
    {
        get => _wait;
        set
        {
            if (TaskInstruments.WaitDuration.Enabled)
            {
                TaskInstruments.WaitChanged(_wait, value);
            }

            _wait = value;
            if (value is not null && TaskActivities.AreOpen)
            {
                TaskActivities.WaitBegins(this, value);
            }

            if (TraceRecorder.Current is { } trace)
            {
                TaskTrace.WaitChanged(trace, this, value);
            }
        }
    }

    /// <summary>
    /// The records of the streams other than output that the host keeps with the task, in PowerShell <c>TaskStreams</c>; null
    /// where there are none.
    /// </summary>
    public virtual object? Streams { get; internal set; }

    /// <summary>Whether its work, or that which it stands for, is a coroutine's.</summary>
    internal virtual bool IsCoroutine => Kind == AsyncTaskKind.Coroutine;

    /// <summary>What a trace keeps of the task itself.</summary>
    internal TraceTask Traced => new(GivenName, Origin, _options.Command);

    /// <summary>A token that is cancelled when the task is to stop; never disposed, so it may be used at any time.</summary>
    internal CancellationToken StopToken => Cancellation.Token;

    private TaskCancellation Cancellation => LazyInitializer.EnsureInitialized(ref _cancellation, static () => new TaskCancellation());

    /// <summary>
    /// What carries the task's work now, and is told of its cancellation or asked for what it has written: its place behind
    /// the throttle, a coroutine, or another source of output; null for what is told by the token alone.
    /// </summary>
    internal object? Carrier { get; set; }

    /// <summary>The next and the previous task in the registry's list of those not done; the registry's alone.</summary>
    internal AsyncTask? NextPending { get; set; }

    /// <inheritdoc cref="NextPending"/>
    internal AsyncTask? PreviousPending { get; set; }

    /// <summary>Whether the task has been stopped with all others of its session, so that what it belongs to need not stop it.</summary>
    internal bool IsStoppedWithSession { get; set; }

    /// <summary>The task's place behind the throttle, while its work has not begun.</summary>
    internal WaitQueue.Waiter? Queued => Carrier as WaitQueue.Waiter;

    private protected override string? DefaultName => string.Create(CultureInfo.InvariantCulture, $"Task{Id}");

    private protected override bool IsCompletedByOwnWork => true;

    private TaskRegistry? Registry { get; }

    /// <summary>Asks the work to stop and returns at once; the task ends when its work does.</summary>
    /// <param name="reason">Goes into the message of the exception that waiters get.</param>
    /// <returns>False if the task was done already.</returns>
    /// <remarks>asyncio: <c>Task.cancel()</c>.</remarks>
    public override bool Cancel(string? reason)
    {
        if (IsCompleted)
        {
            MarkObserved();
            return false;
        }

        TaskCancellation cancellation = Cancellation;
        cancellation.Add(reason);
        TraceRecorder.Current?.Add(TraceEventKind.Canceled, Id, a: reason);
        cancellation.Tell();
        switch (Carrier)
        {
            case CoroutineControl coroutine:
                coroutine.Cancel(cancellation.Reason);
                break;
            case WaitQueue.Waiter queued when queued.TryRemove():
                Stopped();
                break;
        }

        return true;
    }

    void IParentTask.Cancel(string? reason) => Cancel(reason);

    /// <summary>
    /// Takes back one cancellation, for whoever asked for it and has no more need of it. Work that has been told to
    /// stop by its token stays told.
    /// </summary>
    /// <returns>How many are left.</returns>
    /// <remarks>asyncio: <c>Task.uncancel()</c>.</remarks>
    public int Uncancel() => Volatile.Read(ref _cancellation)?.TakeBack() ?? 0;

    /// <summary>The task's kind, number and name.</summary>
    public override string ToString() => $"AsyncTask {Id} '{Name}'";

    /// <summary>
    /// The task has its permits and its work begins: it is <see cref="AsyncState.Running"/>, and its clock starts. For a
    /// periodic task only the first run changes anything.
    /// </summary>
    /// <param name="flows">Whether what goes on here and now is the work.</param>
    internal void BeginWork(bool flows = true)
    {
        if (State != AsyncState.NotStarted)
        {
            return;
        }

        Volatile.Write(ref _startedAt, Loop.TimeProvider.GetTimestamp());
        TryBeginRunning();
        TraceRecorder.Current?.Add(TraceEventKind.Begun, Id);
        if (Telemetry.Source.HasListeners())
        {
            TaskActivities.Begin(this, GivenName ?? (Kind == AsyncTaskKind.IO ? _options.Command : null) ?? Kind.ToString(), flows);
        }
    }

    internal void Succeed(object? output) => End(AsyncState.Completed, output);

    internal void Fail(Exception exception, object? detail = null, TaskOutput? output = null) =>
        End(AsyncState.Failed, new Fault(exception, detail, output));

    /// <summary>Ends the task by a cancellation.</summary>
    /// <param name="cause">
    /// What the task's work threw. Where nobody asked this task to stop, that says why what it awaited was stopped.
    /// </param>
    /// <param name="output">What the work wrote before.</param>
    /// <param name="detail">What the host knows of the cause.</param>
    internal void Stopped(OperationCanceledException? cause = null, TaskOutput? output = null, object? detail = null)
    {
        // .NET's own TaskCanceledException says nothing.
        bool isToldWhy = !IsCancellationRequested && cause is not null && (detail is not null || cause is not TaskCanceledException);
        End(
            AsyncState.Stopped,
            isToldWhy ? new Fault(cause!, detail, output) : new Fault(CanceledException(_cancellation?.Reason), detail: null, output));
    }

    /// <summary>Ends the task by what its work threw.</summary>
    internal void EndWith(Exception exception)
    {
        switch (exception)
        {
            case OperationCanceledException canceled:
                Stopped(canceled);
                break;
            case TaskFailedException { InnerException: OperationCanceledException canceled } failure:
                Stopped(canceled, failure.Output, failure.Detail);
                break;
            case TaskFailedException failure:
                Fail(failure.InnerException!, failure.Detail, failure.Output);
                break;
            default:
                Fail(exception);
                break;
        }
    }

    /// <summary>Ends this task as another future ended; false if it has ended before.</summary>
    private protected bool EndAs(Future other)
    {
        NoteEnd();
        return TryCompleteAs(other);
    }

    private protected override void OnEnded()
    {
        Carrier = null;
        Volatile.Read(ref _cancellation)?.LetGo();
        if (TraceRecorder.Current is { } trace)
        {
            TaskTrace.Ended(trace, this);
        }

        if (TaskInstruments.Duration.Enabled)
        {
            TaskInstruments.Ended(this);
        }

        TaskActivities.End(this);

        Registry?.Remove(this);
    }

    private protected override void OnSettled() => Registry?.Settled();

    private void End(AsyncState state, object? value)
    {
        NoteEnd();
        TryComplete(state, value);
    }

    /// <summary>Notes the time of the end, before the state is final: whoever sees the task ended sees how long it took.</summary>
    private void NoteEnd()
    {
        if (Volatile.Read(ref _startedAt) != 0)
        {
            Volatile.Write(ref _endedAt, Loop.TimeProvider.GetTimestamp());
        }
    }
}
