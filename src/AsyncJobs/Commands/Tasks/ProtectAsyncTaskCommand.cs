namespace AsyncJobs;

/// <summary>
/// Protect-AsyncTask: a task that ends as another does, but whose cancellation does not reach that one (asyncio's
/// <c>shield</c>).
/// </summary>
[Cmdlet(VerbsSecurity.Protect, "AsyncTask")]
[OutputType(typeof(AsyncTask))]
public sealed class ProtectAsyncTaskCommand : AwaitCommand
{
    private TaskOptions? _options;

    /// <summary>A name for the new tasks; without it they have the names of those they protect.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes the task to wait for; one that has ended needs no protection. Its streams are for those who wait.</summary>
    private protected override bool TryAdd(object? value)
    {
        _options ??= new TaskOptions { Name = Name, Origin = Origin };
        if (!Awaitables.TryAdapt(Session, value, _options, out Future? future))
        {
            return false;
        }

        WriteObject(future is AsyncTask { IsCompleted: true }
            ? future
            : new ProtectedTask(future, _options with { Name = Name ?? future.Name }, Session.Tasks));
        return true;
    }
}
