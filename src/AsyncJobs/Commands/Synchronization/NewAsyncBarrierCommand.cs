namespace AsyncJobs;

/// <summary>New-AsyncBarrier: makes so many wait for each other (asyncio's <c>Barrier</c>).</summary>
[Cmdlet(VerbsCommon.New, "AsyncBarrier")]
[OutputType(typeof(AsyncBarrier))]
public sealed class NewAsyncBarrierCommand : PSCmdlet
{
    /// <summary>How many wait for each other.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int Parties { get; set; }

    /// <summary>A name for people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes a barrier at which nobody waits.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncBarrier(Parties, Name));
}
