using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>Which part of a file is read, and as what.</summary>
internal sealed record FilePart
{
    /// <summary>How text is encoded where the file has no byte order mark; null for bytes.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>What ends a line; null for CR, LF or both.</summary>
    public string? Delimiter { get; init; }

    /// <summary>How many lines, or bytes, from the start.</summary>
    public long First { get; init; } = long.MaxValue;

    /// <summary>How many lines, or bytes, from the end; null for all.</summary>
    public long? Last { get; init; }

    /// <summary>How many lines one element has: 1 for the line itself, else an array; 0 for one array of all.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Makes elements of lines.</summary>
    public IEnumerable<object?> Pack(IEnumerable<string> lines) => Count switch
    {
        1 => lines,
        0 => new object?[] { lines.ToArray<object?>() }.Where(static all => all is object?[] { Length: > 0 }),
        _ => lines.Chunk((int)Math.Min(Count, Array.MaxLength)).Select(static some => some.ToArray<object?>()),
    };
}
