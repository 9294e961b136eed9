namespace AsyncJobs.Core.Tracing;

/// <summary>What people read for a state.</summary>
internal static class TraceNames
{
    public static string Of(TraceState state) => state switch
    {
        TraceState.Queued => "queued",
        TraceState.Ready => "ready, waits for",
        TraceState.Running => "runs on the loop",
        TraceState.Thread => "runs on a thread",
        TraceState.IO => "I/O",
        TraceState.Await => "awaits",
        TraceState.Lock => "waits for",
        TraceState.Queue => "waits for",
        TraceState.Pause => "pauses",
        _ => "waits",
    };
}
