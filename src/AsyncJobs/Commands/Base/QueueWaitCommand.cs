namespace AsyncJobs;

/// <summary>A cmdlet that waits at a queue.</summary>
public abstract class QueueWaitCommand : TimedWaitCommand
{
    /// <summary>The queue.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncQueue>))]
    public AsyncQueue Queue { get; set; } = null!;

    /// <summary>The number of the task that uses the queue, for those who look in.</summary>
    private protected int CurrentUser => Session.CurrentTask?.Id ?? RecentUsers.Script;
}
