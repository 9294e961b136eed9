using System.Text;
using AsyncJobs.Core.Files;

namespace AsyncJobs.Core.Web;

/// <summary>Reads a body line by line; a line ends with CR, LF or both.</summary>
internal sealed class WebLineReader
{
    private const int PieceSize = 16 * 1024;

    // Sooner or later a line without an end would take all memory.
    private const int LongestLine = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly PhaseWatch _watch;
    private readonly Decoder _decoder;
    private readonly byte[] _bytes = new byte[PieceSize];
    private readonly char[] _characters;
    private readonly LineSplitter _splitter = new();
    private readonly Queue<string> _lines = new();
    private bool _isAtStart = true;

    /// <param name="stream">The body.</param>
    /// <param name="type">Says how the body is to be decoded.</param>
    /// <param name="watch">Watches each read.</param>
    public WebLineReader(Stream stream, WebContentType type, PhaseWatch watch)
    {
        _stream = stream;
        _watch = watch;
        Encoding encoding = type.IsEventStream ? Encoding.UTF8 : type.Charset ?? Encoding.UTF8;
        _decoder = encoding.GetDecoder();
        _characters = new char[encoding.GetMaxCharCount(PieceSize)];
    }

    /// <summary>The next line without its end; null behind the last.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        string? line;
        while (!_lines.TryDequeue(out line))
        {
            if (_splitter.RestLength > LongestLine)
            {
                throw new HttpRequestException(
                    HttpRequestError.ConfigurationLimitExceeded,
                    $"A line is longer than {LongestLine} characters, the most that a stream takes.");
            }

            _watch.Enter(WebPhase.Body);
            int read = await _stream.ReadAsync(_bytes, _watch.Token).ConfigureAwait(false);
            _watch.Rest();
            Split(read);
            if (read == 0)
            {
                _splitter.TakeRest(_lines.Enqueue);
                return _lines.TryDequeue(out line) ? line : null;
            }
        }

        return line;
    }

    private void Split(int read)
    {
        ReadOnlySpan<char> text = _characters.AsSpan(0, _decoder.GetChars(_bytes, 0, read, _characters, 0, flush: read == 0));
        if (_isAtStart && text.Length > 0)
        {
            _isAtStart = false;
            text = text[0] == '\uFEFF' ? text[1..] : text;
        }

        _splitter.Split(text, _lines.Enqueue);
    }
}
