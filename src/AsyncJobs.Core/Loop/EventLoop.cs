using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>
/// The event loop: runs callbacks in FIFO order, one at a time, on whichever thread turns it, and sleeps while there
/// are none. Other threads do one thing to the loop: <see cref="Post"/>.
/// </summary>
/// <remarks>
/// The loop turns only inside <see cref="RunUntil(Func{bool}, CancellationToken)"/>. A callback may turn it again (nested),
/// and the nested turn goes on with the same queue, so nothing that is ready ever waits for an outer turn.
/// </remarks>
public sealed partial class EventLoop
{
    private static int s_lastId;

    private readonly object _gate = new();

    // What became ready since the last pass, each an Action or an ILoopCallback; only under _gate.
    private readonly List<object> _inbox = [];

    // Taken from the inbox and next to run; only on the turning thread, shared by nested turns.
    private readonly Queue<object> _ready = new();

    private readonly long _startedAt;
    private bool _wakeRequested;
    private int _turningThread;
    private int _depth;
    private long _callbackCount;
    private long _sleepCount;
    private bool _isAsleep;
    private bool _isDeeplyNested;

    /// <summary>Creates a loop.</summary>
    /// <param name="timeProvider">The clock for timers; null for the system's.</param>
    public EventLoop(TimeProvider? timeProvider = null)
    {
        Clock = timeProvider ?? TimeProvider.System;
        TimeProvider = Clock;
        _startedAt = Clock.GetTimestamp();
        Steps = new StepWatch(Clock);
        Timers = _ownTimers = new TimerQueue(Clock);
        LoopInstruments.Add(this);
    }

    /// <summary>Records what all loops do; null where nobody does.</summary>
    internal static ILoopObserver? Observer { get; set; }

    /// <summary>A number no other loop of this process has.</summary>
    internal int Id { get; } = Interlocked.Increment(ref s_lastId);

    /// <summary>What people call the loop; null for its number.</summary>
    internal string? Label { get; init; }

    /// <summary>Gets what a callback threw. Without a handler the exception is dropped; the loop goes on either way.</summary>
    /// <remarks>Called on the thread that turns the loop.</remarks>
    public Action<Exception>? UnhandledError { get; set; }

    /// <summary>The clock that timers and timeouts use.</summary>
    public TimeProvider TimeProvider { get; private set; }

    /// <summary>Time since the loop was made.</summary>
    public TimeSpan Uptime => Clock.GetElapsedTime(_startedAt);

    /// <summary>The clock that the loop measures itself by, which nobody replaces.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>Whether a thread is turning the loop now.</summary>
    public bool IsRunning => Volatile.Read(ref _depth) > 0;

    /// <summary>Whether this thread is the one that the host turns the loop on, also while nobody turns it. Null where there is no such.</summary>
    public Func<bool>? IsHostThread { get; init; }

    /// <summary>Whether this thread turns the loop, or would: what belongs to the loop's thread may be done here and now.</summary>
    public bool IsHomeThread => Volatile.Read(ref _turningThread) is var turning and not 0
        ? turning == Environment.CurrentManagedThreadId
        : IsHostThread?.Invoke() ?? false;

    /// <summary>How many callbacks have run.</summary>
    public long CallbackCount => Volatile.Read(ref _callbackCount);

    /// <summary>How often the loop has gone to sleep for want of work.</summary>
    public long SleepCount => Volatile.Read(ref _sleepCount);

    /// <summary>Whether a thread sleeps in the loop that nobody has woken; from any thread.</summary>
    internal bool IsAsleep
    {
        get
        {
            lock (_gate)
            {
                return _isAsleep && IsQuietNeedsGate;
            }
        }
    }

    /// <summary>Whether the loop has nothing to do.</summary>
    internal bool IsQuiet
    {
        get
        {
            lock (_gate)
            {
                return IsQuietNeedsGate;
            }
        }
    }

    /// <summary>Called on the turning thread before that goes to sleep; what this throws ends the turn. Null for nothing.</summary>
    internal Action? GoingToSleep { get; set; }

    /// <summary>How long turns have slept until now, with nothing ready to run; on the turning thread.</summary>
    internal TimeSpan TimeAsleep { get; private set; }

    private bool IsQuietNeedsGate => _inbox.Count == 0 && _ready.Count == 0 && !_wakeRequested;

    /// <summary>The host's names for what messages speak of.</summary>
    internal HostTerms Terms { get; init; } = new();

    /// <summary>Watches for callbacks that hold the loop for too long.</summary>
    internal StepWatch Steps { get; }

    /// <summary>How many callbacks wait to be run.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_gate)
            {
                return _inbox.Count + _ready.Count;
            }
        }
    }

    /// <summary>Queues a callback and wakes the loop. Safe from any thread.</summary>
    /// <param name="callback">What to run: on the turning thread, after what was posted earlier.</param>
    /// <remarks>asyncio: <c>loop.call_soon_threadsafe()</c>.</remarks>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Enqueue(callback);
    }

    /// <summary>As <see cref="Post"/>, for an <see cref="Action"/> or an <see cref="ILoopCallback"/>.</summary>
    internal void Enqueue(object callback)
    {
        if (LoopInstruments.Lag.Enabled)
        {
            callback = LoopInstruments.Timed(callback);
        }

        lock (_gate)
        {
            if (_inbox.Count + _ready.Count == 0 && !IsRunning)
            {
                _readySince = Clock.GetTimestamp();
            }

            _inbox.Add(callback);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the loop's next turn, behind what is ready now. Safe from any thread.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task NextTurnAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource();
        Post(turn.SetResult);
        return turn.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Makes the turning thread look at its condition again. Safe from any thread.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _wakeRequested = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Turns the loop until a future is done.</summary>
    /// <param name="future">The future. Its outcome is not thrown here.</param>
    /// <param name="cancellationToken">Ends the wait; the future is left as it is.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <remarks>asyncio: <c>loop.run_until_complete()</c>.</remarks>
    public void RunUntil(Future future, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(future);
        if (future.IsCompleted)
        {
            return;
        }

        using var completion = new CompletionWatch(this, future);
        RunUntil(() => completion.IsDone, cancellationToken);
    }

    /// <summary>Turns the loop until a condition holds. The condition is looked at after every pass and every
    /// <see cref="Wake"/>, so what was posted before it came to hold has run.</summary>
    /// <param name="isDone">The condition, evaluated on this thread.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="InvalidOperationException">Another thread is turning the loop.</exception>
    /// <exception cref="InsufficientExecutionStackException">
    /// The loop is turned within so many other turns that the stack is at its end.
    /// </exception>
    public void RunUntil(Func<bool> isDone, CancellationToken cancellationToken) => RunUntil(isDone, default, cancellationToken);

    /// <summary>Turns the loop until a condition holds, in a turn that may have to hurry.</summary>
    internal void RunUntil(Func<bool> isDone, NestedTurnPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isDone);
        BeginTurning();
        StepWatch.Outer turning = default;
        try
        {
            // What it says of a step may end the turn.
            turning = Steps.Pause();
            using CancellationTokenRegistration wakeOnCancel = cancellationToken.UnsafeRegister(
                static loop => ((EventLoop)loop!).Wake(), this);
            WaitOutGraceTime(policy, cancellationToken);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DrainInbox();
                RunReady(policy, cancellationToken);
                if (isDone() || IsOver(policy))
                {
                    return;
                }

                // A nested turn may have taken the wake-up of this turn's cancellation.
                cancellationToken.ThrowIfCancellationRequested();
                GoingToSleep?.Invoke();
                SleepUntilPosted();
            }
        }
        finally
        {
            Steps.Resume(turning);
            EndTurning();
        }
    }

    private void BeginTurning()
    {
        int thread = Environment.CurrentManagedThreadId;
        int owner = Interlocked.CompareExchange(ref _turningThread, thread, 0);
        if (owner != 0 && owner != thread)
        {
            throw new InvalidOperationException($"Thread {thread} may not turn this event loop: thread {owner} is turning it.");
        }

        _depth++;
    }

    private void EndTurning()
    {
        // The turns have come back from the depth.
        _isDeeplyNested &= --_depth > 1;
        if (_depth == 0)
        {
            Volatile.Write(ref _turningThread, 0);
            lock (_gate)
            {
                _readySince = Clock.GetTimestamp();
            }
        }
    }

    private void DrainInbox()
    {
        lock (_gate)
        {
            foreach (object callback in _inbox)
            {
                _ready.Enqueue(callback);
            }

            _inbox.Clear();
        }
    }

    /// <summary>One pass: what becomes ready meanwhile waits for the next, so that nothing starves the condition.</summary>
    private void RunReady(NestedTurnPolicy policy, CancellationToken cancellationToken)
    {
        for (int left = _ready.Count; left > 0 && !cancellationToken.IsCancellationRequested && !IsOver(policy); left--)
        {
            if (_depth > NestingLimits.UncheckedTurns && !HasRoom())
            {
                throw new InsufficientExecutionStackException("Waits are nested too deep.");
            }

            // A nested turn inside the last callback may have emptied the queue.
            if (!TryTakeReady(out object? callback))
            {
                return;
            }

            RunCallback(callback);
        }
    }

    /// <summary>
    /// Whether a callback would find enough of the stack. Near its end .NET goes on elsewhere with what awaits a task that
    /// is done, and PowerShell fails in the middle of anything: so a callback begins well before.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasRoom()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return false;
        }

        Span<byte> room = stackalloc byte[NestingLimits.CallbackStack];
        room[0] = 1;
        return RuntimeHelpers.TryEnsureSufficientExecutionStack() && room[0] == 1;
    }

    private bool TryTakeReady([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? callback)
    {
        lock (_gate)
        {
            return _ready.TryDequeue(out callback);
        }
    }

    private void RunCallback(object callback)
    {
        Debug.Assert(_turningThread == Environment.CurrentManagedThreadId, "callbacks run on the turning thread alone");
        _callbackCount++;
        ILoopObserver? observer = Observer;
        LoopMark mark = observer?.CallbackBegins() ?? default;
        StepWatch.Outer outer = Steps.Enter(step: null);
        try
        {
            Run(callback);
        }
        catch (Exception exception) when (UnhandledError is { } handler)
        {
            handler(exception);
        }
        catch (Exception)
        {
            // Nobody asked to hear of it, and one callback must not take the loop down with it.
        }
        finally
        {
            Steps.Leave(outer);
            observer?.CallbackEnded(this, mark);
        }
    }

    internal static void Run(object callback)
    {
        if (callback is Action action)
        {
            action();
        }
        else
        {
            ((ILoopCallback)callback).Run();
        }
    }

    private bool IsOver(NestedTurnPolicy policy) => _isDeeplyNested && policy.Until is { IsCompleted: true };

    /// <summary>Runs no callback until what is waited for is done, for the turn's time of grace at most.</summary>
    private void WaitOutGraceTime(NestedTurnPolicy policy, CancellationToken cancellationToken)
    {
        if (!policy.IsDeep)
        {
            return;
        }

        _isDeeplyNested = true;
        long began = Clock.GetTimestamp();
        lock (_gate)
        {
            while (!IsOver(policy) && !cancellationToken.IsCancellationRequested
                && policy.CurrentGraceTime - Clock.GetElapsedTime(began) is { Ticks: > 0 } left)
            {
                Monitor.Wait(_gate, left);
            }
        }
    }

    private void SleepUntilPosted()
    {
        long began = Clock.GetTimestamp();
        lock (_gate)
        {
            // All are set under the gate, so a post or wake between the last look and here is not missed. Something may
            // be ready still, where a nested turn or a cancellation cut a pass short.
            while (IsQuietNeedsGate)
            {
                _sleepCount++;
                _isAsleep = true;
                Monitor.Wait(_gate);
            }

            _isAsleep = false;

            _wakeRequested = false;
        }

        TimeAsleep += Clock.GetElapsedTime(began);
    }
}
