namespace AsyncJobs.Diagnostics;

/// <summary>How long a wait has stood before it is called a deadlock.</summary>
internal static class DeadlockLimits
{
    /// <summary>For how long nobody may have moved who could end a wait, in debug mode: nothing else would ever.</summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the innermost of nested waits is looked at; those that are over sooner cost nothing.</summary>
    public static readonly TimeSpan NestedInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>For how long nothing may have moved where what a nested wait needs is known to be held beneath it.</summary>
    public static readonly TimeSpan StandstillIfHeld = TimeSpan.FromSeconds(1);

    /// <summary>For how long nothing may have moved where anybody might give what a nested wait needs.</summary>
    public static readonly TimeSpan StandstillElse = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From when on a nested wait is warned of where others move: one might give what is held beneath, unlikely as that is.
    /// </summary>
    public static readonly TimeSpan WarnsAfter = TimeSpan.FromSeconds(10);
}
