namespace AsyncJobs;

/// <summary>What ends a wait, for whoever has to know whether anything can.</summary>
[Flags]
internal enum WaitEnding
{
    /// <summary>Perhaps something else than what it is for.</summary>
    Open = 0,

    /// <summary>The end of all that it is for. Its cancellation cancels these, and it goes on until they have ended.</summary>
    All = 1,

    /// <summary>As soon as one has ended, or has failed. Else as for all.</summary>
    First = 2,

    /// <summary>A time limit comes first, which cancels what it is for.</summary>
    Limited = 4,

    /// <summary>It only watches: its cancellation ends it at once.</summary>
    Watching = 8,
}
