namespace AsyncJobs;

/// <summary>A cmdlet that starts one task for each file.</summary>
public abstract class FileCommand : TimeLimitedStartCommand
{
    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public virtual string[] Path { get; set; } = [];

    /// <summary>The files; every character stands for itself.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The files that the paths name, in order; one that cannot be resolved comes with its error.</summary>
    /// <param name="onNoMatch">Called for a path with wildcards that nothing matches.</param>
    private protected IEnumerable<FilePath> Resolve(Action<string> onNoMatch)
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            if (isLiteral)
            {
                yield return FilePath.Literal(SessionState, path);
                continue;
            }

            IReadOnlyList<FilePath> matches = FilePath.Matching(SessionState, path);
            if (matches.Count == 0)
            {
                onNoMatch(path);
            }

            foreach (FilePath match in matches)
            {
                yield return match;
            }
        }
    }

    /// <summary>What the content cmdlets do when nothing matches: an error, and the rest goes on.</summary>
    private protected void WriteNotFound(string path) => WriteError(ErrorRecords.FileNotFound(path));

    /// <summary>Starts and writes the task of one file; where its path has an error, one that fails with it.</summary>
    private protected void StartFor(FilePath file, TaskWork work) => WriteStarted(StartIO(
        file.Error is { } error
            ? (_, _) => Task.FromException<object?>(new TaskFailedException(error.Exception, error, TaskOutput.None))
            : work,
        file.Path));

    /// <summary>Warns of an encoding nobody should use any more.</summary>
    private protected void WarnOfObsolete(System.Text.Encoding? encoding)
    {
        if (EncodingNames.IsObsolete(encoding))
        {
            WriteWarning("Encoding 'UTF-7' is obsolete; use UTF-8.");
        }
    }
}
