using System.Buffers;
using System.Net.Http.Headers;

namespace AsyncJobs.Core.Web;

/// <summary>One attempt at a request: sends it, reads the answer under the limits of its phases, and makes the result.</summary>
internal sealed class WebAttempt(WebClientPool pool, WebRequest request, Uri uri, AsyncTask? task, int number, bool isLast)
{
    private readonly PhaseWatch _watch = pool.RentWatch();
    private readonly WebRoute _route = new(pool, request, uri);
    private CancellationToken _stop;
    private bool _hasAnswer;
    private bool _isHandedOver;
    private HttpContent? _content;

    /// <summary>Runs the attempt, once.</summary>
    /// <param name="makeResult">Makes the task's result of the answer.</param>
    /// <param name="stop">Aborts the attempt.</param>
    public async Task<object?> RunAsync(Func<WebReply, object?> makeResult, CancellationToken stop)
    {
        _stop = stop;
        try
        {
            _watch.Task = task;
            _watch.Begin(request.Timeouts, stop);
            if (pool.Pauses.Left(uri) is { } pause)
            {
                await WaitAsync(pause).ConfigureAwait(false);
            }

            _watch.Enter(WebPhase.Headers);
            HttpResponseMessage answer = await _route.SendAsync(_watch).ConfigureAwait(false);
            _hasAnswer = true;
            CheckLength(answer.Content.Headers);
            _content = answer.Content = request.IsRaw ? answer.Content : DecodedContent.Of(answer.Content);
            if (request.Download is { } download && download.Accepts(answer))
            {
                return await download.TakeAsync(answer, write => CopyAsync(_content, write), stop).ConfigureAwait(false);
            }

            bool isAccepted = answer.IsSuccessStatusCode || _route.HasAllOfFile
                || (request.AcceptsAnyStatus && (isLast || !WebRetry.IsTransientStatus((int)answer.StatusCode)));
            if (isAccepted && request.ConvertLine is { } convertLine)
            {
                _isHandedOver = true;
                return new WebStream(_content, _watch, convertLine, AsFailure, End);
            }

            string? path = isAccepted && !_route.HasAllOfFile ? WebFile.PathFor(request, answer) : null;
            if (path is not null && !request.KeepsBody)
            {
                await WebFile.SaveAsync(path, answer, request.Resumes, write => CopyAsync(_content, write), stop).ConfigureAwait(false);
                return makeResult(new WebReply(answer, default, number, path));
            }

            ArraySegment<byte> body = await WebBody.ReadAsync(_content, _watch).ConfigureAwait(false);
            try
            {
                if (path is not null)
                {
                    await SaveAsync(path, answer, body).ConfigureAwait(false);
                }

                var reply = new WebReply(answer, body, number, path ?? request.OutFile);
                return isAccepted ? makeResult(reply) : throw new WebStatusException(reply, _route.Note);
            }
            finally
            {
                if (body.Count > 0)
                {
                    ArrayPool<byte>.Shared.Return(body.Array!);
                }
            }
        }
        catch (Exception exception) when (IsOfTheExchange(exception))
        {
            throw AsFailure(exception);
        }
        finally
        {
            if (!_isHandedOver)
            {
                End();
            }
        }
    }

    private void End()
    {
        _content?.Dispose();
        _route.End();
        _watch.Task = null;
        pool.ReturnWatch(_watch);
    }

    /// <summary>The handler takes a length that it cannot read for none, so that any end of the body would be the right one.</summary>
    private static void CheckLength(HttpContentHeaders headers)
    {
        if (headers.ContentLength is null && headers.NonValidated.Contains("Content-Length"))
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The header Content-Length has no length.");
        }
    }

    private async Task WaitAsync(TimeSpan pause)
    {
        _watch.Enter(WebPhase.Paused);
        for (TimeSpan? left = pause; left is { } wait; left = pool.Pauses.Left(uri))
        {
            // Again after the wait: the pause may have been made longer meanwhile.
            var shown = new WebWait(
                wait, $"{_route.Where} waits {wait.TotalSeconds:0.###} s: the host asked for quiet (status 429)");
            await request.WaitAsync(task, shown, pool.Clock, _watch.Token).ConfigureAwait(false);
        }
    }

    // By itself, since every request would pay for what it captures.
    private Task SaveAsync(string path, HttpResponseMessage answer, ReadOnlyMemory<byte> body) =>
        WebFile.SaveAsync(path, answer, request.Resumes, write => write(body).AsTask(), _stop);

    private async Task CopyAsync(HttpContent content, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        try
        {
            await WebBody.CopyAsync(content, _watch, write).ConfigureAwait(false);
        }
        catch (WebBodyException failure)
        {
            // Of the exchange, not of the file.
            throw AsFailure(failure.InnerException!);
        }
    }

    /// <summary>Whether a failure came from the exchange with the server, not from a file, the result or this engine itself.</summary>
    private bool IsOfTheExchange(Exception exception) =>
        exception is not (IHasErrorId or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        && (!_hasAnswer || exception is OperationCanceledException or HttpRequestException or HttpIOException or InvalidDataException
            || (exception is IOException && request.OutFile is null && request.Download is null));

    private Exception AsFailure(Exception exception)
    {
        if (_watch.HasExpired)
        {
            WebPhase phase = _watch.Phase == WebPhase.Headers && _route.IsConnecting ? WebPhase.Connect : _watch.Phase;
            return new WebTimeoutException(_route.Where, phase, _watch.Limit, _watch.IsTotal, exception) { Uri = _route.Bare };
        }

        if (_stop.IsCancellationRequested)
        {
            return new OperationCanceledException(_stop);
        }

        // The handler's own limit, that for connecting, looks like a cancellation with a time-out inside.
        return exception is OperationCanceledException
            ? new WebTimeoutException(_route.Where, WebPhase.Connect, request.Timeouts.Connect, isTotal: false, exception) { Uri = _route.Bare }
            : WebFailure.Of(_route.Where, _route.Bare, exception, _hasAnswer);
    }
}
