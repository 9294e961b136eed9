namespace AsyncJobs;

/// <summary>How far a query had come.</summary>
public enum DbPhase
{
    /// <summary>Waiting for the queries of its transaction that were started before it.</summary>
    Queued,

    /// <summary>Getting a connection, of the pool or a new one.</summary>
    Connecting,

    /// <summary>Carried out by the server, until its first answer.</summary>
    Executing,

    /// <summary>Reading the rows.</summary>
    Reading,
}
