namespace AsyncJobs;

/// <summary>A step that has held the loop for too long.</summary>
/// <param name="Step">What it is; null where nobody said.</param>
/// <param name="Elapsed">How long it has held the loop by now.</param>
/// <param name="IsOver">Whether it has let go of it.</param>
internal readonly record struct SlowStep(IStep? Step, TimeSpan Elapsed, bool IsOver);
