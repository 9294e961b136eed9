namespace AsyncJobs;

/// <summary>How the wait between attempts grows.</summary>
public enum BackoffKind
{
    /// <summary>The same wait each time.</summary>
    Constant,

    /// <summary>The interval times the number of the attempt.</summary>
    Linear,

    /// <summary>Twice as long each time.</summary>
    Exponential,
}
