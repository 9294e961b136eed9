namespace AsyncJobs;

/// <summary>Wait-AsyncCondition: gives the lock up until notified (asyncio's <c>wait</c> and <c>wait_for</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncCondition")]
[Suspends]
[OutputType(typeof(void))]
public sealed class WaitAsyncConditionCommand : TimedWaitCommand
{
    // Ctrl+C brings the prompt back within 100 ms; most who hold a lock are gone sooner than this.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    // For all the waits together.
    private WaitLimit? _limit;

    /// <summary>The condition; its lock must be held.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncCondition>))]
    public AsyncCondition Condition { get; set; } = null!;

    /// <summary>What to wait for: looked at with the lock held, first before any wait and then after each notification.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public ScriptBlock? Until { get; set; }

    /// <summary>Waits; the lock is held again afterwards.</summary>
    protected override void EndProcessing()
    {
        _limit = NewLimit();
        Await(Until is null ? Wait() : WaitUnlessHolds(this, wasNotified: false));
    }

    private WaitRequest? WaitUnlessHolds(LoopCommand command, bool wasNotified)
    {
        if (Holds(command, Until!, wasNotified))
        {
            return null;
        }

        if (_limit is { HasPassed: true })
        {
            Throw(PrimitiveRequest.LateError(Condition, _limit));
        }

        return Wait() with { Next = next => WaitUnlessHolds(next, wasNotified: true) };
    }

    private WaitRequest Wait() =>
        PrimitiveRequest.For(Session.Loop, Condition, giveUp => WaitAsync(Condition, Holder, giveUp), Settle, _limit);

    private static async Task WaitAsync(AsyncCondition condition, object holder, CancellationToken giveUp)
    {
        try
        {
            await condition.WaitAsync(giveUp).ConfigureAwait(false);
        }
        finally
        {
            condition.Lock.Holder = holder;
        }
    }

    private bool Holds(LoopCommand command, ScriptBlock block, bool wasNotified)
    {
        try
        {
            return LanguagePrimitives.IsTrue(command.InvokeCommand.InvokeScript(useLocalScope: false, block, input: null, args: null));
        }
        catch (PipelineStoppedException) when (wasNotified && Condition.Lock.IsHeld)
        {
            // What this one was woken for is for another to look at.
            Condition.Notify();
            throw;
        }
    }

    /// <summary>
    /// The script's clean-up is going to leave the lock, so it should be held. Where somebody else keeps it, the prompt
    /// does not wait: leaving the lock then does nothing, and this wait leaves it as soon as it has it.
    /// </summary>
    private void Settle(Task waiting)
    {
        if (Task.WaitAny([waiting], Grace) < 0)
        {
            Session.ForfeitedLocks.Add(Condition.Lock);
            AsyncLock forfeited = Condition.Lock;
            _ = waiting.ContinueWith(
                _ => forfeited.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else if (waiting.IsCompletedSuccessfully)
        {
            Condition.Notify();
        }
    }
}
