namespace AsyncJobs;

/// <summary>How a program that has ended ended, and what it wrote.</summary>
public sealed class ProcessResult
{
    internal ProcessResult(string filePath, IReadOnlyList<string> argumentList)
    {
        FilePath = filePath;
        ArgumentList = argumentList;
    }

    /// <summary>The exit code; of a program that a signal has ended, 128 and the signal's number.</summary>
    public int ExitCode { get; internal init; }

    /// <summary>Whether the exit code is one that counts as success.</summary>
    public bool IsSuccess { get; internal init; }

    /// <summary>What it wrote to its output: as a variable gets it that a program is assigned to, as one string, or as bytes.</summary>
    public object? Output { get; internal init; }

    /// <summary>What it wrote to its error stream, as text in the form of the output.</summary>
    public object? Error { get; internal init; }

    /// <summary>The number the process had.</summary>
    public int Id { get; internal init; }

    /// <summary>When it was started.</summary>
    public DateTime StartTime { get; internal init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>False where others still held its output or error stream open when reading ended, a while after its own end.</summary>
    public bool IsOutputComplete { get; internal init; }

    /// <summary>The program.</summary>
    public string FilePath { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> ArgumentList { get; }

    /// <summary>The program's name and exit code.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path.GetFileName(FilePath)}: exit code {ExitCode}");
}
