namespace AsyncJobs;

/// <summary>Where a future or task stands, in the words of <c>Get-Job</c>. The last three are final.</summary>
public enum AsyncState
{
    /// <summary>Waiting for a permit or a place before its work begins.</summary>
    NotStarted,

    /// <summary>Pending: its work is under way, or, for a plain future, nobody has completed it yet.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with an exception.</summary>
    Failed,

    /// <summary>Cancelled.</summary>
    Stopped,
}
