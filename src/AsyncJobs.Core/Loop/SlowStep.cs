namespace AsyncJobs.Core.Loop;

/// <summary>A step that has held the loop for too long.</summary>
/// <param name="Step">The step; null where nobody said what it is.</param>
/// <param name="Elapsed">How long the step has held the loop by now.</param>
/// <param name="IsOver">Whether the step has let go of the loop.</param>
internal readonly record struct SlowStep(IStep? Step, TimeSpan Elapsed, bool IsOver);
