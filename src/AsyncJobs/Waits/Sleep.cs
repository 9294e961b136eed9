namespace AsyncJobs.Waits;

/// <summary>Tasks that end after a time.</summary>
internal static class Sleep
{
    public static AsyncTask Start(RunspaceLoop session, TimeSpan delay, object? result, TaskOptions options) => SleepTask.Suits(delay, options)
        ? new SleepTask(session.Loop, delay, result, options, session.Tasks)
        : StartWork(session, delay, result, options);

    // By itself, since all sleeps would pay for what it captures.
    private static AsyncTask StartWork(RunspaceLoop session, TimeSpan delay, object? result, TaskOptions options)
    {
        EventLoop loop = session.Loop;
        return session.Runner.Start(
            AsyncTaskKind.IO,
            async (_, stop) =>
            {
                // As in asyncio, one of no time lasts until the loop's next turn, so that others have theirs.
                Task elapsed = delay == TimeSpan.Zero ? loop.NextTurnAsync(stop) : Task.Delay(delay, loop.TimeProvider, stop);
                await elapsed.ConfigureAwait(false);
                return result;
            },
            options);
    }
}
