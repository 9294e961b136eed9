namespace AsyncJobs.Waits;

/// <summary>
/// Writes a record where the command that it is meant for may not write any more. Not exported: see <see cref="StepRecords"/>.
/// </summary>
[Cmdlet(VerbsCommunications.Write, "AsyncRecord")]
internal sealed class WriteAsyncRecordCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Write-AsyncRecord", typeof(WriteAsyncRecordCommand));

    /// <summary>The record.</summary>
    [Parameter(Position = 0)]
    public object? Record { get; set; }

    protected override void EndProcessing() => new StreamRecord(Record.Unwrap()!, IsDecided: true).WriteTo(this);
}
