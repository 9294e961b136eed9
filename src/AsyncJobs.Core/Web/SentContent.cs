using System.Net;

namespace AsyncJobs.Core.Web;

/// <summary>
/// A body that is sent from a stream or by somebody else's content: as long as it goes on, the limit for the answer begins anew.
/// </summary>
internal sealed class SentContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly PhaseWatch _watch;
    private readonly bool _isOwned;

    /// <param name="inner">What is sent.</param>
    /// <param name="watch">Watches the sending.</param>
    /// <param name="isOwned">Whether it is disposed with the message; otherwise it may be sent again.</param>
    public SentContent(HttpContent inner, PhaseWatch watch, bool isOwned)
    {
        _inner = inner;
        _watch = watch;
        _isOwned = isOwned;
        foreach (var header in inner.Headers)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _inner.CopyToAsync(new WatchedStream(stream, _watch), context, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _isOwned)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Tells the watch of each piece that has gone.</summary>
    private sealed class WatchedStream(Stream stream, PhaseWatch watch) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            watch.Enter(WebPhase.Headers);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            stream.Write(buffer, offset, count);
            watch.Enter(WebPhase.Headers);
        }

        public override void Flush() => stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
