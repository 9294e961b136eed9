namespace AsyncJobs.Hosting;

/// <summary>
/// Takes what coroutines' steps write to other streams than the output, as they write it, for the command that they run
/// within. Not exported: see <see cref="StepPipeline"/>.
/// </summary>
[Cmdlet(VerbsData.Out, "AsyncRecord")]
internal sealed class OutAsyncRecordCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Out-AsyncRecord", typeof(OutAsyncRecordCommand));

    private readonly ILoopHost _host = RunspaceLoop.Current.CurrentWaiter!;

    /// <summary>The record.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? Record { get; set; }

    protected override void ProcessRecord() => _host.TakeRecord(Record.Unwrap()!);
}
