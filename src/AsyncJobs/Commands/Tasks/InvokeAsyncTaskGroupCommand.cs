namespace AsyncJobs;

/// <summary>
/// Invoke-AsyncTaskGroup: runs a block, and waits until every task that was started in it has ended (asyncio's
/// <c>async with TaskGroup()</c>).
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncTaskGroup")]
[Suspends(HasBody = true)]
[OutputType(typeof(object))]
public sealed class InvokeAsyncTaskGroupCommand : WaitCommand
{
    private AsyncTaskGroup? _open;

    /// <summary>Runs in the caller's scope, as ForEach-Object's block does; its <c>$_</c> is the group.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>A name for messages.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Runs the block, waits for the tasks, writes what they all wrote, and throws if anything failed.</summary>
    protected override void EndProcessing()
    {
        var run = new TaskGroupRun(Session, Name);
        if (IsSuspending)
        {
            // The block is a part of the coroutine, which runs it itself.
            Await(WaitRequest.Over(Session.Loop) with { Group = run });
            return;
        }

        _open = run.Group;
        Exception? leaving = null;
        try
        {
            leaving = RunBlock(run);
            _open = null;
        }
        finally
        {
            run.Restore();
        }

        if (leaving is ExitException)
        {
            // As a SystemExit in asyncio: the script ends, and its failures with it.
            throw leaving;
        }

        run.Finish(WriteObject);
        if (leaving is not null)
        {
            throw leaving;
        }
    }

    /// <summary>Ctrl+C, or a later command that has had enough, stops the tasks; nobody waits for them.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopAwaited();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void StopAwaited()
    {
        _open?.Abandon();
        _open = null;
    }

    /// <summary>Reads a task's records; not once the cmdlet is over, since they are somebody else's then.</summary>
    private void Attach(AsyncTask task)
    {
        if (_open is not null)
        {
            AttachStreams(task);
        }
    }

    /// <summary>Runs the block and waits for the group's end.</summary>
    /// <returns>The <c>break</c>, <c>continue</c> or <c>exit</c> by which the block was left, or null.</returns>
    private FlowControlException? RunBlock(TaskGroupRun run)
    {
        run.Group.TaskAdded = task => Session.Loop.Post(() => Attach(task));
        FlowControlException? leaving = null;
        Exception? failure = null;
        try
        {
            CallerScope.Run(this, ScriptBlock, run.Group, written => run.Add(written, WriteObject));
        }
        catch (Exception exception) when (exception is BreakException or ContinueException)
        {
            leaving = (FlowControlException)exception;
        }
        catch (ExitException exception)
        {
            leaving = exception;
            failure = new OperationCanceledException("the script exits");
        }
        catch (Exception exception) when (exception is not PipelineStoppedException and not FlowControlException)
        {
            failure = exception;
        }

        Future ended = run.Leave(failure);
        ShowProgress(() =>
        {
            WatchProgress(run.Group);
            TurnUntilDone(ended, run.Interrupt, () => run.Flush(WriteObject), run.Group, WaitCompletion.All);
        });
        return leaving;
    }
}
