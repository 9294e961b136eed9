namespace AsyncJobs;

/// <summary>Start-AsyncFileRemove: a task for each file or directory that removes it, as <c>Remove-Item</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileRemove", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncFileRemoveCommand : FileCommand
{
    /// <summary>
    /// Removes what is in directories too; with -Include or -Exclude, of what is in them at any depth, what they let pass.
    /// </summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Starts a task for each file or directory.</summary>
    protected override void ProcessRecord()
    {
        FileFilter top = Recurse ? new FileFilter(include: null, Exclude, Filter) : Names;
        foreach (FilePath file in Resolve(static _ => { }, top))
        {
            bool isDirectory = file.Error is null && Directory.Exists(file.Path);
            if (ShouldProcess(file.Path, isDirectory ? "Remove Directory" : "Remove File"))
            {
                StartFor(file, RemovalOf(file.Path));
            }
        }
    }

    private TaskWork RemovalOf(string path)
    {
        if (TreeCopier.IsWithin(SessionState.Path.CurrentFileSystemLocation.ProviderPath, path))
        {
            return (_, _) => Task.FromException<object?>(
                new IOException($"'{path}' cannot be removed: it has the current location in it."));
        }

        bool selects = Recurse && ParameterSetName == "Path";
        Func<string, bool>? isIncluded = selects && Include is { Length: > 0 } ? Names.IsIncluded : null;
        Func<string, bool> isExcluded = selects ? Names.IsExcluded : static _ => false;
        return (_, stop) => FileOperations.RunAsync(
            token =>
            {
                new FileRemover(Force, isIncluded, isExcluded, token).Remove(path, Recurse);
                return TaskOutput.None;
            },
            stop);
    }
}
