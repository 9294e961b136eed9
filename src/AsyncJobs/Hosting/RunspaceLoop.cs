using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Hosting;

/// <summary>
/// What AsyncJobs keeps for one runspace: its loop, its tasks, and what the folders above attach to it. Made when a cmdlet
/// first needs it, closed when the module is removed or the runspace closes.
/// </summary>
internal sealed class RunspaceLoop : IDisposable
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceLoop> Sessions = [];

    private readonly Stack<ILoopHost> _waiters = new();
    private ILoopHost? _outermost;

    // The thread whose runspace this is, if its scripts are those of thread tasks.
    private readonly ITaskThread? _thread = ITaskThread.Current;
    private readonly Dictionary<Type, object> _parts = [];
    private volatile TurnInfo? _wait;
    private bool _isClosed;
    private PSEventManager? _events;
    private PSEventSubscriber? _exiting;

    private RunspaceLoop(Runspace runspace)
    {
        Runspace = runspace;
        Loop = new EventLoop
        {
            Label = $"runspace {runspace.Id}",
            Terms = new HostTerms
            {
                PlainFuture = "a future of New-Future",
                ThrottlePlace = "a place within its -ThrottleLimit",
                NoResult = AutomationNull.Value,
                Unwrap = static value => value.Unwrap(),
            },
            IsHostThread = () => ReferenceEquals(Runspace.DefaultRunspace, runspace),
        };
        Loop.UnhandledError = exception => CurrentWaiter?.ReportUnhandled(exception);
        Runner = new TaskRunner(Loop, Tasks);
        Stopped = new StoppedCoroutines(this);
        Family = _thread?.Family ?? new object();
        Breakpoints = new BreakpointWatch(runspace);
        MayBeConstrained = BlockLanguage.IsExpected(runspace.InitialSessionState?.LanguageMode);
        runspace.StateChanged += CloseWithRunspace;
    }

    public EventLoop Loop { get; }

    public TaskRegistry Tasks { get; } = new();

    public TaskRunner Runner { get; }

    public BreakpointWatch Breakpoints { get; }

    /// <summary>The coroutines that are being stopped with their pipeline or session.</summary>
    public StoppedCoroutines Stopped { get; }

    /// <summary>The cmdlets whose pipeline still runs and that stop what they have started if that is stopped.</summary>
    public HashSet<ILoopHost> Starters { get; } = [];

    /// <summary>
    /// Locks that a stopped wait on a condition could not get back; leaving one of them does nothing, since somebody
    /// else holds it.
    /// </summary>
    public HashSet<AsyncLock> ForfeitedLocks { get; } = [];

    /// <summary>The coroutine whose step runs now, or null.</summary>
    public IRunningStep? CurrentStep { get; set; }

    /// <summary>Called with each cmdlet that comes to turn the loop or to start a coroutine; null for none.</summary>
    public Action<ILoopHost>? HostEntered { get; set; }

    /// <summary>How many coroutines' records somebody reads.</summary>
    public int RecordReaders { get; set; }

    /// <summary>Runs a cmdlet of ours that calls <see cref="EndTasks"/>; null where no cmdlet has been called yet.</summary>
    public Action? Ending { get; set; }

    /// <summary>Whether it is the one that PowerShell's console runs scripts and command lines in.</summary>
    public bool IsOfConsole { get; private set; }

    /// <summary>The end of the session that the process's end is held up for; null where that is not to end.</summary>
    public SessionTermination? Termination { get; set; }

    /// <summary>What has PowerShell turn the loop where no cmdlet waits; null where no cmdlet has been called yet.</summary>
    public IdleTurns? IdleTurns { get; set; }

    /// <summary>Called as the session closes, before its tasks are stopped; null for none.</summary>
    public Action? Closing { get; set; }

    /// <summary>What this session, those of its thread tasks and theirs have in common, and no other has.</summary>
    public object Family { get; }

    /// <summary>Whether script of less rights than others' has run here, or may.</summary>
    public bool MayBeConstrained { get; set; }

    /// <summary>Whether what would run on threads runs on the loop, one after the other.</summary>
    public bool IsInline { get; set; }

    /// <summary>The cmdlet of ours that runs now; for what is the same in all of them.</summary>
    public ILoopHost? CurrentCommand { get; set; }

    /// <summary>The session's own state, as opposed to a module's; null where it is not known yet.</summary>
    public SessionState? GlobalState => GlobalSessionState.Of(Runspace);

    public Runspace Runspace { get; }

    /// <summary>Where the script that runs now stands, as task groups see it.</summary>
    public GroupContext GroupContext { get; set; }

    /// <summary>The innermost wait of the script on the session's own thread, or null; from any thread.</summary>
    public TurnInfo? Wait => _wait;

    /// <summary>The task whose script runs now on the session's thread, or null in plain script.</summary>
    public AsyncTask? CurrentTask => GroupContext.Owner as AsyncTask ?? _thread?.CurrentTask;

    /// <summary>The thread whose runspace this is, if its scripts are those of thread tasks; null for any other.</summary>
    public ITaskThread? Thread => _thread;

    /// <summary>Whether its script is that of thread tasks, one after the other.</summary>
    public bool IsWorker => _thread is not null;

    /// <summary>The cmdlet that turns the loop now; the innermost where turns are nested.</summary>
    public ILoopHost? CurrentWaiter => _waiters.TryPeek(out ILoopHost? waiter) ? waiter : null;

    /// <summary>The pipeline of the outermost command, in the scope of which coroutines' steps run; null where none do.</summary>
    public StepPipeline? Steps => _outermost?.Steps;

    /// <summary>The cmdlets that turn the loop or start coroutines, each inside what the next one runs.</summary>
    public IReadOnlyCollection<ILoopHost> Waiters => _waiters;

    /// <summary>The tasks in the middle of whose steps the session's thread is.</summary>
    public HashSet<AsyncTask> StandingTasks
    {
        get
        {
            var standing = new HashSet<AsyncTask>();
            if (_thread?.CurrentTask is { } task)
            {
                standing.Add(task);
            }

            for (IRunningStep? step = CurrentStep; step is not null; step = step.Below)
            {
                standing.Add(step.Task);
            }

            return standing;
        }
    }

    /// <summary>Whether so many starts and turns are nested that a coroutine had better begin from the loop.</summary>
    public bool IsDeep => _waiters.Count > NestingLimits.EagerStarts;

    /// <summary>The session of the runspace whose pipeline this thread runs.</summary>
    public static RunspaceLoop Current => For(
        Runspace.DefaultRunspace ?? throw new InvalidOperationException("AsyncJobs cmdlets run in a PowerShell runspace only."));

    /// <summary>Closes the session of a runspace, if there is one.</summary>
    public static void Close(Runspace runspace)
    {
        if (Sessions.TryGetValue(runspace, out RunspaceLoop? session))
        {
            runspace.StateChanged -= session.CloseWithRunspace;
            session.Dispose();
            session.LeaveIfClosed();
        }
    }

    /// <summary>
    /// What a folder above keeps for the session; made when it is first asked for, and closed with the session. From any
    /// thread.
    /// </summary>
    /// <param name="create">Makes the part.</param>
    public T Part<T>(Func<RunspaceLoop, T> create)
        where T : class
    {
        lock (_parts)
        {
            if (!_parts.TryGetValue(typeof(T), out object? part))
            {
                _parts[typeof(T)] = part = create(this);
                if (_isClosed)
                {
                    (part as IDisposable)?.Dispose();
                }
            }

            return (T)part;
        }
    }

    /// <summary>Starts a task whose first step runs here and now, within the cmdlet that starts it.</summary>
    /// <param name="starter">The cmdlet, for the streams of that step.</param>
    /// <param name="start">Starts the task.</param>
    public AsyncTask RunFirstStep(ILoopHost starter, Func<AsyncTask> start)
    {
        _waiters.Push(starter);
        HostEntered?.Invoke(starter);
        try
        {
            AsyncTask? task = null;
            RunSteps(starter, () => task = Watched(start));
            starter.ThrowRecordFailure();
            return task!;
        }
        finally
        {
            _waiters.Pop();
            LeaveIfClosed();
        }
    }

    /// <summary>Starts a task whose first step runs here and now, in the middle of a coroutine's, in the pipeline of that.</summary>
    /// <param name="start">Starts the task.</param>
    public AsyncTask RunFirstStep(Func<AsyncTask> start)
    {
        _waiters.Push(_waiters.Peek());
        try
        {
            return Watched(start);
        }
        finally
        {
            _waiters.Pop();
        }
    }

    // A step that holds the thread for long is told of; what comes before it is none.
    private AsyncTask Watched(Func<AsyncTask> start)
    {
        StepWatch.Outer outer = Loop.Steps.Enter(step: null);
        try
        {
            return start();
        }
        finally
        {
            Loop.Steps.Leave(outer);
        }
    }

    /// <summary>Runs coroutines' steps in a command's pipeline, which is in the scope of the outermost command that runs any.</summary>
    public void RunSteps(ILoopHost command, Action action)
    {
        StepPipeline steps = command.Steps;
        ILoopHost? outer = _outermost;
        _outermost ??= command;
        IdleTurns?.ExpectCoroutines();
        try
        {
            steps.Run(action);
        }
        finally
        {
            _outermost = outer;
        }
    }

    /// <summary>Stops all tasks, and turns the loop until the coroutines among them have ended; on the session's own thread.</summary>
    /// <param name="command">The cmdlet that the steps run within.</param>
    /// <param name="reason">Why, for whoever awaits.</param>
    public void EndTasks(ILoopHost command, string reason)
    {
        Tasks.StopAll(reason);
        _waiters.Push(command);
        try
        {
            RunSteps(command, Stopped.RunOut);
        }
        finally
        {
            _waiters.Pop();
        }
    }

    /// <summary>
    /// In the finally of what runs steps, where alone PowerShell runs script in a pipeline that is being stopped: runs what
    /// the coroutines that end with it have to run.
    /// </summary>
    public void EndStopped()
    {
        if (CurrentWaiter is { } command && (command.IsStopRequested || Stopped.HasSteps))
        {
            foreach (ILoopHost stopped in Starters.Append(command))
            {
                stopped.StopAwaited();
            }

            InsideTry.Run(Stopped.RunOut);
        }
    }

    /// <summary>Turns the loop for a cmdlet until a condition holds.</summary>
    /// <param name="waiter">The cmdlet.</param>
    /// <param name="waitedFor">What it waits for, for those who look in.</param>
    /// <param name="ending">What ends the wait, for the same.</param>
    /// <param name="until">Done when the wait is over; null where there is only the condition.</param>
    /// <param name="isDone">The condition.</param>
    /// <param name="stopping">Ends the turn.</param>
    public void Turn(
        ILoopHost waiter, object? waitedFor, WaitCompletion ending, Future? until, Func<bool> isDone, CancellationToken stopping)
    {
        // What the loop runs meanwhile is no part of the block that waits.
        GroupContext context = GroupContext;
        GroupContext = default;
        HostEntered?.Invoke(waiter);

        // A coroutine waits in a function that it has called.
        AsyncTask? caller = CurrentStep?.Task;
        TurnInfo? outer = _wait;
        var wait = new TurnInfo(new WaitPlace(waiter.Cmdlet.MyInvocation), waitedFor, ending, outer, caller, until) { Host = waiter };
        ShowWait(wait);
        WaitInfo? callerWait = caller?.Wait;
        if (caller is not null)
        {
            caller.Wait = wait;
        }

        NestedTurnPolicy policy = PolicyOf(wait);

        // A task that waits lends its place in the pool out.
        bool isLent = _thread is not null && _waiters.Count == 0;
        _waiters.Push(waiter);
        if (isLent)
        {
            _thread!.LendPlace();
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
            LeaveIfClosed();
            if (caller is not null)
            {
                caller.Wait = callerWait;
            }

            ShowWait(outer);
            GroupContext = context;
            if (isLent)
            {
                _thread!.TakePlace();
            }
        }
    }

    /// <summary>
    /// Where functions that coroutines call wait inside each other's turns, each on top of the last, those on top are given
    /// time to end before another is put there: a little more for each. What comes by itself can be waited for so.
    /// </summary>
    private NestedTurnPolicy PolicyOf(TurnInfo wait)
    {
        int deeper = _waiters.Count - NestingLimits.FreeTurns;
        bool mayWait = deeper > 0 && wait.Until is not null
            && wait.Things.All(static thing => thing is AsyncTask { EndsByItself: true });
        return new NestedTurnPolicy(
            wait.Until, wait.Outer?.Until, IsDeep: deeper > 0, mayWait ? NestingLimits.GraceTimeAt(deeper) : TimeSpan.Zero);
    }

    /// <summary>This session and those of its thread tasks; from any thread.</summary>
    public IEnumerable<RunspaceLoop> Members => All.Select(pair => pair.Session).Where(other => other.Family == Family);

    /// <summary>All sessions of the process; from any thread.</summary>
    public static IReadOnlyList<(Runspace Runspace, RunspaceLoop Session)> All =>
        [.. Sessions.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key.Id)];

    /// <summary>Has the tasks ended with the session, while script can still run: at the end of a script, and at exit.</summary>
    /// <param name="events">The session's events.</param>
    /// <param name="host">The session's host.</param>
    public void EndWith(PSEventManager events, PSHost host)
    {
        if (_exiting is null && !IsWorker)
        {
            _events = events;
            IsOfConsole = host.Name == "ConsoleHost" && Runspace.Id == 1;
            TerminationSignal.Watch();
            _exiting = events.SubscribeEvent(
                source: null, eventName: null, PSEngineEvent.Exiting, data: null, (_, _) => EndAtExit(), supportEvent: true, forwardEvent: false);
        }
    }

    // PowerShell closes the runspace on a thread that is not yet the runspace's, and runs script for it there.
    private void EndAtExit()
    {
        Runspace? outer = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = Runspace;
        try
        {
            if (Termination is { } termination)
            {
                // Where the session's own thread has come to it first, the host is not to end the process meanwhile.
                termination.Run();
                System.Threading.Thread.Sleep(Timeout.Infinite);
            }

            EndAndClose(Runspace);
        }
        finally
        {
            Runspace.DefaultRunspace = outer;
        }
    }

    /// <summary>
    /// Ends a session as <see cref="EndBeforeClose"/> does, and closes it whatever is wrong with it. On the session's own
    /// thread, or on that which closes its runspace.
    /// </summary>
    public static void EndAndClose(Runspace runspace)
    {
        try
        {
            EndBeforeClose(runspace);
        }
        catch (RuntimeException)
        {
            // The session closes whatever is wrong with it.
        }
        finally
        {
            Close(runspace);
        }
    }

    /// <summary>Whether tasks of script are pending, which may have something to do at their end.</summary>
    public bool HasScriptToEnd => Tasks.CoroutineCount > 0 || Tasks.GetPending().Any(static task => task.Kind == AsyncTaskKind.Thread);

    /// <summary>
    /// Stops what is left of a session and waits, for so long at most, until its coroutines have run what they have to run
    /// at their end; where there are any. On the session's own thread, in no cmdlet of ours.
    /// </summary>
    public static void EndBeforeClose(Runspace runspace)
    {
        if (Sessions.TryGetValue(runspace, out RunspaceLoop? session) && session.Tasks.CoroutineCount > 0)
        {
            session.Ending?.Invoke();
        }
    }

    /// <summary>Stops what is left. Waits for nothing: a task that will not stop is left to its own thread.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        Closing?.Invoke();
        if (_exiting is not null)
        {
            _events!.UnsubscribeEvent(_exiting);
        }

        Breakpoints.Dispose();
        IdleTurns?.Dispose();
        Tasks.StopAll("the session is closing");
        lock (_parts)
        {
            foreach (IDisposable part in _parts.Values.OfType<IDisposable>())
            {
                part.Dispose();
            }
        }
    }

    // What runs in the middle of a step that has removed the module is of this session to its end.
    private void LeaveIfClosed()
    {
        if (_isClosed && _waiters.Count == 0)
        {
            Sessions.Remove(Runspace);
        }
    }

    private void ShowWait(TurnInfo? wait)
    {
        _wait = wait;
        if (_thread?.CurrentTask is { } task)
        {
            task.Wait = wait;
        }
        else if (TraceRecorder.Current is { } trace && CurrentStep is null)
        {
            TaskTrace.ScriptWaitChanged(trace, Loop, wait);
        }
    }

    private static RunspaceLoop For(Runspace runspace) => Sessions.GetValue(runspace, static key => new RunspaceLoop(key));

    private void CloseWithRunspace(object? sender, RunspaceStateEventArgs change)
    {
        if (sender is Runspace runspace
            && (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken
                || (change.RunspaceStateInfo.State is RunspaceState.Closing && _exiting is null)))
        {
            Close(runspace);
        }
    }
}
