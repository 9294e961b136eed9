namespace AsyncJobs.Core.Files;

/// <summary>What went wrong with some items of a directory, told as one failure.</summary>
internal static class Failures
{
    /// <summary>Throws where there are any.</summary>
    /// <param name="failures">One for each item.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="done">What was to be done with them, as in "copied".</param>
    public static void Throw(IReadOnlyList<Exception> failures, string directory, string done)
    {
        if (failures.Count > 0)
        {
            throw failures.Count == 1 ? failures[0] : new IOException(
                $"{failures.Count} items of '{directory}' could not be {done}. The first: {failures[0].Message}",
                new AggregateException(failures));
        }
    }
}
