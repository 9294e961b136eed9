namespace AsyncJobs.Commands.Base;

/// <summary>A primitive that script holds from when it has entered it until it leaves it: a lock, or a semaphore's permit.</summary>
internal interface IHolding
{
    /// <summary>The wait for the primitive. One that is cut short has taken nothing.</summary>
    /// <param name="holder">Who is going to hold the primitive, for those who look in.</param>
    /// <param name="limit">How long at most; null for no limit.</param>
    WaitRequest Enter(object holder, WaitLimit? limit = null);

    /// <summary>Leaves the primitive; also when the cmdlet is over.</summary>
    /// <exception cref="SynchronizationLockException">It was not entered.</exception>
    /// <exception cref="SemaphoreFullException">It was not entered.</exception>
    void Leave();

    /// <summary>The wait for the primitive by a command that leaves it after its body.</summary>
    WaitRequest EnterForBody(object holder, WaitLimit? limit = null) => Enter(holder, limit) with
    {
        Exit = _ =>
        {
            Leave();
            return null;
        },
    };
}
