using System.Globalization;

namespace AsyncJobs;

/// <summary>A task's own time limit, or that of a wait, has passed.</summary>
/// <param name="message">Whose limit it was, and how long.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TaskTimeoutException(string message, Exception? innerException = null) : TimeoutException(message, innerException)
{
    internal static TaskTimeoutException For(AsyncTask task, TimeSpan limit)
    {
        string item = task.InputObject is null ? "" : $" (input: {task.InputObject})";
        return new TaskTimeoutException($"{task}{item} did not end within its limit of {Seconds(limit)}.");
    }

    internal static TaskTimeoutException ForWait(string what, TimeSpan limit) =>
        new($"{what} did not end within {Seconds(limit)}.");

    private static string Seconds(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.###} s");
}
