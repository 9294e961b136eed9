namespace AsyncJobs.Core.Loop;

/// <summary>How deep turns of the loop, starts and calls may stand within each other, and what is done from there on.</summary>
internal static class NestingLimits
{
    /// <summary>
    /// Turns within each other, from which on the loop looks at the stack before a callback: fewer never come near its end,
    /// and to look takes time.
    /// </summary>
    public const int UncheckedTurns = 8;

    /// <summary>Bytes that a callback should have of the stack, beyond .NET's own reserve.</summary>
    public const int CallbackStack = 64 * 1024;

    /// <summary>
    /// Starts and turns within each other, from which on a coroutine begins from the loop: up to there its first step runs
    /// where it is started.
    /// </summary>
    public const int EagerStarts = 16;

    /// <summary>
    /// Starts and turns within each other, from which on a turn ends as soon as it may, and a new one first waits for a time
    /// of grace: up to there they nest as they come, which is quickest.
    /// </summary>
    public const int FreeTurns = 64;

    /// <summary>How many times its grace time a turn waits where the turn below only waits for this one to end.</summary>
    public const int GraceFactor = 8;

    /// <summary>
    /// Calls of functions that are part of one coroutine, from which on the next is a call like any other: each step of such
    /// a function runs inside as many frames of the host, which has a limit for these.
    /// </summary>
    public const int CallsInCoroutine = 50;

    /// <summary>How long a turn runs nothing, so that what comes by itself may come before another turn stands on top.</summary>
    /// <param name="deeper">How far beyond <see cref="FreeTurns"/> it stands.</param>
    /// <remarks>Doubled at first, which soon is enough for short waits; then so little more that nothing stands still for long.</remarks>
    public static TimeSpan GraceTimeAt(int deeper) => TimeSpan.FromMilliseconds(Math.Min(1 << Math.Min(deeper, 10), 32 + deeper));
}
