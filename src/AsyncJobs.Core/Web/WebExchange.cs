namespace AsyncJobs.Core.Web;

/// <summary>Carries a request out: as many attempts as its policy allows, with the waits between them.</summary>
internal static class WebExchange
{
    /// <summary>Sends a request and makes a result of the answer.</summary>
    /// <param name="pool">Where connections come from.</param>
    /// <param name="request">What to send.</param>
    /// <param name="makeResult">Makes the task's result of the answer, on a pool thread.</param>
    /// <param name="task">Counts the attempts; null if nobody does.</param>
    /// <param name="stop">Aborts the attempt, or the wait for the next.</param>
    public static async Task<object?> RunAsync(
        WebClientPool pool, WebRequest request, Func<WebReply, object?> makeResult, AsyncTask? task, CancellationToken stop)
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
        {
            // The pipeline thread has more tasks to start.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        Uri uri = WebAddress.WithQuery(WebAddress.Parse(request.Address), request.Query);
        if (request.OutFile is { } path && Directory.Exists(path))
        {
            throw FileIsDirectoryException.For(path);
        }

        for (int attempt = 1; ; attempt++)
        {
            await pool.Pauses.WaitAsync(uri, stop).ConfigureAwait(false);
            bool isLast = !request.MayRetry || attempt > request.Retry.MaximumRetryCount;
            TimeSpan wait;
            try
            {
                return await new WebAttempt(pool, request, uri, attempt, isLast).RunAsync(makeResult, stop).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IHasErrorId)
            {
                DateTimeOffset now = pool.Clock.GetUtcNow();
                if (WebRetry.PauseAfter(failure, now) is { } pause)
                {
                    pool.Pauses.Pause(uri, pause);
                }

                if (isLast || WebRetry.WaitAfter(failure, request.Retry, attempt, now) is not { } delay)
                {
                    throw;
                }

                wait = delay;
            }

            await Task.Delay(wait, pool.Clock, stop).ConfigureAwait(false);
            if (task is not null)
            {
                task.Attempts = attempt + 1;
            }
        }
    }
}
