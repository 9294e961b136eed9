using System.Text;

namespace AsyncJobs;

/// <summary>
/// Start-AsyncFileWrite: a task for each file that replaces its content in one step, as <c>Set-Content</c>, or adds to
/// it, as <c>Add-Content</c> does.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileWrite", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncFileWriteCommand : FileCommand
{
    private FileContentBuilder? _collected;
    private bool _hasFixedPath;
    private bool _hasFixedValue;

    /// <summary>The files; wildcards are allowed.</summary>
    [Alias("FilePath")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public override string[] Path { get; set; } = [];

    /// <summary>
    /// What to write. From the pipeline, everything goes into the files of the path given; objects that bring a path
    /// bring their own Value.
    /// </summary>
    [Alias("InputObject")]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>Adds to the files instead of replacing them.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Takes bytes and byte arrays, and writes them as they are.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How text is encoded; UTF-8 without byte order mark unless given, and with -Append as the file is marked.</summary>
    [Parameter]
    [EncodingArgument]
    [ArgumentCompleter(typeof(EncodingNames.Completer))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>Writes no line ends.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Fails where the file exists.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Awaiting the task gives the file written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Sees what came by the command line and what comes by the pipeline.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        WarnOfObsolete(Encoding);
        _hasFixedPath = MyInvocation.BoundParameters.ContainsKey(nameof(Path))
            || MyInvocation.BoundParameters.ContainsKey(nameof(LiteralPath));
        _hasFixedValue = MyInvocation.BoundParameters.ContainsKey(nameof(Value));
        if (NoClobber && Append)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-NoClobber and -Append exclude each other.", ErrorIds.InvalidArgument, target: null));
        }
    }

    /// <summary>Collects what goes into one file; starts the tasks of an object that brings a path of its own.</summary>
    protected override void ProcessRecord()
    {
        if (_hasFixedPath)
        {
            TryAdd(_collected ??= NewContent(), Value);
            return;
        }

        FileContentBuilder content = NewContent();
        if (TryGetOwnValue(out object? value) && TryAdd(content, value))
        {
            StartAll(content);
        }
    }

    /// <summary>Writes what was collected. No input at all leaves the files alone, as Set-Content does.</summary>
    protected override void EndProcessing()
    {
        if (_collected is not null)
        {
            StartAll(_collected);
        }
    }

    private FileContentBuilder NewContent() => new(AsByteStream);

    private bool TryGetOwnValue(out object? value)
    {
        value = Value;
        if (_hasFixedValue)
        {
            return true;
        }

        // By value the whole object is bound, as it is by Set-Content; its own property is meant.
        PSPropertyInfo? property = PSObject.AsPSObject(Value).Properties[nameof(Value)];
        if (property is null)
        {
            WriteError(ErrorRecords.InvalidArgument(
                "An object that brings the path must have a property Value, or -Value must be given.", ErrorIds.InvalidArgument, Value));
            return false;
        }

        value = property.Value;
        return true;
    }

    private bool TryAdd(FileContentBuilder content, object? value)
    {
        if (content.TryAdd(value))
        {
            return true;
        }

        ErrorRecord error = ErrorRecords.InvalidArgument(
            "With -AsByteStream the value must be bytes or byte arrays.", ErrorIds.InvalidArgument, value);
        if (_hasFixedPath)
        {
            // Half of what was to go into the one file is not what was asked for.
            ThrowTerminatingError(error);
        }

        WriteError(error);
        return false;
    }

    private void StartAll(FileContentBuilder builder)
    {
        FileContent content = builder.ToContent(endsLines: !NoNewline, Encoding);
        foreach (FilePath file in Resolve(WriteNotFound))
        {
            if (ShouldProcess($"Path: {file.Path}", Append ? "Add Content" : "Set Content"))
            {
                string path = file.Path;
                StartFor(file, (_, stop) => WriteAsync(path, content, stop));
            }
        }
    }

    private async Task<object?> WriteAsync(string path, FileContent content, CancellationToken cancellationToken)
    {
        await (Append
            ? FileWriter.AppendAsync(path, content, Force, cancellationToken)
            : FileWriter.WriteAsync(path, content, Force, NoClobber, cancellationToken)).ConfigureAwait(false);
        return PassThru ? new FileInfo(path) : TaskOutput.None;
    }
}
