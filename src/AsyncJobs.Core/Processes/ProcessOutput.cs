using System.Buffers;
using System.Text;
using AsyncJobs.Core.Files;

namespace AsyncJobs.Core.Processes;

/// <summary>What a program writes to one of its streams, piece by piece: lines, text or bytes.</summary>
/// <param name="kind">What pieces are made of it.</param>
/// <param name="encoding">Decodes text.</param>
/// <param name="onWritten">Called with all pieces when there are more; they keep still meanwhile.</param>
internal sealed class ProcessOutput(ProcessOutputKind kind, Encoding encoding, Action<IReadOnlyList<object?>> onWritten)
{
    // Most programs write little, and many run at once.
    private const int FirstSize = 4 * 1024;
    private const int LargeSize = 64 * 1024;

    private readonly List<object?> _pieces = [];
    private readonly Decoder _decoder = encoding.GetDecoder();
    private readonly LineSplitter _lines = new();
    private char[] _characters = [];
    private bool _isClosed;

    /// <summary>Reads a stream to its end and disposes it. What comes after <see cref="Close"/> is read and dropped.</summary>
    public async Task ReadAsync(Stream stream)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                int read;
                while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                {
                    Add(buffer.AsSpan(0, read));
                    if (read == buffer.Length && read < LargeSize)
                    {
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = ArrayPool<byte>.Shared.Rent(LargeSize);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Hands all pieces to whoever has come to read them.</summary>
    public void Publish()
    {
        lock (_pieces)
        {
            onWritten(_pieces);
        }
    }

    /// <summary>Takes what is left of the last line and no more; the pieces keep still from now on.</summary>
    public IList<object?> Close()
    {
        lock (_pieces)
        {
            if (!_isClosed)
            {
                AddText([], isEnd: true);
                _lines.TakeRest(_pieces.Add);
                _isClosed = true;
                onWritten(_pieces);
            }
        }

        return _pieces;
    }

    /// <summary>What the pieces come to in the end.</summary>
    public object? ToResult()
    {
        IList<object?> pieces = Close();
        return kind switch
        {
            ProcessOutputKind.Text => string.Concat(pieces),
            ProcessOutputKind.Bytes => Join(pieces),
            _ => pieces.Count switch
            {
                0 => null,
                1 => pieces[0],
                _ => pieces.Cast<string>().ToArray(),
            },
        };
    }

    private static byte[] Join(IList<object?> pieces)
    {
        byte[] all = GC.AllocateUninitializedArray<byte>(pieces.Sum(static piece => ((byte[])piece!).Length));
        int length = 0;
        foreach (byte[] piece in pieces.Cast<byte[]>())
        {
            piece.CopyTo(all, length);
            length += piece.Length;
        }

        return all;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_pieces)
        {
            if (_isClosed)
            {
                return;
            }

            int known = _pieces.Count;
            if (kind == ProcessOutputKind.Bytes)
            {
                _pieces.Add(bytes.ToArray());
            }
            else
            {
                AddText(bytes, isEnd: false);
            }

            if (_pieces.Count > known)
            {
                onWritten(_pieces);
            }
        }
    }

    private void AddText(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (_characters.Length < encoding.GetMaxCharCount(bytes.Length))
        {
            _characters = new char[encoding.GetMaxCharCount(bytes.Length)];
        }

        ReadOnlySpan<char> text = _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, isEnd));
        if (kind == ProcessOutputKind.Lines)
        {
            _lines.Split(text, _pieces.Add);
        }
        else if (text.Length > 0)
        {
            _pieces.Add(text.ToString());
        }
    }
}
