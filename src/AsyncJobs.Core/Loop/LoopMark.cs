namespace AsyncJobs.Core.Loop;

/// <summary>What an observer of loops notes when a callback begins.</summary>
/// <param name="Timestamp">When that was.</param>
/// <param name="Count">How much the observer had noted of the thread before.</param>
internal readonly record struct LoopMark(long Timestamp, long Count);
