using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>Reads a file's lines as they come, piece by piece; after the end, more may come.</summary>
internal sealed class LineReader
{
    private const int PieceSize = 1 << 16;

    private readonly FileStream _stream;
    private readonly Encoding _unmarked;
    private readonly bool _hasDelimiter;
    private readonly LineSplitter _splitter;
    private readonly byte[] _bytes = new byte[PieceSize];
    private char[] _characters = [];
    private Encoding? _encoding;
    private int _markLength;
    private Decoder? _decoder;
    private int _start;
    private int _end;

    /// <param name="stream">The file, at its start.</param>
    /// <param name="encoding">How it is encoded where it has no byte order mark.</param>
    /// <param name="delimiter">What ends a line; null for CR, LF or both.</param>
    public LineReader(FileStream stream, Encoding encoding, string? delimiter)
    {
        _stream = stream;
        _unmarked = encoding;
        _hasDelimiter = delimiter is not null;
        _splitter = new LineSplitter(delimiter);
        _end = stream.ReadAtLeast(_bytes, ByteOrderMark.MaximumLength, throwOnEndOfStream: false);
        LookForMark();
    }

    /// <summary>Text behind the last line end, which may go on.</summary>
    public bool HasRest => _splitter.RestLength > 0 || (_encoding is null && _end > 0);

    /// <summary>Reads a piece.</summary>
    /// <param name="lines">Gets the lines that end in it.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Read(ICollection<string> lines)
    {
        if (_encoding is null)
        {
            int count = _stream.Read(_bytes, _end, PieceSize - _end);
            _end += count;
            LookForMark();
            if (_encoding is null)
            {
                return count > 0;
            }
        }
        else if (_start == _end)
        {
            _start = 0;
            _end = _stream.Read(_bytes);
        }

        bool hasRead = _end > _start;
        Decode(lines);
        return hasRead;
    }

    /// <summary>Takes the text behind the last line end for a line.</summary>
    /// <param name="lines">Gets it.</param>
    /// <param name="isEnd">Whether nothing comes any more: half a character is then one that cannot be read.</param>
    public void TakeRest(ICollection<string> lines, bool isEnd)
    {
        if (_encoding is null && _end > 0)
        {
            Begin();
            Decode(lines);
        }

        if (isEnd && _decoder is not null)
        {
            Decode(lines, flush: true);
        }

        _splitter.TakeRest(lines.Add);
    }

    /// <summary>Begins anew, with a file that has been emptied and stands at its start.</summary>
    public void Restart()
    {
        _splitter.Reset();
        _encoding = null;
        _decoder = null;
        _start = _end = 0;
    }

    /// <summary>Goes to where the last lines begin, if that can be found without reading the file; else nothing is changed.</summary>
    /// <returns>Whether it stands there.</returns>
    public bool TrySkipToLast(long lines)
    {
        // With more than one byte for each character, a byte alone says nothing.
        if (!_stream.CanSeek || _hasDelimiter || _encoding is null or { CodePage: 1200 or 1201 or 12000 or 12001 })
        {
            return false;
        }

        _stream.Position = Math.Max(_markLength, FindLast(lines, _stream.Length));
        _start = _end = 0;
        return true;
    }

    /// <summary>Begins to decode, unless what there is of the file may still become a byte order mark.</summary>
    private void LookForMark()
    {
        if (!ByteOrderMark.MayBegin(_bytes.AsSpan(0, _end)))
        {
            Begin();
        }
    }

    private void Begin()
    {
        ReadOnlySpan<byte> start = _bytes.AsSpan(0, _end);
        _encoding = ByteOrderMark.Detect(start) ?? _unmarked;
        _start = _markLength = start.StartsWith(_encoding.Preamble) ? _encoding.Preamble.Length : 0;
        _characters = new char[_encoding.GetMaxCharCount(PieceSize)];
        _decoder = _encoding.GetDecoder();
    }

    private void Decode(ICollection<string> lines, bool flush = false)
    {
        int count = _decoder!.GetChars(_bytes, _start, _end - _start, _characters, 0, flush);
        _start = _end;
        _splitter.Split(_characters.AsSpan(0, count), lines.Add);
    }

    private long FindLast(long lines, long length)
    {
        byte[] piece = new byte[PieceSize];
        bool isBeforeFeed = false;
        for (long end = length; lines > 0 && end > 0;)
        {
            int size = (int)Math.Min(PieceSize, end);
            _stream.Position = end - size;
            _stream.ReadExactly(piece, 0, size);
            for (int i = size - 1; i >= 0; i--)
            {
                bool isFeed = piece[i] == '\n';
                bool isEnd = isFeed || (piece[i] == '\r' && !isBeforeFeed);
                isBeforeFeed = isFeed;
                long next = end - size + i + 1;

                // What ends the last line begins none.
                if (isEnd && next < length && --lines == 0)
                {
                    return next;
                }
            }

            end -= size;
        }

        return lines > 0 ? 0 : length;
    }
}
