namespace AsyncJobs.Waits;

/// <summary>What parameters of seconds take.</summary>
internal static class SecondsRange
{
    /// <summary>A millisecond: .NET's timers count no less.</summary>
    public const double Shortest = 0.001;

    /// <summary>As many whole seconds as an int has milliseconds, some 24 days.</summary>
    public const double Longest = 2147483.0;
}
