using System.Runtime.InteropServices;

namespace AsyncJobs.Core.Diagnostics;

/// <summary>One entry of a trace, of fixed size: what its objects are called is asked when the trace is over.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TraceEvent
{
    /// <summary>When it happened, as <see cref="System.Diagnostics.Stopwatch"/> counts.</summary>
    public long Timestamp;

    /// <summary>The task's number; negative for the script of a loop's own thread, 0 for none.</summary>
    public int Task;

    /// <summary>Another number: the loop's, the other task's, a time.</summary>
    public int Number;

    /// <summary>What happened.</summary>
    public TraceEventKind Kind;

    /// <summary>More of what happened, by its kind.</summary>
    public byte Detail;

    /// <summary>See the kind.</summary>
    public object? A;

    /// <inheritdoc cref="A"/>
    public object? B;
}
