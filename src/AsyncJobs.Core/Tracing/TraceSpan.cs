namespace AsyncJobs.Core.Tracing;

/// <summary>What one task does from here to there.</summary>
/// <param name="Start">Since the trace began, in nanoseconds.</param>
/// <param name="End">The same.</param>
/// <param name="State">What it does.</param>
/// <param name="Place">File and line; null where that is not known.</param>
/// <param name="What">What it waits for, in words; null where there is nothing to say.</param>
/// <param name="Others">The numbers of the tasks that the words speak of.</param>
/// <param name="Thread">The thread that it runs on; 0 where it runs on none.</param>
internal readonly record struct TraceSpan(long Start, long End, TraceState State, string? Place, string? What, int[] Others, int Thread);
