using System.Diagnostics;

namespace AsyncJobs;

/// <summary>
/// ConvertTo-AsyncTask: makes a task of what else ends some time (asyncio's <c>wrap_future</c> and <c>ensure_future</c>).
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "AsyncTask")]
[OutputType(typeof(AsyncTask))]
public sealed class ConvertToAsyncTaskCommand : LoopCommand
{
    /// <summary>A .NET Task or ValueTask, a Job, an IAsyncResult, a WaitHandle or a Process; a task of ours is passed on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The task's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Converts one object.</summary>
    protected override void ProcessRecord()
    {
        var options = new TaskOptions { Name = Name, Origin = Origin };
        object? bare = InputObject.Unwrap();
        Future? future = bare switch
        {
            WaitHandle handle => TaskAdapters.FromWaitHandle(Session.Runner, handle, options),
            Process process =>
                TaskAdapters.FromTask(Session.Runner, ExitCodeAsync(process), options with { Name = Name ?? NameOf(process), Command = NameOf(process) }),

            // Every .NET Task is an IAsyncResult too, and has a result to give.
            IAsyncResult result and not System.Threading.Tasks.Task =>
                TaskAdapters.FromWaitHandle(Session.Runner, result.AsyncWaitHandle, options),
            _ => Awaitables.TryAdapt(Session, bare, options, out Future? adapted) ? adapted : null,
        };

        if (future is not null)
        {
            WriteObject(future);
        }
        else
        {
            RefuseNotAwaitable(InputObject);
        }
    }

    // A process that has ended has no name any more, but knows what it was started as.
    private static string? NameOf(Process process)
    {
        try
        {
            return process.HasExited ? Path.GetFileNameWithoutExtension(process.StartInfo.FileName) : process.ProcessName;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<int> ExitCodeAsync(Process process)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }
}
