namespace AsyncJobs;

/// <summary>Start-AsyncFileCopy: a task for each file or directory that copies it, as <c>Copy-Item</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileCopy", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTask))]
public sealed partial class StartAsyncFileCopyCommand : FileCommand
{
    /// <summary>The directory to copy into, or the name of the copy; the current directory unless given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Copies what is in directories too; without it a directory is made, empty.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Keeps the directories of what is copied, as is done unless this is set to false.</summary>
    [Parameter]
    public SwitchParameter Container { get; set; } = true;

    /// <summary>Awaiting the task gives what was made.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts a task for each file or directory.</summary>
    protected override void ProcessRecord()
    {
        if (FromSession is not null)
        {
            StartFromSession(FromSession);
        }
        else if (ToSession is not null)
        {
            StartToSession(ToSession);
        }
        else
        {
            StartHere();
        }
    }

    private void StartHere()
    {
        FilePath destination = FilePath.Literal(SessionState, Destination);
        foreach (FilePath file in Resolve(static _ => { }))
        {
            bool isDirectory = file.Error is null && Directory.Exists(file.Path);
            if (ShouldProcess($"Item: {file.Path} Destination: {destination.Path}", isDirectory ? "Copy Directory" : "Copy File"))
            {
                StartOne(file.Error is null && destination.Error is not null ? destination : file, destination.Path, isDirectory);
            }
        }
    }

    private void StartOne(FilePath source, string destination, bool isDirectory)
    {
        string path = source.Path;
        if (source.Error is null && isDirectory)
        {
            bool flattens = Recurse && !Container && Directory.Exists(destination);
            string target = flattens ? destination : TargetOfDirectory(path, destination);
            StartFor(source, (_, stop) => FileOperations.RunAsync(token => CopyTree(path, target, flattens, token), stop));
        }
        else
        {
            StartFor(source, (_, stop) => FileOperations.RunAsync(token => CopyFile(path, destination, token), stop));
        }
    }

    /// <summary>
    /// The first of several directories may become the destination, and the next go into it. That is settled here, in
    /// the order of the input, for the tasks run in any order.
    /// </summary>
    private static string TargetOfDirectory(string path, string destination)
    {
        if (Directory.Exists(destination))
        {
            return System.IO.Path.Combine(destination, System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)));
        }

        try
        {
            if (!TreeCopier.IsWithin(destination, path))
            {
                TreeCopier.MakeDirectory(path, destination);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The task meets it again, and fails with it.
        }

        return destination;
    }

    private object? CopyFile(string path, string destination, CancellationToken cancellationToken)
    {
        string target = FileCopier.TargetFor(path, destination);
        FileCopier.Copy(path, target, Force, cancellationToken);
        return PassThru ? new FileInfo(target) : TaskOutput.None;
    }

    // As Copy-Item, which takes all directories.
    private bool Takes(FileSystemInfo item) => item is DirectoryInfo || (!Names.IsExcluded(item.Name) && Names.Passes(item.Name));

    private object? CopyTree(string path, string target, bool flattens, CancellationToken cancellationToken)
    {
        IReadOnlyList<FileSystemInfo> copies = TreeCopier.Copy(path, target, Recurse, Force, Takes, flattens, cancellationToken);
        return !PassThru ? TaskOutput.None : copies.Count == 1 ? copies[0] : new TaskOutput(copies.ToArray<object?>());
    }
}
