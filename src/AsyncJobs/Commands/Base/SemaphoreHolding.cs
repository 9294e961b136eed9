namespace AsyncJobs.Commands.Base;

/// <summary>A semaphore's permit as script holds it.</summary>
/// <param name="session">The script's session.</param>
/// <param name="semaphore">The semaphore.</param>
/// <param name="task">The task whose script it is; null for the session's own.</param>
internal sealed class SemaphoreHolding(RunspaceLoop session, AsyncSemaphore semaphore, AsyncTask? task) : IHolding
{
    // A script that is no task's leaves in another command than it enters: so it is known by its session.
    private readonly object _owner = task ?? (object)session.Loop;

    public WaitRequest Enter(object holder, WaitLimit? limit = null) => PrimitiveRequest.For(
        session.Loop,
        semaphore,
        giveUp => semaphore.EnterAsync(_owner, holder as IScriptPlace, giveUp),
        PrimitiveRequest.Undo(Leave),
        limit);

    public void Leave() => semaphore.Release(_owner);
}
