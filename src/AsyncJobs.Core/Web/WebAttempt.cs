using System.Buffers;

namespace AsyncJobs.Core.Web;

/// <summary>One attempt at a request: sends it, reads the answer under the limits of its phases, and makes the result.</summary>
internal sealed class WebAttempt(WebClientPool pool, WebRequest request, Uri uri, int number, bool isLast)
{
    private readonly PhaseWatch _watch = pool.RentWatch();
    private readonly WebMessage _message = Compose(request, uri);
    private CancellationToken _stop;
    private bool _hasAnswer;

    /// <summary>Runs the attempt, once.</summary>
    /// <param name="makeResult">Makes the task's result of the answer.</param>
    /// <param name="stop">Aborts the attempt.</param>
    public async Task<object?> RunAsync(Func<WebReply, object?> makeResult, CancellationToken stop)
    {
        _stop = stop;
        try
        {
            _watch.Begin(request.Timeouts, stop);
            using HttpResponseMessage answer = await SendAsync().ConfigureAwait(false);
            _hasAnswer = true;
            bool isAccepted = answer.IsSuccessStatusCode
                || (request.AcceptsAnyStatus && (isLast || !WebRetry.IsTransientStatus((int)answer.StatusCode)));
            string? path = isAccepted ? request.OutFile : null;
            if (path is not null && !request.KeepsBody)
            {
                return await SaveAsync(answer, path, makeResult).ConfigureAwait(false);
            }

            ArraySegment<byte> body = await WebBody.ReadAsync(answer.Content, _watch).ConfigureAwait(false);
            try
            {
                if (path is not null)
                {
                    await SaveAsync(body, path).ConfigureAwait(false);
                }

                var reply = new WebReply(request, answer, body, number);
                return isAccepted ? makeResult(reply) : throw new WebStatusException(new WebResponse(reply));
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
            _message.Dispose();
            pool.ReturnWatch(_watch);
        }
    }

    private static WebMessage Compose(WebRequest request, Uri uri)
    {
        var message = new WebMessage(request.Method, uri);
        if (request.CreateContent is { } createContent)
        {
            message.Content = createContent();
        }

        foreach ((string name, string value) in request.Headers)
        {
            // What is no header of a request is one of its content, which only exists where there is a body.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.Remove(name);
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private Task<HttpResponseMessage> SendAsync()
    {
        try
        {
            return pool.InvokerFor(request).SendAsync(_message, _watch.Token);
        }
        catch (ObjectDisposedException)
        {
            // Another runspace removed the module between the two calls; the pool makes a new one.
            return pool.InvokerFor(request).SendAsync(_message, _watch.Token);
        }
    }

    private async Task<object?> SaveAsync(HttpResponseMessage answer, string path, Func<WebReply, object?> makeResult)
    {
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await WebBody.SaveAsync(answer.Content, _watch, AsFailure, file).ConfigureAwait(false);
            await file.CommitAsync(_stop).ConfigureAwait(false);
        }

        return makeResult(new WebReply(request, answer, default, number));
    }

    private async Task SaveAsync(ArraySegment<byte> body, string path)
    {
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await WebBody.WriteAsync(file, body).ConfigureAwait(false);
            await file.CommitAsync(_stop).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a failure came from the exchange with the server, not from the file, the result or this engine itself.</summary>
    private bool IsOfTheExchange(Exception exception) =>
        exception is not IHasErrorId
        && (!_hasAnswer || exception is OperationCanceledException or HttpRequestException or HttpIOException or InvalidDataException
            || (exception is IOException && request.OutFile is null));

    private Exception AsFailure(Exception exception)
    {
        if (_watch.HasExpired)
        {
            WebPhase phase = _watch.Phase == WebPhase.Headers && _message.IsConnecting ? WebPhase.Connect : _watch.Phase;
            return new WebTimeoutException(request, phase, _watch.Limit, _watch.IsTotal, exception);
        }

        if (_stop.IsCancellationRequested)
        {
            return new OperationCanceledException(_stop);
        }

        // The handler's own limit, that for connecting, looks like a cancellation with a time-out inside.
        return exception is OperationCanceledException
            ? new WebTimeoutException(request, WebPhase.Connect, request.Timeouts.Connect, isTotal: false, exception)
            : WebFailure.Of(request, exception, _hasAnswer);
    }
}
