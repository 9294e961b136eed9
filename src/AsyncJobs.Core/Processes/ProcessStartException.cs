using System.ComponentModel;

namespace AsyncJobs;

/// <summary>A program that the system would not start.</summary>
public sealed class ProcessStartException : Exception, IHasErrorId
{
    internal ProcessStartException(string filePath, Exception inner)
        : base($"The program '{filePath}' cannot be started: {ReasonOf(inner)}.", inner) => FilePath = filePath;

    /// <summary>The program.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public string ErrorId => "ProgramNotStarted";

    // Its own message says the path again, and the folder.
    private static string ReasonOf(Exception inner) =>
        (inner is Win32Exception system ? new Win32Exception(system.NativeErrorCode) : inner).Message.TrimEnd('.');
}
