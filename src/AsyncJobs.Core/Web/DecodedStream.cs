using System.IO.Compression;

namespace AsyncJobs.Core.Web;

/// <summary>
/// A compressed body as it is without its compression. One that breaks off is an error: .NET's streams take what has come for
/// the whole.
/// </summary>
/// <remarks>
/// The streams for Brotli and deflate ask for more at the end of what they are given only where their format has not ended. That
/// for gzip always does, since another member may follow; so one does, whose content is known, and comes out again only where
/// the member before it was whole.
/// </remarks>
internal sealed class DecodedStream : ReadingStream
{
    private const int ZlibMethod = 8;
    private static readonly byte[] Mark = "the member before was whole"u8.ToArray();
    private static readonly byte[] MarkMember = Zip(Mark);

    private readonly SourceStream _source;
    private readonly string _coding;
    private Stream? _decoder;
    private int _marked;

    /// <param name="body">The body as it comes.</param>
    /// <param name="coding">How it is compressed.</param>
    public DecodedStream(Stream body, string coding)
    {
        _coding = coding;
        _source = new SourceStream(body, coding == DecodedContent.Gzip ? MarkMember : []);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_decoder is null)
        {
            if (await _source.PeekAsync(cancellationToken).ConfigureAwait(false) is not { } first)
            {
                // Nothing is nothing, compressed or not.
                return 0;
            }

            _decoder = DecoderFrom(first);
        }

        int read = await DecodeAsync(buffer, cancellationToken).ConfigureAwait(false);
        while (_source.HasEnded && read > 0 && _marked + read <= Mark.Length && buffer.Span[..read].SequenceEqual(Mark.AsSpan(_marked, read)))
        {
            _marked += read;
            read = await DecodeAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        bool isWhole = !_source.HasEnded || (read == 0 && _marked == Mark.Length);
        return isWhole ? read : throw BrokenOff();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static HttpIOException BrokenOff() => new(HttpRequestError.ResponseEnded, "The compressed body breaks off.");

    private static byte[] Zip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress))
        {
            zip.Write(content);
        }

        return packed.ToArray();
    }

    // Deflate means zlib's format; some servers send what is inside it.
    private Stream DecoderFrom(byte first) => _coding switch
    {
        DecodedContent.Gzip => new GZipStream(_source, CompressionMode.Decompress),
        DecodedContent.Brotli => new BrotliStream(_source, CompressionMode.Decompress),
        _ when (first & 0xF) == ZlibMethod => new ZLibStream(_source, CompressionMode.Decompress),
        _ => new DeflateStream(_source, CompressionMode.Decompress),
    };

    private async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken stop)
    {
        try
        {
            return await _decoder!.ReadAsync(buffer, stop).ConfigureAwait(false);
        }
        catch (InvalidDataException) when (_source.HasEnded)
        {
            throw BrokenOff();
        }
    }

    /// <summary>A body whose first byte can be seen beforehand, and behind whose end more comes.</summary>
    private sealed class SourceStream(Stream body, ReadOnlyMemory<byte> more) : ReadingStream
    {
        private readonly byte[] _first = new byte[1];
        private bool _holdsFirst;
        private ReadOnlyMemory<byte> _more = more;

        /// <summary>Whether the end was seen by whoever reads.</summary>
        public bool HasEnded { get; private set; }

        /// <summary>The first byte; null if there is none.</summary>
        public async ValueTask<byte?> PeekAsync(CancellationToken stop)
        {
            _holdsFirst = await body.ReadAsync(_first, stop).ConfigureAwait(false) > 0;
            return _holdsFirst ? _first[0] : null;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_holdsFirst)
            {
                _holdsFirst = false;
                _first.CopyTo(buffer);
                return 1;
            }

            int read = HasEnded ? 0 : await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                return read;
            }

            HasEnded = true;
            read = Math.Min(buffer.Length, _more.Length);
            _more[..read].CopyTo(buffer);
            _more = _more[read..];
            return read;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
