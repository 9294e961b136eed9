namespace AsyncJobs.Commands.Base;

/// <summary>A lock as the script of a session holds it.</summary>
internal sealed class LockHolding(RunspaceLoop session, AsyncLock entered) : IHolding
{
    private readonly HashSet<AsyncLock> _forfeited = session.ForfeitedLocks;

    public WaitRequest Enter(object holder, WaitLimit? limit = null)
    {
        // What was forfeited before and never left is past: from here on leaving means this time.
        _forfeited.Remove(entered);
        return PrimitiveRequest.For(
            session.Loop, entered, giveUp => EnterAsync(entered, holder, giveUp), PrimitiveRequest.Undo(entered.Release), limit);
    }

    public void Leave()
    {
        if (!_forfeited.Remove(entered))
        {
            entered.Release();
        }
    }

    private static async Task EnterAsync(AsyncLock entered, object holder, CancellationToken giveUp)
    {
        await entered.EnterAsync(giveUp).ConfigureAwait(false);
        entered.Holder = holder;
    }
}
