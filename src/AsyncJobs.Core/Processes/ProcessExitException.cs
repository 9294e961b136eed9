using System.Globalization;

namespace AsyncJobs;

/// <summary>A program has ended with an exit code that is no success.</summary>
public sealed class ProcessExitException : Exception, IHasErrorId
{
    // Where programs say what went wrong.
    private const int TailLines = 5;
    private const int TailLength = 1000;

    internal ProcessExitException(ProcessResult result)
        : base(MessageOf(result)) => Result = result;

    /// <summary>How the program ended, and all that it wrote.</summary>
    public ProcessResult Result { get; }

    /// <summary>The exit code.</summary>
    public int ExitCode => Result.ExitCode;

    /// <inheritdoc/>
    public string ErrorId => "ProgramExitCode";

    private static string MessageOf(ProcessResult result)
    {
        string said = $"The program '{Path.GetFileName(result.FilePath)}' ended with exit code "
            + result.ExitCode.ToString(CultureInfo.InvariantCulture);
        return TailOf(result.Error) is { Length: > 0 } tail ? $"{said}: {tail}" : $"{said}.";
    }

    private static string TailOf(object? error)
    {
        string[] lines = error switch
        {
            string[] several => several,
            string one => one.Split('\n', StringSplitOptions.TrimEntries),
            _ => [],
        };
        string tail = string.Join('\n', lines.Where(static line => line.Length > 0).TakeLast(TailLines));
        return tail.Length <= TailLength ? tail : "…" + tail[^TailLength..];
    }
}
