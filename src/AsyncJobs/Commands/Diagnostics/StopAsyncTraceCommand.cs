namespace AsyncJobs;

/// <summary>Stop-AsyncTrace: ends the trace and writes it to files, or as an object that can be written later.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AsyncTrace", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTrace))]
public sealed class StopAsyncTraceCommand : LoopCommand
{
    /// <summary>The files: .json for trace viewers, .html for a page; wildcards are allowed.</summary>
    [Alias("FilePath")]
    [Parameter(Position = 0, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The files; every character stands for itself.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Replaces files that are read-only, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Fails where a file exists.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Writes the trace as an object, too, where it goes to files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Ends the trace, unless something is wrong with the paths: then it goes on.</summary>
    protected override void EndProcessing()
    {
        List<string> paths = [.. Resolve()];
        if (!ShouldProcess("trace"))
        {
            return;
        }

        SessionTrace traces = SessionTrace.Of(Session);
        if (traces.Stop() is not { } trace)
        {
            ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException("No trace is under way. Begin one with Start-AsyncTrace."),
                ErrorIds.TraceNotRunning,
                ErrorCategory.InvalidOperation,
                targetObject: null));
            return;
        }

        if (trace.DroppedCount > 0)
        {
            WriteWarning(
                $"The trace was full after {trace.Duration.TotalSeconds:0.###} s: {trace.DroppedCount} events after that are missing. "
                + "Start-AsyncTrace -MaximumEvents gives it more room.");
        }

        traces.Unsaved = trace;
        paths.ForEach(path => Save(trace, path));
        traces.Unsaved = null;
        if (paths.Count == 0 || PassThru)
        {
            WriteObject(trace);
        }
    }

    private IEnumerable<string> Resolve()
    {
        var all = new FileFilter(null, null, null);
        foreach (string given in ParameterSetName == "LiteralPath" ? LiteralPath : Path)
        {
            IReadOnlyList<FilePath> files = ParameterSetName == "LiteralPath"
                ? [FilePath.Literal(SessionState, given)]
                : FilePath.Matching(SessionState, given, all, Force);
            if (files.Count == 0)
            {
                ThrowTerminatingError(ErrorRecords.FileNotFound(given));
            }

            foreach (FilePath file in files)
            {
                Check(file, given);
                yield return file.Path;
            }
        }
    }

    private void Check(FilePath file, string given)
    {
        if (file.Error is { } error)
        {
            ThrowTerminatingError(error);
        }

        try
        {
            AsyncTrace.FormatOf(file.Path);
        }
        catch (TraceFormatException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, given));
        }
    }

    // What cannot be written is kept: the next Stop-AsyncTrace has it.
    private void Save(AsyncTrace trace, string path)
    {
        try
        {
            trace.Save(path, Force, NoClobber);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IHasErrorId)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, path));
        }
    }
}
