using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>
/// A result that is not there yet (asyncio's <c>Future</c>). It may be completed, cancelled and looked at from any
/// thread; its done callbacks run on the loop it belongs to.
/// </summary>
[DebuggerDisplay("{GetType().Name} {Name} {State}")]
public class Future
{
    private static readonly ConditionalWeakTable<Future, TaskCompletionSource<object?>> Tasks = [];

    // Held for a few instructions; no object, as there are futures by the hundred thousand.
    private SpinLock _gate = new(enableThreadOwnerTracking: false);

    // An AsyncState.
    private volatile byte _state;
    private volatile bool _observed;

    // Until the end the continuations, only under _gate: null, one, or a List of them, each an Action<Future> or an
    // IContinuation. Then, set before _state turns final and never after, what came of it: a value, a TaskOutput, or a Fault.
    private object? _content;

    private readonly string? _name;

    /// <summary>Creates a pending future.</summary>
    /// <param name="loop">The loop that the future's done callbacks run on.</param>
    /// <param name="name">A name for people, or null.</param>
    public Future(EventLoop loop, string? name = null)
        : this(loop, name, AsyncState.Running)
    {
    }

    private protected Future(EventLoop loop, string? name, AsyncState state)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Loop = loop;
        _name = name;
        _state = (byte)state;
    }

    /// <summary>The name that the future was given when it was made, or null.</summary>
    public string? Name => _name ?? DefaultName;

    /// <summary>The name that somebody has given the future, or null.</summary>
    internal string? GivenName => _name;

    private protected virtual string? DefaultName => null;

    /// <summary>The future's state.</summary>
    public AsyncState State => (AsyncState)_state;

    /// <summary>Whether the future is done in any way: completed, failed or stopped (asyncio's <c>done()</c>).</summary>
    public bool IsCompleted => IsFinal(State);

    /// <summary>Whether the future ended with an exception.</summary>
    public bool IsFaulted => State == AsyncState.Failed;

    /// <summary>Whether the future was cancelled.</summary>
    public bool IsCanceled => State == AsyncState.Stopped;

    /// <summary>The result for looking at: never throws, and is null until there is one. See <see cref="GetResult"/>.</summary>
    public object? Result
    {
        get
        {
            if (State != AsyncState.Completed)
            {
                return null;
            }

            MarkObserved();
            return CollapsedOutput;
        }
    }

    /// <summary>
    /// What the future failed with, an <see cref="OperationCanceledException"/> if it was cancelled, or null. Reading a
    /// failure counts as having looked at it.
    /// </summary>
    public Exception? Exception
    {
        get
        {
            if (!IsCompleted || _content is not Fault fault)
            {
                return null;
            }

            MarkObserved();
            return fault.Exception;
        }
    }

    /// <summary>The loop that runs the future's done callbacks.</summary>
    internal EventLoop Loop { get; }

    /// <summary>What was written, object by object; for a failed task what it wrote before it failed.</summary>
    internal TaskOutput Output => !IsCompleted ? TaskOutput.None : _content switch
    {
        TaskOutput output => output,
        Fault fault => fault.Output,
        var value => new TaskOutput([value]),
    };

    // Of one that has ended well.
    private object? CollapsedOutput => _content is TaskOutput output ? output.Collapse() : _content;

    /// <summary>Adds what was written to a list, object by object.</summary>
    internal void AppendOutputTo(List<object?> list)
    {
        if (_content is TaskOutput || Fault is not null || !IsCompleted)
        {
            list.AddRange(Output);
        }
        else
        {
            list.Add(_content);
        }
    }

    /// <summary>The failure or cancellation, without counting as a look at it.</summary>
    internal Fault? Fault => IsCompleted ? _content as Fault : null;

    /// <summary>Whether anybody has awaited the future, asked for its result or read its exception.</summary>
    internal bool IsObserved => _observed;

    /// <summary>Whether only the future's own work may complete it.</summary>
    private protected virtual bool IsCompletedByOwnWork => false;

    /// <summary>The result.</summary>
    /// <returns>What assigning the output to a variable would give: null, one object or an array.</returns>
    /// <exception cref="InvalidStateException">The future is not done.</exception>
    /// <exception cref="OperationCanceledException">The future was cancelled.</exception>
    /// <remarks>Throws what the work failed with. asyncio: <c>Future.result()</c>.</remarks>
    public object? GetResult()
    {
        if (!IsCompleted)
        {
            throw new InvalidStateException($"{this} has no result yet: it is {State}. Await it first.");
        }

        MarkObserved();
        Fault?.Throw();
        return _content is TaskOutput { Count: 0 } ? Loop.Terms.NoResult : CollapsedOutput;
    }

    /// <summary>Completes the future with a result.</summary>
    /// <param name="result">The result; may be null.</param>
    /// <exception cref="InvalidStateException">The future is done already, or is a task, which its own work completes.</exception>
    public void SetResult(object? result) => CompleteFromOutside(AsyncState.Completed, result);

    /// <summary>Completes the future with a failure.</summary>
    /// <param name="exception">What awaiting the future throws.</param>
    /// <exception cref="InvalidStateException">The future is done already, or is a task, which its own work completes.</exception>
    public void SetException(Exception exception) => SetException(exception, detail: null);

    /// <summary>Cancels the future. A task is asked to stop and ends when its work does; a plain future ends at once.</summary>
    /// <returns>False if the future was done already.</returns>
    /// <remarks>asyncio: <c>Future.cancel()</c>.</remarks>
    public bool Cancel() => Cancel(reason: null);

    /// <summary>Cancels the future and says why.</summary>
    /// <param name="reason">Goes into the message of the exception that waiters get; null for a general one.</param>
    /// <returns>False if the future was done already.</returns>
    public virtual bool Cancel(string? reason)
    {
        if (TryComplete(AsyncState.Stopped, new Fault(CanceledException(reason))))
        {
            return true;
        }

        // Whoever gives up on something does not want to hear that it had failed by then.
        MarkObserved();
        return false;
    }

    /// <summary>Calls back on the loop once the future is done, at the loop's next turn if it is done already.</summary>
    /// <param name="callback">Gets this future. What the callback throws goes to the loop's unhandled-error handler.</param>
    /// <remarks>asyncio: <c>Future.add_done_callback()</c>. The callback runs while a waiting cmdlet turns the loop.</remarks>
    public void AddDoneCallback(Action<Future> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        MarkObserved();
        Loop.Expect(1);
        OnCompleted(done => done.Loop.Post(() =>
        {
            done.Loop.Expect(-1);
            callback(done);
        }));
    }

    /// <summary>The future's outcome as a .NET task. That task's continuations run on the thread pool.</summary>
    public Task<object?> AsTask()
    {
        MarkObserved();
        var created = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<object?> source = Tasks.GetValue(this, _ => created);
        if (source == created)
        {
            OnCompleted(done => done.Settle(source));
        }

        return source.Task;
    }

    /// <summary>Lets C# code await the future itself.</summary>
    public TaskAwaiter<object?> GetAwaiter() => AsTask().GetAwaiter();

    /// <summary>The name, or the kind of object where there is none.</summary>
    public override string ToString() => Label.Of(GetType().Name, Name);

    /// <summary>
    /// Runs <paramref name="continuation"/> exactly once: on the completing thread, or here and now if the future is done.
    /// The continuation must be short and must not throw.
    /// </summary>
    /// <returns>Whether the continuation was queued; false means that it has run.</returns>
    internal bool OnCompleted(Action<Future> continuation) => OnCompletedCore(continuation);

    /// <inheritdoc cref="OnCompleted(Action{Future})"/>
    internal bool OnCompleted(IContinuation continuation) => OnCompletedCore(continuation);

    private bool OnCompletedCore(object continuation)
    {
        using (EnterGate())
        {
            if (!IsFinal(State))
            {
                AddContinuationNeedsGate(continuation);
                return true;
            }
        }

        Continue(continuation);
        return false;
    }

    /// <summary>Takes a continuation back: it does not run unless it was already taken for running.</summary>
    /// <returns>Whether it was taken back.</returns>
    internal bool RemoveContinuation(Action<Future> continuation) => RemoveContinuationCore(continuation);

    /// <inheritdoc cref="RemoveContinuation(Action{Future})"/>
    internal bool RemoveContinuation(IContinuation continuation) => RemoveContinuationCore(continuation);

    private bool RemoveContinuationCore(object continuation)
    {
        using (EnterGate())
        {
            if (IsFinal(State))
            {
                return false;
            }

            if (Equals(_content, continuation))
            {
                _content = null;
                return true;
            }

            return _content is List<object> list && list.Remove(continuation);
        }
    }

    /// <summary>Notes that somebody looks at the outcome, so that a failure is not reported as lost.</summary>
    internal void MarkObserved() => _observed = true;

    /// <summary>Completes the future with a failure and what the host knows of that.</summary>
    internal void SetException(Exception exception, object? detail)
    {
        ArgumentNullException.ThrowIfNull(exception);
        CompleteFromOutside(AsyncState.Failed, new Fault(exception, detail));
    }

    /// <summary>Ends this future as another one ended.</summary>
    internal bool TryCompleteAs(Future other)
    {
        Debug.Assert(other.IsCompleted, "only an outcome can be copied");
        return TryComplete(other.State, other._content);
    }

    internal static OperationCanceledException CanceledException(string? reason) =>
        new(reason is null ? "The task was stopped." : $"The task was stopped: {reason}");

    /// <summary>Moves to a final state once; later calls change nothing and return false.</summary>
    private protected bool TryComplete(AsyncState state, object? value)
    {
        Debug.Assert(IsFinal(state), "completing needs a final state");
        object? continuations;
        using (EnterGate())
        {
            if (IsFinal(State))
            {
                return false;
            }

            (continuations, _content) = (_content, value);
            _state = (byte)state;
        }

        OnEnded();
        RunContinuations(continuations);
        OnSettled();
        return true;
    }

    /// <summary>Leaves <see cref="AsyncState.NotStarted"/>; false if the future has ended already.</summary>
    private protected bool TryBeginRunning()
    {
        using (EnterGate())
        {
            if (State != AsyncState.NotStarted)
            {
                return false;
            }

            _state = (byte)AsyncState.Running;
            return true;
        }
    }

    /// <summary>Called once at the future's end, outside the gate, before the continuations.</summary>
    private protected virtual void OnEnded()
    {
    }

    /// <summary>Called once at the future's end, after the continuations: whoever waits in a loop has been told.</summary>
    private protected virtual void OnSettled()
    {
    }

    private GateHold EnterGate()
    {
        bool isHeld = false;
        _gate.Enter(ref isHeld);
        return new GateHold(this);
    }

    private static bool IsFinal(AsyncState state) => state >= AsyncState.Completed;

    private void CompleteFromOutside(AsyncState state, object? value)
    {
        if (IsCompletedByOwnWork)
        {
            throw new InvalidStateException(
                $"{this} is completed by its own work alone. Use {Loop.Terms.PlainFuture} to set a result by hand.");
        }

        if (!TryComplete(state, value))
        {
            throw new InvalidStateException($"{this} is done already: it is {State}.");
        }
    }

    private void AddContinuationNeedsGate(object continuation)
    {
        switch (_content)
        {
            case null:
                _content = continuation;
                break;
            case List<object> list:
                list.Add(continuation);
                break;
            default:
                _content = new List<object>(2) { _content, continuation };
                break;
        }
    }

    private void RunContinuations(object? continuations)
    {
        switch (continuations)
        {
            case null:
                break;
            case List<object> list:
                foreach (object continuation in list)
                {
                    Continue(continuation);
                }

                break;
            default:
                Continue(continuations);
                break;
        }
    }

    private void Continue(object continuation)
    {
        if (continuation is Action<Future> action)
        {
            action(this);
        }
        else
        {
            ((IContinuation)continuation).Continue();
        }
    }

    private void Settle(TaskCompletionSource<object?> source)
    {
        switch (State)
        {
            case AsyncState.Completed:
                source.TrySetResult(CollapsedOutput);
                break;
            case AsyncState.Failed:
                source.TrySetException(Fault!.Exception);
                break;
            default:
                source.TrySetCanceled();
                break;
        }
    }

    /// <summary>The gate while it is held.</summary>
    private readonly ref struct GateHold(Future future)
    {
        public void Dispose() => future._gate.Exit();
    }
}
