namespace AsyncJobs.Errors.Replay;

/// <summary>Throws a record in the name of the function that calls it. Of no command table: see <see cref="ErrorReplay"/>.</summary>
[Cmdlet(VerbsCommunications.Send, "AsyncRecord")]
internal sealed class SendAsyncRecordCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Send-AsyncRecord", typeof(SendAsyncRecordCommand));

    [Parameter(Position = 0)]
    public ErrorRecord? Record { get; set; }

    /// <summary>The function in whose name it is thrown.</summary>
    [Parameter(Position = 1)]
    public PSCmdlet? Of { get; set; }

    protected override void EndProcessing() => Of!.ThrowTerminatingError(Record!);
}
