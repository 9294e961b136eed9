using System.Globalization;

namespace AsyncJobs;

/// <summary>A task's own time limit, or that of a wait, has passed.</summary>
public sealed class TaskTimeoutException : TimeoutException
{
    /// <summary>Creates the exception with a general message.</summary>
    public TaskTimeoutException()
        : base("The time limit has passed.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Whose limit it was, and how long.</param>
    public TaskTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Whose limit it was, and how long.</param>
    /// <param name="innerException">The cause.</param>
    public TaskTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static TaskTimeoutException For(AsyncTask task, TimeSpan limit)
    {
        string item = task.InputObject is null ? "" : $" (input: {task.InputObject})";
        return new TaskTimeoutException($"{task}{item} did not end within its limit of {Seconds(limit)}.");
    }

    internal static TaskTimeoutException ForWait(string what, TimeSpan limit) =>
        new($"{what} did not end within {Seconds(limit)}.");

    private static string Seconds(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.###} s");
}
