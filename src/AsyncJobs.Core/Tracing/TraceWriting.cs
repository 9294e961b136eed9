using System.Text.Json;

namespace AsyncJobs.Core.Tracing;

/// <summary>What the writers of traces have in common: a trace may be larger than memory has room for twice.</summary>
internal static class TraceWriting
{
    private const int FlushSize = 32 * 1024;

    /// <summary>Hands on what has been written so far, once that is much.</summary>
    public static void FlushIfLarge(this Utf8JsonWriter writer)
    {
        if (writer.BytesPending > FlushSize)
        {
            writer.Flush();
        }
    }
}
