namespace AsyncJobs;

/// <summary>What carries a task's work.</summary>
public enum AsyncTaskKind
{
    /// <summary>A native asynchronous operation: no thread and no runspace while it waits.</summary>
    IO,

    /// <summary>A script block that suspends, on the loop.</summary>
    Coroutine,

    /// <summary>Blocking work on a pooled thread.</summary>
    Thread,
}
