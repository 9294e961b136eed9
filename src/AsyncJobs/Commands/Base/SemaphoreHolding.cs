namespace AsyncJobs.Commands.Base;

/// <summary>A semaphore's permit as script holds it.</summary>
internal sealed class SemaphoreHolding(RunspaceLoop session, AsyncSemaphore semaphore) : IHolding
{
    public WaitRequest Enter(object holder, WaitLimit? limit = null) =>
        PrimitiveRequest.For(session.Loop, semaphore, semaphore.EnterAsync, PrimitiveRequest.Undo(semaphore.Release), limit);

    public void Leave() => semaphore.Release();
}
