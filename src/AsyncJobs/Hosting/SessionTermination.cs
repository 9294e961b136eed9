namespace AsyncJobs.Hosting;

/// <summary>
/// The end of a session that the process's end is held up for: run once, by the session's own thread if that comes to it, since
/// script on two threads of one session destroys it.
/// </summary>
/// <param name="end">Ends the session's tasks.</param>
internal sealed class SessionTermination(Action end)
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Claims the end; false where another thread has.</summary>
    public bool TryBegin() => _begun.TrySetResult();

    /// <summary>Runs it on the session's own thread, which does not come back: the process ends now.</summary>
    public void Run()
    {
        if (TryBegin())
        {
            try
            {
                end();
            }
            finally
            {
                _ended.TrySetResult();
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }

    /// <summary>Waits until a thread has begun it.</summary>
    public bool WaitForBegin(TimeSpan limit) => _begun.Task.Wait(limit);

    /// <summary>Waits until it has been run.</summary>
    public void WaitForEnd(TimeSpan limit) => _ended.Task.Wait(limit);
}
