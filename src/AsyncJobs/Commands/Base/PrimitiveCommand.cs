using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that waits for what a lock, semaphore, event, condition, barrier, queue or rate limiter hands over.</summary>
public abstract class PrimitiveCommand : LoopCommand
{
    /// <inheritdoc cref="PrimitiveRequest.For"/>
    private protected WaitRequest WaitFor(
        object primitive,
        Func<CancellationToken, Task> start,
        Action<Task>? settle = null,
        WaitLimit? limit = null,
        Func<object?>? output = null,
        object? target = null) =>
        PrimitiveRequest.For(Session.Loop, primitive, start, settle, limit, output, target);

    /// <summary>Who holds what this command takes, for those who look in.</summary>
    private protected object Holder => Session.CurrentTask ?? (object)new WaitPlace(MyInvocation);

    /// <summary>Waits, runs a block in the caller's scope, and leaves what was entered however the block ends.</summary>
    /// <param name="entering">The wait.</param>
    /// <param name="block">The block; in a coroutine it is a part of that, which runs it itself.</param>
    /// <param name="exit">Leaves what was entered.</param>
    private protected void RunHolding(WaitRequest entering, ScriptBlock block, Action exit)
    {
        Await(entering with { Exit = exit });
        if (IsSuspending)
        {
            return;
        }

        try
        {
            CallerScope.Run(this, block);
        }
        finally
        {
            Exit(exit);
        }
    }

    /// <summary>Leaves what was entered, or says that it was not.</summary>
    private protected void Exit(Action exit)
    {
        try
        {
            exit();
        }
        catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, target: null));
        }
    }
}
