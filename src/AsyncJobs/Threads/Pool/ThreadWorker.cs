using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// A runspace and the thread that runs it. The thread is a background one of ours rather than PowerShell's, so that a
/// block that cannot be stopped never keeps the process from ending.
/// </summary>
internal sealed class ThreadWorker : ITaskThread
{
    /// <summary>How long a worker waits for more work before it gives its runspace back.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TurnCheck = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ClosingLimit = TimeSpan.FromMilliseconds(200);

    // PowerShell's own pipeline threads have this much, and deep recursion in scripts counts on it.
    private const int StackSize = 10_000_000;
    private const int StopperStackSize = 256 * 1024;

    private readonly ThreadTaskPool _pool;
    private readonly Thread _thread;
    private readonly WorkerInbox _inbox;
    private readonly PipelineStreams _streams = new();
    private readonly WorkerModules _modules = new();
    private readonly BoundResults _bound = new();

    // On the worker's thread only, all but the last. A run that has ended, but is not published.
    private ThreadRun? _finished;
    private PowerShell? _powershell;
    private WorkerIsolation? _isolation;
    private ForeignCalls? _calls;
    private bool _isSpent;
    private bool _callsForeign;
    private volatile Runspace? _runspace;

    public ThreadWorker(ThreadTaskPool pool)
    {
        _pool = pool;
        _inbox = new WorkerInbox(IdleLimit, () => !_bound.AreHeld && (_isSpent || pool.TryRemoveIdle(this)));
        _thread = new Thread(Work, StackSize) { IsBackground = true, Name = "AsyncJobs worker" };
        _thread.UnsafeStart();
    }

    /// <summary>The worker whose thread this is, if it is one.</summary>
    public static ThreadWorker? Current => ITaskThread.Current as ThreadWorker;

    /// <summary>The worker's runspace, once it is open.</summary>
    public Runspace? Runspace => _runspace;

    public ThreadTaskPool Pool => _pool;

    object ITaskThread.Family => _pool.Family;

    /// <summary>The task whose block it runs now, or null; on its thread.</summary>
    public AsyncTask? CurrentTask { get; private set; }

    void ITaskThread.LendPlace()
    {
        if (_callsForeign)
        {
            _pool.ForeignCall.Release();
        }

        _pool.LendPlace();
    }

    void ITaskThread.TakePlace()
    {
        _pool.TakePlace();
        if (_callsForeign)
        {
            _pool.ForeignCall.Wait();
        }
    }

    /// <summary>Gives an idle worker its next run; false if it is gone.</summary>
    public bool TryGive(ThreadRun run) => _inbox.TryGive(run);

    /// <summary>Nobody waits any more for the run that it is in; for what that does at its end it has some time yet.</summary>
    public void Abandon()
    {
        _pool.WorkerAbandoned(this);
        _ = Task.Delay(ThreadTaskPool.EndGrace).ContinueWith(
            static (_, worker) => ((ThreadWorker)worker!).CloseOnOwnThread(), this, TaskScheduler.Default);
    }

    /// <summary>
    /// Begins to close the runspace of a busy worker, and comes back when that is under way. A process that ends closes
    /// every runspace that is open, and would wait for a block that does not stop; one that is closing it leaves alone.
    /// </summary>
    public void CloseOnOwnThread()
    {
        if (_runspace is not { } runspace || !_thread.IsAlive)
        {
            return;
        }

        using var isClosing = new ManualResetEventSlim();
        void OnStateChanged(object? sender, RunspaceStateEventArgs change) => isClosing.Set();
        runspace.StateChanged += OnStateChanged;
        StartBackground(() => Close(runspace), "AsyncJobs close");
        isClosing.Wait(ClosingLimit);
        runspace.StateChanged -= OnStateChanged;
    }

    /// <summary>Waits until its thread has ended, the finally blocks of its task included; no longer than told.</summary>
    public void Join(TimeSpan limit) => _thread.Join(limit);

    public void Retire() => _inbox.Close()?.Fail(new OperationCanceledException());

    /// <summary>Runs tasks in the worker's pipeline until one of them, or the pipeline itself, is stopped; on its thread.</summary>
    public void Serve(PSCmdlet pipeline)
    {
        _calls ??= new ForeignCalls(_runspace!, WakeFor);
        _isolation ??= new WorkerIsolation(pipeline);

        // Nothing can be put right in a pipeline that was stopped, so its last run is finished by the next. A worker that
        // gets no further run stays for the calls of what it has handed out.
        if (_finished is not null && !Finish(pipeline, _finished) && !_bound.AreHeld)
        {
            return;
        }

        while (_inbox.TryTake(out ThreadRun? run))
        {
            if (run is null)
            {
                _calls.Serve();
                continue;
            }

            if (!Execute(pipeline, run))
            {
                _isSpent = true;
                return;
            }

            _finished = run;
            if (run.IsStopped || _inbox.IsInterrupted || (!Finish(pipeline, run) && !_bound.AreHeld))
            {
                return;
            }
        }

        _isSpent |= !_inbox.IsInterrupted;
    }

    /// <summary>The worker's pipeline is told to stop.</summary>
    public void PipelineStopped() => _inbox.IsInterrupted = true;

    /// <summary>Closes a runspace that another thread may be closing too: its worker, whoever abandoned it, the process.</summary>
    private static void Close(Runspace runspace)
    {
        try
        {
            runspace.Dispose();
        }
        catch (Exception)
        {
            // PowerShell throws what such a race leaves it with; the other closes it.
        }
    }

    /// <summary>Runs what may block for long on a thread that nothing else needs.</summary>
    public static void StartBackground(ThreadStart work, string name) =>
        new Thread(work, StopperStackSize) { IsBackground = true, Name = name }.UnsafeStart();

    /// <summary>The runspace's thread may be waiting for a run, or, within one, for tasks.</summary>
    private void WakeFor(Action serve)
    {
        _inbox.Call();
        foreach ((Runspace runspace, RunspaceLoop session) in RunspaceLoop.All)
        {
            if (runspace == _runspace)
            {
                session.Loop.Post(serve);
            }
        }
    }

    private void Work()
    {
        ITaskThread.Current = this;
        Exception? problem = null;
        try
        {
            _isSpent = !TryOpen();
            while (!_isSpent && _runspace!.RunspaceStateInfo.State == RunspaceState.Opened)
            {
                RunPipeline(_runspace);
            }
        }
        catch (Exception exception)
        {
            // The runspace broke, or is being closed. A run that was given to this worker goes elsewhere, or learns why.
            problem = exception;
        }

        End(problem ?? new InvalidRunspaceStateException("The task's runspace was closed before it ran."));
    }

    private bool TryOpen()
    {
        try
        {
            Runspace runspace = RunspaceFactory.CreateRunspace(new WorkerHost(_streams), WorkerSessionState.Shared);
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            runspace.Open();
            DeferredFormatData.List(runspace);
            _runspace = runspace;
        }
        catch (Exception exception)
        {
            _pool.OpeningFailed(exception);
            return false;
        }

        return _pool.TryAdd(this);
    }

    /// <summary>One pipeline, for as many tasks as it lasts: one that was stopped serves no other.</summary>
    private void RunPipeline(Runspace runspace)
    {
        using PowerShell powershell = PowerShell.Create();
        powershell.Runspace = runspace;
        powershell.AddCommand(InvokeAsyncJobsWorkerCommand.Info);
        _streams.AttachTo(powershell.Streams);
        _inbox.IsInterrupted = false;
        _powershell = powershell;
        powershell.Invoke(null, _streams.CreateOutput());
    }

    private void End(Exception problem)
    {
        _pool.WorkerGone(this);
        ThreadRun? given = _inbox.Close();
        if (_runspace is { } runspace)
        {
            Close(runspace);
        }

        if (_finished is not null)
        {
            Publish(_finished);
        }

        if (given is not null)
        {
            _pool.GiveElsewhere(given, problem);
        }
    }

    /// <summary>Whether the runspace is as it was and the worker may serve another task; publishes the outcome in any case.</summary>
    private bool Finish(PSCmdlet pipeline, ThreadRun run)
    {
        RunspaceLoop.Close(_runspace!);
        bool isKept = _isolation!.TryRestore(pipeline, run.Work.Captures) && _pool.TryReturn(this);
        _isSpent = !isKept;
        _finished = null;
        Publish(run);
        return isKept;
    }

    /// <summary>Publishes a run as a thread of nobody's: what ends with its task is no business of this runspace.</summary>
    private void Publish(ThreadRun run)
    {
        ITaskThread.Current = null;
        Runspace.DefaultRunspace = null;
        try
        {
            TaskRunner.BeginNextHere(run.Publish);
        }
        finally
        {
            Runspace.DefaultRunspace = _runspace;
            ITaskThread.Current = this;
        }
    }

    /// <summary>Waits until no other run may call methods of another session.</summary>
    private void WaitForTurn(ThreadRun run)
    {
        while (!_pool.ForeignCall.Wait(TurnCheck))
        {
            if (run.IsStopped)
            {
                throw new PipelineStoppedException();
            }
        }

        _callsForeign = true;
    }

    private bool Execute(PSCmdlet pipeline, ThreadRun run)
    {
        run.Worker = this;
        CurrentTask = run.Task;
        _streams.Target = run;
        try
        {
            return run.Execute(_powershell!, work => work.Caller.Run(() =>
            {
                run.EnterActivity();
                if (work.CallsBound)
                {
                    WaitForTurn(run);
                }

                _modules.ImportOwn(work.Captures);
                _isolation!.Watch(pipeline, work.Captures);
                _modules.Import(pipeline, work.Captures, _isolation);
                _isolation.Prepare(pipeline, work);
                work.HandsOutBound = _bound.Add;
                work.Run(pipeline);
            }));
        }
        finally
        {
            if (_callsForeign)
            {
                _callsForeign = false;
                _pool.ForeignCall.Release();
            }

            _streams.Target = null;
            CurrentTask = null;
        }
    }
}
