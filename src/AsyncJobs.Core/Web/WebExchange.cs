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

        try
        {
            Uri uri = AddressOf(request, task);
            if (request.Download is { } download && await download.FindWholeAsync(uri, stop).ConfigureAwait(false) is { } whole)
            {
                return whole;
            }

            for (int attempt = 1; ; attempt++)
            {
                bool isLast = !request.MayRetry || attempt > request.Retry.MaximumRetryCount;
                WebWait wait;
                try
                {
                    return await new WebAttempt(pool, request, uri, task, attempt, isLast).RunAsync(makeResult, stop).ConfigureAwait(false);
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
                        if (failure is WebStatusException status && request.StatusFailure is { } hostFailure)
                        {
                            throw hostFailure(status);
                        }

                        throw;
                    }

                    // From "Retrying" on, after a status, in the words of the built-in cmdlets.
                    string why = failure is WebStatusException answered
                        ? $"Status code for previous attempt: {answered.Response.StatusCode}"
                        : failure.Message;
                    wait = new WebWait(
                        delay,
                        $"{request.Method} {WebAddress.Show(uri)}: attempt {attempt} failed. Retrying after interval of {delay.TotalSeconds:0.###} seconds. {why}");
                }

                await request.WaitAsync(task, wait, pool.Clock, stop).ConfigureAwait(false);
                if (task is not null)
                {
                    task.Attempts = attempt + 1;
                }
            }
        }
        finally
        {
            request.WhenDone?.Invoke();
            request.Download?.DiscardUnlessResumable();
        }
    }

    private static Uri AddressOf(WebRequest request, AsyncTask? task)
    {
        Uri uri = WebAddress.WithQuery(WebAddress.Parse(request.Address ?? (string?)task?.InputObject), request.Query);
        if (request.RequiresEncryption && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new WebRequestException(
                HttpRequestError.UserAuthenticationError,
                WebRequestException.EncryptionRequired,
                $"{WebAddress.Show(uri)}: credentials and tokens are sent over https alone, "
                    + "unless -AllowUnencryptedAuthentication is given.")
            {
                Uri = WebAddress.Bare(uri),
            };
        }

        return uri;
    }
}
