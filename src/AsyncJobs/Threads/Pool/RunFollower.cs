namespace AsyncJobs.Threads.Pool;

/// <summary>Waits for a run, and takes it back, stops it or gives up on it when it is cancelled.</summary>
internal sealed class RunFollower(ThreadTaskPool pool, ThreadRun run)
{
    /// <summary>How long a stopped pipeline may take to unwind before nobody waits for it any more.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(250);

    /// <summary>Ends when the run does, or soon after cancellation if the run does not stop.</summary>
    public async Task<object?> FollowAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static self => ((RunFollower)self!).Cancel(), this);
        try
        {
            return await run.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The wait was cancelled; the run may have ended by now, and then counts as it ended.
            await Task.WhenAny(run.Outcome, Task.Delay(StopGrace, CancellationToken.None)).ConfigureAwait(false);
            if (run.TryAbandon())
            {
                run.Worker?.Abandon();
            }

            return await run.Outcome.ConfigureAwait(false);
        }
    }

    private void Cancel()
    {
        if (pool.TryWithdraw(run))
        {
            run.Withdraw();
        }
        else
        {
            ThreadWorker.StartBackground(run.Stop, "AsyncJobs stop");
        }
    }
}
