namespace AsyncJobs;

/// <summary>What a query gives.</summary>
public enum DbResultKind
{
    /// <summary>An object for each row.</summary>
    PSObject,

    /// <summary>A DataTable for each set of rows.</summary>
    DataTable,

    /// <summary>The first column of the first row.</summary>
    Scalar,

    /// <summary>How many rows it has changed.</summary>
    NonQuery,
}
