namespace AsyncJobs;

/// <summary>New-AsyncSemaphore: a limit on how many do something at once (asyncio's <c>Semaphore</c>).</summary>
[Cmdlet(VerbsCommon.New, "AsyncSemaphore")]
[OutputType(typeof(AsyncSemaphore))]
public sealed class NewAsyncSemaphoreCommand : PSCmdlet
{
    /// <summary>How many permits.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(0, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>Makes giving back more than was taken an error.</summary>
    [Parameter]
    public SwitchParameter Bounded { get; set; }

    /// <summary>One name is one semaphore, everywhere in the process.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemaphoreNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Writes the semaphore.</summary>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(Name is null ? new AsyncSemaphore(Count, Bounded) : AsyncSemaphore.GetOrCreate(Name, Count, Bounded));
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(new ErrorRecord(exception, ErrorIds.SemaphoreMismatch, ErrorCategory.InvalidArgument, Name));
        }
    }
}
