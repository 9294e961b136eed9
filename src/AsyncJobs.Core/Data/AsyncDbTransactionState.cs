namespace AsyncJobs;

/// <summary>What has become of a transaction.</summary>
public enum AsyncDbTransactionState
{
    /// <summary>Its block runs.</summary>
    Running,

    /// <summary>Its block has ended, and it is being committed or rolled back.</summary>
    Ending,

    /// <summary>What it changed is there.</summary>
    Committed,

    /// <summary>What it changed is undone.</summary>
    RolledBack,
}
