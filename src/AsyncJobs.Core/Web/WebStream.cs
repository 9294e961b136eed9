namespace AsyncJobs.Core.Web;

/// <summary>
/// The body of an answer, piece by piece while it still comes in: server-sent events, or lines. Only what somebody asks
/// for is read, so a reader that takes its time holds up the server.
/// </summary>
/// <param name="content">The body.</param>
/// <param name="watch">Watches each read; the time between two of them does not count.</param>
/// <param name="convertLine">Makes the element of a line of JSON; throws InvalidDataException where it is none.</param>
/// <param name="asFailure">What a read's exception is thrown as.</param>
/// <param name="release">Called once, when the body is read no more.</param>
internal sealed class WebStream(
    HttpContent content, PhaseWatch watch, Func<string, object?> convertLine, Func<Exception, Exception> asFailure, Action release)
    : IAsyncEnumerable<object?>
{
    private int _isRead;

    /// <inheritdoc/>
    public async IAsyncEnumerator<object?> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("An answer can be read as a stream only once.");
        }

        using CancellationTokenRegistration stopping = cancellationToken.UnsafeRegister(
            static watch => ((PhaseWatch)watch!).Stop(), watch);
        try
        {
            WebContentType type = WebContentType.Of(content);
            var lines = new WebLineReader(content.ReadAsStream(CancellationToken.None), type, watch);
            WebEventReader? events = type.IsEventStream ? new WebEventReader() : null;
            while (await ReadAsync(lines, cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (events is null)
                {
                    // A JSON text sequence has a separator before each.
                    if (!type.IsJson)
                    {
                        yield return line;
                    }
                    else if (line.Trim(' ', '\t', '\x1e') is { Length: > 0 } json)
                    {
                        yield return Convert(json);
                    }
                }
                else if (events.TryRead(line, out WebEvent? read))
                {
                    yield return read;
                }
            }
        }
        finally
        {
            release();
        }
    }

    private object? Convert(string line)
    {
        try
        {
            return convertLine(line);
        }
        catch (InvalidDataException exception)
        {
            throw asFailure(exception);
        }
    }

    private async ValueTask<string?> ReadAsync(WebLineReader lines, CancellationToken stop)
    {
        try
        {
            return await lines.ReadAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw stop.IsCancellationRequested ? new OperationCanceledException(stop) : asFailure(exception);
        }
    }
}
