using System.Net;
using System.Net.Http.Headers;

namespace AsyncJobs.Core.Web;

/// <summary>The content of an answer without its compression, as the handler's own decompression gives it.</summary>
internal sealed class DecodedContent : HttpContent
{
    /// <summary>The codings, as a request asks for them.</summary>
    public const string Codings = $"{Gzip}, {Deflate}, {Brotli}";

    internal const string Gzip = "gzip";
    internal const string Deflate = "deflate";
    internal const string Brotli = "br";

    private readonly HttpContent _inner;
    private readonly string _coding;

    private DecodedContent(HttpContent inner, string coding)
    {
        _inner = inner;
        _coding = coding;
        foreach ((string name, HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        }

        Headers.ContentLength = null;
        string[] codings = [.. inner.Headers.ContentEncoding];
        Headers.ContentEncoding.Clear();
        foreach (string left in codings.SkipLast(1))
        {
            Headers.ContentEncoding.Add(left);
        }
    }

    /// <summary>The content without the compressions that are known.</summary>
    public static HttpContent Of(HttpContent content)
    {
        while (content.Headers.NonValidated.Contains("Content-Encoding")
            && content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() is Gzip or Deflate or Brotli)
        {
            content = new DecodedContent(content, content.Headers.ContentEncoding.Last().ToLowerInvariant());
        }

        return content;
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new DecodedStream(_inner.ReadAsStream(cancellationToken), _coding);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(CreateContentReadStream(CancellationToken.None));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Stream body = CreateContentReadStream(CancellationToken.None);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
