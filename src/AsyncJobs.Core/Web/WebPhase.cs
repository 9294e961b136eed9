namespace AsyncJobs;

/// <summary>How far a request had come.</summary>
public enum WebPhase
{
    /// <summary>Getting a connection: name, TCP, TLS.</summary>
    Connect,

    /// <summary>From sending the request to the first byte of the answer: its headers.</summary>
    Headers,

    /// <summary>Reading the body.</summary>
    Body,

    /// <summary>Waiting, before anything was sent, because the host asked for quiet (status 429).</summary>
    Paused,
}
