namespace AsyncJobs;

/// <summary>
/// Work done over and over, at times that lie a whole number of periods after the first: a run that takes longer than a
/// period delays nobody but itself, since the times it has missed are left out.
/// </summary>
/// <param name="Every">The period; more than zero.</param>
/// <param name="Count">How many runs; null for no end but a failure or a stop.</param>
public sealed record Repetition(TimeSpan Every, int? Count = null)
{
    /// <summary>Does the work until it fails, is stopped, or has been done often enough. Runs never overlap.</summary>
    /// <returns>What all runs wrote; without a count, which may go on for months, what the last one did.</returns>
    internal async Task<object?> RunAsync(AsyncTask task, Func<Task<object?>> work)
    {
        (TimeProvider clock, CancellationToken cancellationToken) = (task.Loop.TimeProvider, task.StopToken);
        long start = clock.GetTimestamp();
        long period = 0;
        var output = new List<object?>();
        for (int run = 1; ; run++)
        {
            object? written = await RunOnceAsync(work, output).ConfigureAwait(false);
            task.EndRun(output, written as TaskOutput ?? new TaskOutput([written]), isDropped: Count is null);
            if (run == Count)
            {
                return new TaskOutput(output);
            }

            TimeSpan elapsed = clock.GetElapsedTime(start);

            // Counted, not only computed: a timer that fires a little early must not make two runs of one.
            period = Math.Max(period, elapsed.Ticks / Every.Ticks) + 1;
            await WaitAsync((period * Every) - elapsed, clock, output, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does the work once; if it fails, what earlier runs wrote is not lost.</summary>
    private static async Task<object?> RunOnceAsync(Func<Task<object?>> work, List<object?> earlier)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (TaskFailedException failure)
        {
            throw new TaskFailedException(failure.InnerException!, failure.Detail, new TaskOutput([.. earlier, .. failure.Output]));
        }
        catch (Exception exception)
        {
            throw new TaskFailedException(exception, detail: null, new TaskOutput(earlier));
        }
    }

    private static async Task WaitAsync(TimeSpan delay, TimeProvider clock, List<object?> written, CancellationToken cancellationToken)
    {
        try
        {
            // Task.Delay leaves parts of a millisecond out, and so would not wait at all.
            TimeSpan whole = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
            await Task.Delay(whole, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw new TaskFailedException(exception, detail: null, new TaskOutput(written));
        }
    }
}
