namespace AsyncJobs;

/// <summary>What the block of Set-AsyncLoop -OnUnhandledError gets: a failure that no script has seen.</summary>
public sealed class AsyncUnhandledError
{
    internal AsyncUnhandledError(string message, ErrorRecord record, Future? task)
    {
        Message = message;
        ErrorRecord = record;
        Task = task;
    }

    /// <summary>What happened, in a sentence.</summary>
    public string Message { get; }

    /// <summary>The failure.</summary>
    public Exception Exception => ErrorRecord.Exception;

    /// <summary>The failure as PowerShell reports it, with its position.</summary>
    public ErrorRecord ErrorRecord { get; }

    /// <summary>The task or future that failed; null for a callback.</summary>
    public Future? Task { get; }

    /// <summary>The sentence.</summary>
    public override string ToString() => Message;
}
