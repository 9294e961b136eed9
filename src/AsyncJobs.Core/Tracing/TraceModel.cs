namespace AsyncJobs.Core.Tracing;

/// <summary>A trace that is over, in words: what the writers write.</summary>
internal sealed class TraceModel
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it was, in nanoseconds.</summary>
    public required long Duration { get; init; }

    /// <summary>Tasks and scripts, in the order in which they came.</summary>
    public required IReadOnlyList<TraceLane> Lanes { get; init; }

    /// <summary>The threads that something ran on.</summary>
    public required IReadOnlyList<TraceThread> Threads { get; init; }

    /// <summary>The loops' names by their numbers.</summary>
    public required IReadOnlyDictionary<int, string> Loops { get; init; }

    /// <summary>Callbacks that held a loop for long without being a step of a task: when, how long, and on which thread.</summary>
    public required IReadOnlyList<(long Start, long End, int Thread)> Callbacks { get; init; }

    /// <summary>How many events were recorded.</summary>
    public required long EventCount { get; init; }

    /// <summary>How many events found no room.</summary>
    public required long DroppedCount { get; init; }

    /// <summary>How many spans there are.</summary>
    public int SpanCount => Lanes.Sum(static lane => lane.Spans.Count);
}
