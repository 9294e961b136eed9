namespace AsyncJobs;

/// <summary>What came of one input of Invoke-AsyncForEach -PassThru.</summary>
public sealed class ForEachResult
{
    internal ForEachResult(AsyncTask task, SessionState session)
    {
        Input = task.InputObject;
        Output = task.Output.Collapse();
        Error = task.Fault is null ? null : AwaitedFailure.Of(task, session).ErrorRecord;
        State = task.State;
        Attempts = task.Attempts;
        Duration = task.Duration;
    }

    /// <summary>The pipeline object.</summary>
    public object? Input { get; }

    /// <summary>What the block wrote for the object, also before it failed: null, one object or an array.</summary>
    public object? Output { get; }

    /// <summary>What it failed with, or null.</summary>
    public ErrorRecord? Error { get; }

    /// <summary>How it ended.</summary>
    public AsyncState State { get; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; }

    /// <summary>How long it ran, all attempts together.</summary>
    public TimeSpan Duration { get; }
}
