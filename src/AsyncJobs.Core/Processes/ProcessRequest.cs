using System.Text;

namespace AsyncJobs.Core.Processes;

/// <summary>A program to run, and how.</summary>
internal sealed record ProcessRequest
{
    /// <summary>The program's full path.</summary>
    public required string FilePath { get; init; }

    /// <summary>Its arguments, each of which it gets as it is.</summary>
    public required IReadOnlyList<string> ArgumentList { get; init; }

    /// <summary>The folder that it runs in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>All of its environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>How its output and error stream are decoded.</summary>
    public required Encoding Encoding { get; init; }

    /// <summary>What its output is given as.</summary>
    public ProcessOutputKind OutputKind { get; init; }

    /// <summary>Its standard input, empty where there is none.</summary>
    public ProcessInput Input { get; init; } = new();

    /// <summary>The exit codes that are a success.</summary>
    public IReadOnlyList<int> SuccessCodes { get; init; } = [0];

    /// <summary>Called with each line of the error stream while somebody reads the task live.</summary>
    public Action<string>? OnErrorLine { get; init; }
}
