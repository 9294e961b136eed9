namespace AsyncJobs;

/// <summary>
/// New-AsyncQueue: hands items from one piece of work to another (asyncio's <c>Queue</c>, <c>LifoQueue</c>, <c>PriorityQueue</c>).
/// </summary>
[Cmdlet(VerbsCommon.New, "AsyncQueue")]
[OutputType(typeof(AsyncQueue))]
public sealed class NewAsyncQueueCommand : PSCmdlet
{
    /// <summary>How many items it holds before putting waits; 0 for no limit.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, int.MaxValue)]
    public int Capacity { get; set; }

    /// <summary>Which item comes out next.</summary>
    [Parameter]
    public AsyncQueueKind Kind { get; set; }

    /// <summary>A name for people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes the queue.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncQueue(Capacity, Kind, Name));
}
