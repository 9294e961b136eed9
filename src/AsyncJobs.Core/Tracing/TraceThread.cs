namespace AsyncJobs.Core.Tracing;

/// <summary>A thread of a trace.</summary>
/// <param name="Id">Its number in .NET.</param>
/// <param name="Name">What people call it.</param>
internal sealed record TraceThread(int Id, string Name);
