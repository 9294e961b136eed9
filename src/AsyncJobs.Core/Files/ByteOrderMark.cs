using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>Which encoding the first bytes of a file declare.</summary>
internal static class ByteOrderMark
{
    public const int MaximumLength = 4;

    // UTF-32 before UTF-16: the mark of the one begins with that of the other.
    private static readonly Encoding[] Marked =
    [
        Encoding.UTF32,
        new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        Encoding.UTF8,
        Encoding.Unicode,
        Encoding.BigEndianUnicode,
    ];

    /// <summary>The encoding whose mark stands at the start, or null.</summary>
    public static Encoding? Detect(ReadOnlySpan<byte> start)
    {
        foreach (Encoding encoding in Marked)
        {
            if (start.StartsWith(encoding.Preamble))
            {
                return encoding;
            }
        }

        return null;
    }

    /// <summary>Whether these first bytes, with more behind them, may be a mark that they are not yet.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> start)
    {
        foreach (Encoding encoding in Marked)
        {
            if (start.Length < encoding.Preamble.Length && encoding.Preamble.StartsWith(start))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of a file: its mark decides, then the encoding given.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        encoding = Detect(bytes) ?? encoding;
        ReadOnlySpan<byte> preamble = encoding.Preamble;
        return encoding.GetString(bytes.StartsWith(preamble) ? bytes[preamble.Length..] : bytes);
    }
}
