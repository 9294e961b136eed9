namespace AsyncJobs.Core.Tasks;

/// <summary>
/// How work reports a failure together with what it wrote before it and what the host knows of it. The runner
/// unwraps it: nobody who awaits the task sees this type.
/// </summary>
internal sealed class TaskFailedException(Exception cause, object? detail, TaskOutput output) : Exception(cause.Message, cause)
{
    public object? Detail { get; } = detail;

    public TaskOutput Output { get; } = output;
}
