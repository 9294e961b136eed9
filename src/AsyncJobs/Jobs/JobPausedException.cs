namespace AsyncJobs;

/// <summary>A job that is awaited does not go on by itself, so that the wait would never end.</summary>
/// <param name="message">Which job, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JobPausedException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <summary><c>JobBlocked</c>, <c>JobSuspended</c> or <c>JobDisconnected</c>.</summary>
    public string ErrorId { get; private init; } = ErrorIds.JobBlocked;

    internal static JobPausedException For(Job job, JobState state)
    {
        (string id, string remedy) = state switch
        {
            JobState.Blocked => (ErrorIds.JobBlocked, "waits for input, which Receive-Job gives it"),
            JobState.Suspended => (ErrorIds.JobSuspended, "is suspended; resume it, then await it again"),
            _ => (ErrorIds.JobDisconnected, "is disconnected; connect it with Connect-PSSession or Receive-PSSession, then await it again"),
        };
        return new JobPausedException($"The job '{job.Name}' {remedy}.") { ErrorId = id };
    }
}
