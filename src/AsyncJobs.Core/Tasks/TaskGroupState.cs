namespace AsyncJobs;

/// <summary>Where a task group stands.</summary>
public enum TaskGroupState
{
    /// <summary>Tasks may be added: the group's block runs, or some of its tasks do.</summary>
    Running,

    /// <summary>Something failed or the group was cancelled: its tasks are being stopped, and none is added any more.</summary>
    Stopping,

    /// <summary>The group's block and all its tasks have ended.</summary>
    Ended,
}
