namespace AsyncJobs;

/// <summary>New-AsyncLock: lets one at a time do something (asyncio's <c>Lock</c>).</summary>
[Cmdlet(VerbsCommon.New, "AsyncLock")]
[OutputType(typeof(AsyncLock))]
public sealed class NewAsyncLockCommand : PSCmdlet
{
    /// <summary>A name for people.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes a lock that is free.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncLock(Name));
}
