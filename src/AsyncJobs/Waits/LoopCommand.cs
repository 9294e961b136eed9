using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// A cmdlet that may wait: it turns the session's loop on its pipeline thread, and Ctrl+C ends the turn.
/// </summary>
[SuppressMessage(
    "Usage", "CA2213", Justification = "Ctrl+C may come while the cmdlet is disposed, and a source without a timer holds nothing.")]
public abstract class LoopCommand : PSCmdlet, ILoopHost, IDisposable
{
    // PowerShell looks for Ctrl+C at every turn of a loop.
    private static readonly ScriptBlock Interruptible = SharedScriptBlock.Of("while ($true) { break }");

    private readonly CancellationTokenSource _stopping = new();
    private RunspaceLoop? _session;
    private bool? _isSuspending;
    private bool? _isSilent;
    private bool? _takesRecords;
    private bool? _takesInformation;
    private StepPipeline? _steps;
    private StepRecords? _records;
    private TaskStreamReader? _streams;
    private WaitProgress? _progress;

    // Of the pipelines around this one, whose commands begin before those of this one write.
    private ILoopHost[] _enclosingStarters = [];

    /// <summary>Whether the user wants no warnings of this command; found when first asked.</summary>
    internal bool IsSilent =>
        _isSilent ??= EffectivePreference.Of(this, "WarningAction", "WarningPreference") is "SilentlyContinue" or "Ignore";

    /// <summary>Whether it draws on the screen: then it writes all that steps write, so that nobody writes into its drawing.</summary>
    internal virtual bool DrawsInPlace => false;

    /// <summary>Called before something is written through the cmdlet that comes from elsewhere.</summary>
    internal virtual void BeforeRecord()
    {
    }

    /// <summary>Whether its parameters or redirections may say something of the records of what it waits for.</summary>
    internal bool TakesRecords => _takesRecords ??= DrawsInPlace || StreamParameters.AreGiven(MyInvocation)
        || (IsSuspending && ((ISuspendingStep)Session.CurrentStep!).IsRedirected);

    private bool TakesInformation => _takesInformation ??= DrawsInPlace || StreamParameters.AreGivenForInformation(MyInvocation);

    /// <summary>Whether it asks for the information records of the coroutines that it waits for.</summary>
    private protected bool WantsInformation => TakesInformation || (IsSuspending && TakesRecords);

    /// <summary>The records of the steps that run within it.</summary>
    internal StepRecords Records => _records!;

    PSCmdlet ILoopHost.Cmdlet => this;

    bool ILoopHost.IsSilent => IsSilent;

    bool ILoopHost.IsStopRequested => IsStopRequested;

    bool ILoopHost.TakesInformation => TakesInformation;

    StepPipeline ILoopHost.Steps => _steps ??= OpenSteps();

    bool ILoopHost.IsInterrupted => IsInterrupted;

    void ILoopHost.TakeRecord(object record) => Records.Take(record);

    void ILoopHost.ThrowRecordFailure() => _records?.Settle();

    void ILoopHost.StopAwaited() => StopAwaited();

    void ILoopHost.ReportUnhandled(Exception exception) => ReportUnhandled(exception);

    internal bool IsStopRequested => _stopping.IsCancellationRequested;

    /// <summary>Whether a coroutine called this cmdlet, to be told what to wait for.</summary>
    private protected bool IsSuspending => _isSuspending ??= SuspendRequestMarker.IsOf(MyInvocation);

    /// <summary>The session of the runspace the cmdlet runs in.</summary>
    private protected RunspaceLoop Session => _session ??= FindSession();

    private protected SessionDiagnostics Diagnostics => SessionDiagnostics.Of(Session);

    /// <summary>Cancelled by Ctrl+C, or when a later command of the pipeline has had enough.</summary>
    private protected CancellationToken StoppingToken => _stopping.Token;

    /// <summary>
    /// Whether the pipeline is being stopped; on its thread, also in Dispose. Where a command inside an earlier stage is
    /// stopped first, this one may be disposed before it is told: so PowerShell is asked.
    /// </summary>
    private protected bool IsInterrupted
    {
        get
        {
            try
            {
                if (!StoppingToken.IsCancellationRequested)
                {
                    Interruptible.Invoke();
                    return false;
                }
            }
            catch (PipelineStoppedException)
            {
                // That is the answer.
            }

            return true;
        }
    }

    /// <summary>Where the stream records of the tasks this cmdlet waits for come in.</summary>
    internal TaskStreamReader Streams => _streams ??= new TaskStreamReader(Session);

    /// <summary>How many things this cmdlet is going to wait for in all, where what it waits for now does not tell.</summary>
    private protected virtual int? ExpectedTotal => null;

    /// <summary>File and line of the command, for messages about the tasks it starts.</summary>
    private protected string Origin => WaitPlace.Of(MyInvocation);

    /// <summary>Gives timers and stream subscriptions back; called by PowerShell when the pipeline ends, however it ends.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called by an unhandled failure on the loop while this cmdlet turns it.</summary>
    internal void ReportUnhandled(Exception exception)
    {
        if (exception is PipelineStoppedException or FlowControlException)
        {
            throw exception;
        }

        BeforeRecord();
        ErrorRecord record = ErrorRecords.ForException(exception, target: null);
        if (!Diagnostics.UnobservedFailures.TryHandle(record, WriteWarning))
        {
            WriteError(record);
        }
    }

    /// <summary>Whether failures of earlier command lines are reported before anything else: not where it may be about to look at them.</summary>
    private protected virtual bool ReportsFirst => true;

    /// <summary>Reports failures of earlier command lines that nobody looked at.</summary>
    protected override void BeginProcessing()
    {
        if (ReportsFirst)
        {
            Diagnostics.UnobservedFailures.ReportTo(this);
        }

        _enclosingStarters = [.. Session.Starters];
    }

    /// <summary>Signals only; the pipeline thread unwinds.</summary>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Gives back what the cmdlet holds.</summary>
    /// <param name="disposing">False on finalization.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _streams?.Dispose();
            _steps?.Dispose();
        }
    }

    /// <summary>Stops what is waited for, where Ctrl+C in this cmdlet is a stop of that, too.</summary>
    private protected virtual void StopAwaited()
    {
    }

    /// <summary>Whether the records of coroutines that it starts are kept until it reads them; else they appear as they happen.</summary>
    private protected virtual bool KeepsRecords => false;

    private StepPipeline OpenSteps()
    {
        _records = new StepRecords(this, Session);
        return new StepPipeline(this, Session.GlobalState, isSeparate: TakesRecords || KeepsRecords, Session.Steps);
    }

    private RunspaceLoop FindSession()
    {
        RunspaceLoop session = RunspaceLoop.Current;
        session.Ending ??= StopAsyncJobsLoopCommand.Run;
        session.EndWith(Events, Host);
        GlobalSessionState.Remember(SessionState);
        SessionDiagnostics.Of(session);
        session.IdleTurns ??= new IdleTurns(session, this, ResumeAsyncJobsLoopCommand.Info);
        return session;
    }

    /// <summary>Reads the stream records of a task from now on, if it has any; of a coroutine where that makes a difference.</summary>
    /// <param name="future">What may have records.</param>
    /// <param name="reader">Reads them, where that is not the command's own.</param>
    private protected void AttachStreams(Future future, TaskStreamReader? reader = null)
    {
        if (TakesRecords && TaskStreamReader.Open(future) is { } streams)
        {
            streams.TakesInformation = WantsInformation;
        }

        if (TaskStreamReader.HasStreams(future))
        {
            (reader ?? Streams).Attach(future);
        }
    }

    /// <summary>In a coroutine, has the records of what is waited for written as they come; elsewhere the turn of the loop does.</summary>
    private protected WaitRequest WithStreams(WaitRequest request) =>
        TakeStreams() is { } streams ? StreamedWait.Of(Session.Loop, streams, request) : request;

    /// <summary>
    /// In a coroutine, the reader of the records, for a wait that outlives this cmdlet; null where there is none or the
    /// turn of the loop reads.
    /// </summary>
    private protected TaskStreamReader? TakeStreams()
    {
        TaskStreamReader? taken = IsSuspending ? _streams : null;
        _streams = taken is null ? _streams : null;
        return taken;
    }

    /// <summary>The limit that a number of seconds sets, from now on; none where it was not given.</summary>
    private protected WaitLimit? LimitOf(double seconds) =>
        seconds == 0 ? null : new WaitLimit(Session.Loop, TimeSpan.FromSeconds(seconds));

    /// <summary>Turns the loop until a condition holds, writing the stream records that come in meanwhile.</summary>
    /// <param name="isDone">The condition.</param>
    /// <param name="waitedFor">What that is, for those who look in; null where it is not known.</param>
    /// <param name="cancel">What a task group does to the wait when it cancels its block: makes the condition come to
    /// hold, or returns false where it is about to. Without it the wait ends at once, by an OperationCanceledException.</param>
    /// <param name="until">Done when the wait is over; null where there is only the condition.</param>
    /// <param name="ending">What ends the wait.</param>
    /// <exception cref="PipelineStoppedException">Ctrl+C.</exception>
    private protected void TurnUntil(
        Func<bool> isDone,
        object? waitedFor = null,
        Func<string?, bool>? cancel = null,
        Future? until = null,
        WaitCompletion ending = default)
    {
        Session.Tasks.DropObservedFailures();
        var owner = Session.GroupContext.Owner as ScriptParent;
        OperationCanceledException? canceled = null;
        bool IsOver()
        {
            _streams?.WriteTo(this);
            _records?.Settle();
            if (Session.Tasks.HasDiscardedFailures)
            {
                BeforeRecord();
                Diagnostics.UnobservedFailures.ReportDiscarded(this);
            }

            if (isDone())
            {
                return true;
            }

            if (owner is not null && owner.TryTakeCancellation(out string? reason))
            {
                if (cancel is null)
                {
                    canceled = Future.CanceledException(reason);
                    return true;
                }

                if (!cancel(reason))
                {
                    owner.ReturnCancellation();
                }
            }

            return false;
        }

        try
        {
            // A group cancels its block.
            ending = owner is not null && ending.HasFlag(WaitCompletion.Watching) ? WaitCompletion.Open : ending;
            Session.Turn(this, waitedFor, ending, until, IsOver, StoppingToken);
        }
        catch (OperationCanceledException) when (StoppingToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (AsyncDeadlockException exception)
        {
            Throw(ErrorRecords.ForException(exception, waitedFor));
        }
        catch (InsufficientExecutionStackException)
        {
            // As PowerShell says it of calls.
            Throw(new ScriptCallDepthException().ErrorRecord);
        }

        if (canceled is not null)
        {
            Throw(ErrorRecords.ForException(canceled, target: null));
        }
    }

    /// <summary>Turns the loop until a future is done and the callbacks registered before have run.</summary>
    private protected void TurnUntilDone(
        Future future,
        Func<string?, bool>? cancel = null,
        Action? meanwhile = null,
        object? waitedFor = null,
        WaitCompletion ending = default)
    {
        using var completion = new CompletionWatch(Session.Loop, future);
        TurnUntil(
            () =>
            {
                meanwhile?.Invoke();
                return completion.IsDone;
            },
            waitedFor ?? future,
            cancel,
            future,
            ending);
    }

    /// <summary>
    /// Waits and finishes, and so on with what it waits for next: in a coroutine by handing the request over, anywhere
    /// else by turning the loop.
    /// </summary>
    /// <param name="request">The first wait; null where there is nothing to wait for.</param>
    /// <param name="goesOn">Whether the command will wait for more after this, under the same progress bar.</param>
    private protected void Await(WaitRequest? request, bool goesOn = false)
    {
        if (IsSuspending)
        {
            StreamParameters.Give(request, MyInvocation);
            if (request is not null)
            {
                request.Progress = NewProgress(owner: null);
            }

            ((ISuspendingStep)Session.CurrentStep!).Request = request;
            return;
        }

        ShowProgress(
            () =>
            {
                for (; request is not null; request = request.Next?.Invoke(this))
                {
                    // What a primitive has handed over at once is no wait; an await of what is done lets what is ready run first.
                    if (request.Until is not PrimitiveWait { IsCompleted: true })
                    {
                        WatchProgress(request.For, request.Limit);
                        TurnUntilOver(request);
                    }

                    request.Finish(this);
                    _records?.Settle();
                }
            },
            goesOn);
    }

    /// <summary>Does something that waits; the progress bar goes with it, however it ends.</summary>
    private protected void ShowProgress(Action wait, bool goesOn = false)
    {
        try
        {
            wait();
        }
        catch (Exception exception)
        {
            goesOn = false;
            if (exception is PipelineStoppedException or FlowControlException)
            {
                // A later command has had enough, and the commands before this one, which have done their part, do not hear of it.
                foreach (ILoopHost starter in Session.Starters.Except(_enclosingStarters))
                {
                    starter.StopAwaited();
                }
            }

            throw;
        }
        finally
        {
            if (!goesOn)
            {
                _progress?.Dispose();
                _progress = null;
            }
        }
    }

    /// <summary>Says what the progress bar is about from now on; makes it where there is to be one.</summary>
    private protected void WatchProgress(object? waitedFor, WaitLimit? limit = null)
    {
        _progress ??= NewProgress(owner: this);
        _progress?.Watch(waitedFor, limit);
    }

    // By itself only where the script waits: what waits inside of that is a part of it, and so has no bar of its own.
    private WaitProgress? NewProgress(Cmdlet? owner)
    {
        bool? isAsked = MyInvocation.BoundParameters.TryGetValue("Progress", out object? given) ? LanguagePrimitives.IsTrue(given) : null;
        bool isOutermost = owner is not null && !Session.IsWorker && Session.Waiters.Count == 0 && Session.CurrentStep is null;
        return isAsked ?? isOutermost
            ? new WaitProgress(Session, owner, MyInvocation.MyCommand.Name, () => ExpectedTotal) { IsAutomatic = isAsked is null }
            : null;
    }

    private void TurnUntilOver(WaitRequest request)
    {
        OperationCanceledException? canceled = null;
        bool Cancel(string? reason)
        {
            canceled = request.Cancel(reason) ? null : Future.CanceledException(reason);
            return true;
        }

        using IDisposable? limit = request.WatchLimit();
        try
        {
            TurnUntilDone(request.Until, Cancel, meanwhile: null, request.For, request.Ending);
        }
        catch
        {
            // The loop may hear of the stop before the wait does, which may be handed something in between.
            request.Undo?.Invoke();
            throw;
        }

        if (canceled is not null)
        {
            request.Undo?.Invoke();
            Throw(ErrorRecords.ForException(canceled, request.For));
        }
    }

    /// <summary>Writes what a finished future wrote, object by object, then throws if it failed.</summary>
    internal void WriteOutcome(Future future)
    {
        WriteOutput(future);
        if (future.Fault is not null)
        {
            ThrowOutcome(future);
        }
    }

    /// <summary>Writes what a finished future wrote, object by object.</summary>
    internal void WriteOutput(Future future)
    {
        future.MarkObserved();
        TaskStreamReader.DrainTo(this, future);
        foreach (object? item in future.Output)
        {
            WriteObject(item);
        }
    }

    /// <summary>Says that a value cannot be awaited: terminating, but in a pipeline, where the rest goes on.</summary>
    private protected void RefuseNotAwaitable(object? value) => Refuse(ErrorRecords.NotAwaitable(value));

    /// <summary>Says what is wrong with what was given: terminating, but in a pipeline, where the rest goes on.</summary>
    internal void Refuse(ErrorRecord record)
    {
        if (!MyInvocation.ExpectingInput)
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }

    /// <summary>Throws what a future failed with, as of whoever awaits it here.</summary>
    internal void ThrowOutcome(Future future) => throw AwaitedFailure.Of(future, SessionState);

    /// <summary>Writes what a future failed with, as an error of its own place.</summary>
    internal void WriteFailure(Future future)
    {
        ErrorRecord failure = AwaitedFailure.Of(future, SessionState).ErrorRecord;

        // PowerShell asks the variable once, and may have done so for an error that ended nothing.
        if (!StreamParameters.AreGivenForErrors(MyInvocation) && GetVariableValue("ErrorActionPreference")?.ToString() == "Stop")
        {
            Throw(failure);
        }

        StreamRecord.WriteError(this, failure);
    }

    /// <summary>Ends the script as <c>throw</c> does.</summary>
    internal static void Throw(ErrorRecord record) => throw ScriptThrow.Of(record);
}
