using System.Buffers;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>Reads a body line by line; a line ends with CR, LF or both.</summary>
internal sealed class WebLineReader
{
    private const int PieceSize = 16 * 1024;

    // Sooner or later a line without an end would take all memory.
    private const int LongestLine = 64 * 1024 * 1024;

    private static readonly SearchValues<char> Ends = SearchValues.Create("\r\n");

    private readonly Stream _stream;
    private readonly PhaseWatch _watch;
    private readonly Decoder _decoder;
    private readonly byte[] _bytes = new byte[PieceSize];
    private readonly char[] _characters;
    private readonly StringBuilder _line = new();
    private int _start;
    private int _end;
    private bool _isAtStart = true;
    private bool _hasReturned;

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
        while (true)
        {
            if (TryTakeLine(out string? line))
            {
                return line;
            }

            if (_line.Length > LongestLine)
            {
                throw new HttpRequestException(
                    HttpRequestError.ConfigurationLimitExceeded,
                    $"A line is longer than {LongestLine} characters, the most that a stream takes.");
            }

            _watch.Enter(WebPhase.Body);
            int read = await _stream.ReadAsync(_bytes, _watch.Token).ConfigureAwait(false);
            _watch.Rest();
            _start = 0;
            _end = _decoder.GetChars(_bytes, 0, read, _characters, 0, flush: read == 0);
            if (read == 0)
            {
                _line.Append(_characters, 0, _end);
                _end = 0;
                return _line.Length > 0 ? TakeLine() : null;
            }

            if (_isAtStart && _end > 0)
            {
                _isAtStart = false;
                _start = _characters[0] == '\uFEFF' ? 1 : 0;
            }
        }
    }

    private bool TryTakeLine(out string? line)
    {
        line = null;

        // The second half of an end, which may come later than the first.
        if (_hasReturned && _start < _end)
        {
            _hasReturned = false;
            _start += _characters[_start] == '\n' ? 1 : 0;
        }

        ReadOnlySpan<char> rest = _characters.AsSpan(_start, _end - _start);
        int length = rest.IndexOfAny(Ends);
        if (length < 0)
        {
            _line.Append(rest);
            _start = _end;
            return false;
        }

        _hasReturned = rest[length] == '\r';
        _line.Append(rest[..length]);
        _start += length + 1;
        line = TakeLine();
        return true;
    }

    private string TakeLine()
    {
        string line = _line.ToString();
        _line.Clear();
        return line;
    }
}
