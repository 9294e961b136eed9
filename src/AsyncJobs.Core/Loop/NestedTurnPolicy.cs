namespace AsyncJobs.Core.Loop;

/// <summary>
/// How nested turns of the loop keep the stack from growing: once one of them is deep inside others, each ends as soon as
/// it may, also in the middle of a pass, and a deep one does not run at once what may nest further.
/// </summary>
/// <param name="Until">What is waited for: the turn may end with it. Null for a turn that only has its condition.</param>
/// <param name="Below">What the turn below waits for.</param>
/// <param name="IsDeep">Whether the turn is nested so deep.</param>
/// <param name="GraceTime">How long the turn runs nothing and waits for what it is for to be done by itself.</param>
internal readonly record struct NestedTurnPolicy(Future? Until, Future? Below, bool IsDeep, TimeSpan GraceTime)
{
    /// <summary>The grace time; longer if the turn below only waits for this one to end.</summary>
    public TimeSpan CurrentGraceTime => Below is { IsCompleted: true } ? GraceTime * NestingLimits.GraceFactor : GraceTime;
}
