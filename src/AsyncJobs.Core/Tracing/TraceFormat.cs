namespace AsyncJobs.Core.Tracing;

/// <summary>What a trace is written as.</summary>
internal enum TraceFormat
{
    /// <summary>The trace-event format, which browsers' viewers and Perfetto read.</summary>
    Json,

    /// <summary>A page of its own.</summary>
    Page,
}
