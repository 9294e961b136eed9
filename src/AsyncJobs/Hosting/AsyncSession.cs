using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>
/// What AsyncJobs keeps for one runspace: its loop, its tasks and its thread pool. Made when a cmdlet first needs it,
/// closed when the module is removed or the runspace closes.
/// </summary>
internal sealed class AsyncSession : IDisposable
{
    private static readonly ConditionalWeakTable<Runspace, AsyncSession> Sessions = [];

    private const int StartsNested = 16;
    private const int TurnsNested = 64;

    private readonly Stack<LoopCommand> _waiters = new();
    private LoopGround? _ground;

    // The worker whose runspace this is: its tasks use the pool that it belongs to.
    private readonly ThreadWorker? _worker = ThreadWorker.Current;
    private readonly SlowSteps _slowSteps;
    private readonly DeadlockWatch _deadlocks;
    private readonly NestingWatch _nesting;
    private volatile TurnInfo? _wait;
    private bool _isClosed;

    private AsyncSession(Runspace runspace)
    {
        Runspace = runspace;
        Threads = _worker?.Pool ?? new ThreadTaskPool();
        Loop.UnhandledError = exception => CurrentWaiter?.ReportUnhandled(exception);
        Runner = new TaskRunner(Loop, Tasks);
        LostFailures = new LostFailures(Tasks);
        Debugging = new Debugging(this);
        _slowSteps = new SlowSteps(this);
        Loop.Steps.Slow = _slowSteps.Report;
        _deadlocks = new DeadlockWatch(this);
        _nesting = new NestingWatch(this);
        Compiled = new CompiledBlocks(this);
        Loop.GoingToSleep = LookForDeadlocks;
        Tasks.TaskSettled = WakeDebugger;
        Breakpoints = new BreakpointWatch(runspace);
        MayBeConstrained = BlockLanguage.IsExpected(runspace.InitialSessionState?.LanguageMode);
        runspace.StateChanged += CloseWithRunspace;
    }


    public EventLoop Loop { get; } = new()
    {
        Terms = new HostTerms { PlainFuture = "a future of New-Future", ThrottlePlace = "a place within its -ThrottleLimit" },
    };

    public TaskRegistry Tasks { get; } = new();

    public TaskRunner Runner { get; }

    /// <summary>The threads of its tasks, and of the tasks that these start.</summary>
    public ThreadTaskPool Threads { get; }

    public LostFailures LostFailures { get; }

    public Debugging Debugging { get; }
    public BreakpointWatch Breakpoints { get; }

    /// <summary>
    /// Locks that a stopped wait on a condition could not get back; leaving one of them does nothing, since somebody
    /// else holds it.
    /// </summary>
    public HashSet<AsyncLock> ForfeitedLocks { get; } = [];

    /// <summary>The coroutine whose step runs now, or null.</summary>
    public CoroutineFrame? CurrentFrame { get; set; }

    /// <summary>Whether script of less rights than others' has run here, or may.</summary>
    public bool MayBeConstrained { get; set; }

    /// <summary>The cmdlet of ours that runs now; for what is the same in all of them.</summary>
    public LoopCommand? CurrentCommand { get; set; }

    /// <summary>The session's own state, as opposed to a module's; null where it is not known yet.</summary>
    public SessionState? GlobalState => GlobalStates.Of(Runspace);

    /// <summary>The blocks that have been compiled as coroutines here.</summary>
    public CompiledBlocks Compiled { get; }

    /// <summary>The runspace it is of.</summary>
    public Runspace Runspace { get; }

    /// <summary>Where the script that runs now stands, as task groups see it.</summary>
    public GroupContext GroupContext { get; set; }

    /// <summary>The innermost wait of the script on the session's own thread, or null; from any thread.</summary>
    public TurnInfo? Wait => _wait;

    /// <summary>The task whose script runs now on the session's thread, or null in plain script.</summary>
    public AsyncTask? CurrentTask => GroupContext.Owner as AsyncTask ?? _worker?.CurrentTask;

    /// <summary>Whether its script is that of thread tasks, one after the other.</summary>
    public bool IsWorker => _worker is not null;

    /// <summary>The cmdlet that turns the loop now; the innermost where turns are nested.</summary>
    public LoopCommand? CurrentWaiter => _waiters.TryPeek(out LoopCommand? waiter) ? waiter : null;

    /// <summary>How many cmdlets turn the loop or start coroutines, each inside what the last one runs.</summary>
    public int WaiterCount => _waiters.Count;

    /// <summary>The tasks in the middle of whose steps the session's thread is.</summary>
    public HashSet<AsyncTask> StandingTasks
    {
        get
        {
            var standing = new HashSet<AsyncTask>();
            if (_worker?.CurrentTask is { } task)
            {
                standing.Add(task);
            }

            for (CoroutineFrame? frame = CurrentFrame; frame is not null; frame = frame.Below)
            {
                standing.Add(frame.Task);
            }

            return standing;
        }
    }

    /// <summary>Whether so many starts and turns are nested that a coroutine had better begin from the loop.</summary>
    public bool IsDeep => _waiters.Count > StartsNested;

    /// <summary>The session of the runspace whose pipeline this thread runs.</summary>
    public static AsyncSession Current => For(
        Runspace.DefaultRunspace ?? throw new InvalidOperationException("AsyncJobs cmdlets run in a PowerShell runspace only."));

    /// <summary>Closes the session of a runspace, if there is one.</summary>
    public static void Close(Runspace runspace)
    {
        if (Sessions.TryGetValue(runspace, out AsyncSession? session))
        {
            Sessions.Remove(runspace);
            runspace.StateChanged -= session.CloseWithRunspace;
            session.Dispose();
        }
    }

    /// <summary>Starts a script block on a pooled runspace.</summary>
    /// <param name="work">The block and what it takes along.</param>
    /// <param name="options">What is said of the task.</param>
    /// <param name="input">The pipeline object it is for.</param>
    /// <param name="host">Shows what Write-Host writes at once; null for none.</param>
    /// <param name="job">The job that shows it; null for none.</param>
    public AsyncTask StartThreadTask(ScriptWork work, TaskOptions options, object? input, StreamingHost? host = null, AsyncTaskJob? job = null)
    {
        var streams = new TaskStreams(host, job);
        return Runner.Start(
            AsyncTaskKind.Thread,
            (task, stop) =>
            {
                streams.Owner = task;
                job?.Begin();
                return Threads.RunAsync(work, streams, stop);
            },
            options,
            input,
            streams);
    }

    /// <summary>Starts a coroutine: its first step runs here and now, unless it has to wait for a permit.</summary>
    /// <param name="starter">The cmdlet that starts it, for the streams of that step.</param>
    /// <param name="start">What it begins with.</param>
    /// <param name="options">What is said of the task.</param>
    /// <param name="input">Its <c>$_</c>.</param>
    public AsyncTask StartCoroutine(LoopCommand starter, CoroutineStart start, TaskOptions options, object? input)
    {
        _waiters.Push(starter);
        _slowSteps.Note(starter);
        StepWatch.Outer outer = Loop.Steps.Enter(step: null);
        try
        {
            AsyncTask? task = null;
            RunSteps(starter, () => task = Runner.Start(AsyncTaskKind.Coroutine, start.RunAsync, options, input));
            return task!;
        }
        finally
        {
            Loop.Steps.Leave(outer);
            _waiters.Pop();
        }
    }

    /// <summary>Runs coroutines' steps: inside a try, and in the scope of the outermost command that runs any.</summary>
    public void RunSteps(LoopCommand command, Action action)
    {
        if (_ground is { } outermost)
        {
            outermost.Run(() => InsideTry.Run(action));
            return;
        }

        _ground = command.Ground;
        try
        {
            InsideTry.Run(action);
        }
        finally
        {
            _ground = null;
        }
    }

    /// <summary>Turns the loop for a cmdlet until a condition holds.</summary>
    /// <param name="waiter">The cmdlet.</param>
    /// <param name="waitedFor">What it waits for, for those who look in.</param>
    /// <param name="ending">What ends the wait, for the same.</param>
    /// <param name="until">Done when the wait is over; null where there is only the condition.</param>
    /// <param name="isDone">The condition.</param>
    /// <param name="stopping">Ends the turn.</param>
    public void Turn(LoopCommand waiter, object? waitedFor, WaitCompletion ending, Future? until, Func<bool> isDone, CancellationToken stopping)
    {
        // What the loop runs meanwhile is no part of the block that waits.
        GroupContext context = GroupContext;
        GroupContext = default;
        _slowSteps.Note(waiter);

        // A coroutine waits in a function that it has called.
        AsyncTask? caller = CurrentFrame?.Task;
        TurnInfo? outer = _wait;
        var wait = new TurnInfo(new WaitPlace(waiter.MyInvocation), waitedFor, ending, outer, caller, until);
        ShowWait(wait);
        WaitInfo? callerWait = caller?.Wait;
        if (caller is not null)
        {
            caller.Wait = wait;
        }

        NestedTurnPolicy policy = PolicyOf(wait);

        // A task that waits lends its place in the pool out.
        bool isLent = _worker is not null && _waiters.Count == 0;
        _waiters.Push(waiter);
        if (isLent)
        {
            Threads.LendPlace();
        }

        try
        {
            if (Tasks.CoroutineCount == 0)
            {
                Loop.RunUntil(isDone, policy, stopping);
            }
            else
            {
                RunSteps(waiter, () => Loop.RunUntil(isDone, policy, stopping));
            }
        }
        finally
        {
            _waiters.Pop();
            if (caller is not null)
            {
                caller.Wait = callerWait;
            }

            ShowWait(outer);
            GroupContext = context;
            if (isLent)
            {
                Threads.TakePlace();
            }
        }
    }

    /// <summary>
    /// Where functions that coroutines call wait inside each other's turns, each on top of the last, those on top are given
    /// time to end before another is put there: a little more for each. What comes by itself can be waited for so.
    /// </summary>
    private NestedTurnPolicy PolicyOf(TurnInfo wait)
    {
        int deeper = _waiters.Count - TurnsNested;
        bool mayWait = deeper > 0 && wait.Until is not null
            && wait.Things.All(static thing => thing is AsyncTask { EndsByItself: true });
        return new NestedTurnPolicy(wait.Until, wait.Outer?.Until, IsDeep: deeper > 0, mayWait ? GraceTimeAt(deeper) : TimeSpan.Zero);
    }

    // Doubled at first, which soon is enough for short waits; then so little more that nothing stands still for long.
    private static TimeSpan GraceTimeAt(int deeper) => TimeSpan.FromMilliseconds(Math.Min(1 << Math.Min(deeper, 10), 32 + deeper));

    /// <summary>This session and those of its thread tasks; from any thread.</summary>
    public IEnumerable<AsyncSession> Family => All.Select(pair => pair.Session).Where(other => other.Threads == Threads);

    /// <summary>All sessions of the process; from any thread.</summary>
    public static IReadOnlyList<(Runspace Runspace, AsyncSession Session)> All => [.. Sessions.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key.Id)];

    /// <summary>Stops what is left. Waits for nothing: a task that will not stop is left to its own thread.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        LostFailures.Dispose();
        Debugging.IsOn = false;
        Breakpoints.Dispose();
        Tasks.StopAll("the session is closing");
        if (_worker is null)
        {
            Threads.Dispose();
        }
    }

    /// <summary>Called as the loop goes to sleep.</summary>
    private void LookForDeadlocks()
    {
        if (Debugging.IsAnyOn)
        {
            LookInDebugMode();
        }

        if (_wait is { } wait && (wait.Outer is not null || wait.Task is not null))
        {
            _nesting.Look(wait);
        }
    }

    /// <summary>The session that the user has in debug mode looks; that of a thread task wakes it, so that it does.</summary>
    private void LookInDebugMode()
    {
        if (_worker is not null)
        {
            WakeDebugger();
        }
        else if (Debugging.IsOn && Loop.IsQuiet)
        {
            _deadlocks.Look();
        }
    }

    private void WakeDebugger()
    {
        if (Debugging.IsAnyOn)
        {
            Family.FirstOrDefault(member => !member.IsWorker)?.Loop.Wake();
        }
    }

    private void ShowWait(TurnInfo? wait)
    {
        _wait = wait;
        if (_worker?.CurrentTask is { } task)
        {
            task.Wait = wait;
        }
    }

    private static AsyncSession For(Runspace runspace) => Sessions.GetValue(runspace, static key => new AsyncSession(key));

    private void CloseWithRunspace(object? sender, RunspaceStateEventArgs change)
    {
        if (sender is Runspace runspace && change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
        {
            Close(runspace);
        }
    }
}
