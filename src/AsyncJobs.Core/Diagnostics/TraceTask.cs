namespace AsyncJobs.Core.Diagnostics;

/// <summary>What a trace keeps of how a task was started; of its options no more, since they hold its group and limits.</summary>
/// <param name="Name">The name that it was given, or null.</param>
/// <param name="Origin">File and line, or null.</param>
/// <param name="Command">What it does, or null.</param>
internal sealed record TraceTask(string? Name, string? Origin, string? Command);
