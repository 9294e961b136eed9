namespace AsyncJobs;

/// <summary>A cmdlet that starts one task for each file.</summary>
public abstract class FileCommand : TimeLimitedStartCommand
{
    private FileFilter? _names;

    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public virtual string[] Path { get; set; } = [];

    /// <summary>The files; every character stands for itself.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Patterns of which one must match a file's name.</summary>
    [Parameter]
    public string[]? Include { get; set; }

    /// <summary>Patterns of which none may match a file's name.</summary>
    [Parameter]
    public string[]? Exclude { get; set; }

    /// <summary>A pattern for the names of what wildcards match, and of the files in folders that are copied.</summary>
    [Parameter]
    public string? Filter { get; set; }

    /// <summary>Takes what is hidden or read-only, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Which files are meant, by their names.</summary>
    private protected FileFilter Names => _names ??= new FileFilter(Include, Exclude, Filter);

    /// <summary>The files that the paths name, in order; one that cannot be resolved comes with its error.</summary>
    /// <param name="onNoMatch">Called for a path that nothing matches.</param>
    private protected IEnumerable<FilePath> Resolve(Action<string> onNoMatch) => Resolve(onNoMatch, Names);

    /// <summary>As the other, of those files that a filter lets pass.</summary>
    private protected IEnumerable<FilePath> Resolve(Action<string> onNoMatch, FileFilter filter)
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            if (isLiteral)
            {
                yield return FilePath.Literal(SessionState, path);
                continue;
            }

            IReadOnlyList<FilePath> matches = FilePath.Matching(SessionState, path, filter, Force);
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
