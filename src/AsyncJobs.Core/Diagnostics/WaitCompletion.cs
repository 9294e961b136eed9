namespace AsyncJobs.Core.Diagnostics;

/// <summary>What ends a wait, for whoever has to know whether anything can.</summary>
[Flags]
internal enum WaitCompletion
{
    /// <summary>Perhaps something else than what the wait is for.</summary>
    Open = 0,

    /// <summary>The end of all that the wait is for. Its cancellation cancels these, and it goes on until they have ended.</summary>
    All = 1,

    /// <summary>The first end, or failure, among what the wait is for. Else as for <see cref="All"/>.</summary>
    First = 2,

    /// <summary>A time limit, if it comes first, which cancels what the wait is for.</summary>
    Limited = 4,

    /// <summary>The wait only watches: its cancellation ends it at once.</summary>
    Watching = 8,
}
