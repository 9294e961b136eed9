namespace AsyncJobs;

/// <summary>Start-AsyncFileMove: a task for each file or directory that moves or renames it, as <c>Move-Item</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileMove", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncFileMoveCommand : FileCommand
{
    /// <summary>The directory to move into, or the new name; the current directory unless given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Awaiting the task gives what was moved.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts a task for each file or directory.</summary>
    protected override void ProcessRecord()
    {
        FilePath destination = FilePath.Literal(SessionState, Destination);
        foreach (FilePath file in Resolve(static _ => { }))
        {
            // Here, for the first directory of several may become the destination.
            string source = System.IO.Path.TrimEndingDirectorySeparator(file.Path);
            string target = FileCopier.TargetFor(source, destination.Path);
            bool isDirectory = file.Error is null && Directory.Exists(source);
            if (ShouldProcess($"Item: {source} Destination: {target}", isDirectory ? "Move Directory" : "Move File"))
            {
                FilePath failing = file.Error is null && destination.Error is not null ? destination : file;
                StartFor(failing, (_, stop) => FileOperations.RunAsync(token => Move(source, target, token), stop));
            }
        }
    }

    private object? Move(string source, string target, CancellationToken cancellationToken)
    {
        FileSystemInfo moved = FileMover.Move(source, target, Force, cancellationToken);
        return PassThru ? moved : TaskOutput.None;
    }
}
