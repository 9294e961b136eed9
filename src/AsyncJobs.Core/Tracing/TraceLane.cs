namespace AsyncJobs.Core.Tracing;

/// <summary>One task of a trace, or the script of a session's own thread.</summary>
/// <param name="id">The task's number; negative for a script.</param>
internal sealed class TraceLane(int id)
{
    public int Id { get; } = id;

    public bool IsScript => Id < 0;

    public string Name { get; set; } = id < 0 ? "script" : $"Task{id}";

    /// <summary>The name, and the number where several may have that name.</summary>
    public string FullName => IsScript || Name == $"Task{Id}" ? Name : $"{Name} (task {Id})";

    /// <summary>What carries it.</summary>
    public string Kind { get; set; } = id < 0 ? "Script" : "";

    public string? Command { get; set; }

    /// <summary>What it is for.</summary>
    public string? Input { get; set; }

    /// <summary>File and line that started it.</summary>
    public string? Origin { get; set; }

    /// <summary>The number of the loop that it belongs to.</summary>
    public int Loop { get; set; }

    /// <summary>The task whose script started it; 0 for none.</summary>
    public int Parent { get; set; }

    /// <summary>When it was made, or first seen, in nanoseconds since the trace began.</summary>
    public long Start { get; set; }

    /// <summary>When it ended, or the trace did.</summary>
    public long End { get; set; }

    /// <summary>How it ended; null where the trace ended first.</summary>
    public AsyncState? Outcome { get; set; }

    /// <summary>The message of its failure, or why it was stopped.</summary>
    public string? Message { get; set; }

    /// <summary>When its cancellation was asked for; null where it was not.</summary>
    public long? CanceledAt { get; set; }

    /// <summary>What it did, one after the other.</summary>
    public List<TraceSpan> Spans { get; } = [];
}
