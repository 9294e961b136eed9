using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>
/// A file's lines, or pieces of bytes, as they are added to it, for as long as somebody asks for more. A file that is emptied
/// is read from its start, and so is one that takes its place.
/// </summary>
internal sealed class FileFollower : IAsyncEnumerable<object?>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // So long a line may take to be written; then what there is of it is told of.
    private const int PausesOfALine = 10;

    private readonly string _path;
    private readonly FilePart _part;
    private readonly List<string> _lines = [];
    private FileStream _stream;
    private LineReader? _reader;
    private long _left;
    private int _pauses;
    private int _isRead;

    /// <param name="path">The file.</param>
    /// <param name="part">What is read of what is there now, and as what.</param>
    /// <param name="cancellationToken">Ends the way to the part's start.</param>
    public FileFollower(string path, FilePart part, CancellationToken cancellationToken)
    {
        _path = path;
        _part = part;
        _left = part.First;
        _stream = FileReader.Open(path);
        _reader = NewReader();
        if (part.Last is { } last)
        {
            SkipToLast(last, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <inheritdoc/>
    public async IAsyncEnumerator<object?> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("A file can be followed by one reader only; start another task.");
        }

        try
        {
            while (_left > 0)
            {
                var some = (object?[])(await FileOperations.RunAsync(ReadSome, cancellationToken).ConfigureAwait(false))!;
                foreach (object? item in some)
                {
                    yield return item;
                }

                if (some.Length == 0)
                {
                    await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Dispose();
        }
    }

    private LineReader? NewReader() => _part.Encoding is { } encoding ? new LineReader(_stream, encoding, _part.Delimiter) : null;

    private void SkipToLast(long last, CancellationToken cancellationToken)
    {
        if (_reader is null)
        {
            _stream.Position = Math.Max(0, _stream.Length - last);
        }
        else if (!_reader.TrySkipToLast(last))
        {
            var lines = new Queue<string>();
            while (FileReader.ReadPiece(_reader, _lines, isFollowed: true))
            {
                cancellationToken.ThrowIfCancellationRequested();
                FileReader.KeepLast(lines, _lines, last);
            }

            _lines.AddRange(lines);
        }
    }

    /// <summary>What there is more by now; nothing if nothing has come.</summary>
    private object?[] ReadSome(CancellationToken cancellationToken)
    {
        object?[] some = Take();
        return some.Length == 0 && IsOver() ? Take() : some;
    }

    private object?[] Take()
    {
        if (_reader is null)
        {
            byte[] bytes = new byte[(int)Math.Min(_left, 1 << 16)];
            int count = _stream.Read(bytes);
            _left -= count;
            return count == 0 ? [] : [bytes[..count]];
        }

        bool hasMore = _reader.Read(_lines);
        _pauses = hasMore || !_reader.HasRest ? 0 : _pauses + 1;
        if (_pauses > PausesOfALine)
        {
            _reader.TakeRest(_lines, isEnd: false);
        }

        string[] some = [.. _lines.Take((int)Math.Min(_left, int.MaxValue))];
        _left -= some.Length;
        _lines.Clear();
        return [.. _part.Pack(some)];
    }

    /// <summary>Whether the file was emptied, or another is in its place: then that is read.</summary>
    private bool IsOver()
    {
        if (_stream.CanSeek && _stream.Length < _stream.Position)
        {
            _stream.Position = 0;
            _reader?.Restart();
            return true;
        }

        if (!OperatingSystem.IsLinux()
            || LinuxFileStatus.Of(FileTarget.FollowLinks(_path)) is not { } now
            || now.Identity == LinuxFileStatus.Of(_stream.SafeFileHandle)?.Identity)
        {
            return false;
        }

        _reader?.TakeRest(_lines, isEnd: true);
        _stream.Dispose();
        _stream = FileReader.Open(_path);
        _reader = NewReader();
        return true;
    }
}
