namespace AsyncJobs;

/// <summary>
/// Throws a record in the name of a command, so that the record is told that it is that command's. Only what derives from
/// it is called: see <see cref="CmdletImpersonation{T}"/>.
/// </summary>
public abstract class ThrowRecordCommand : PSCmdlet
{
    /// <summary>What to throw.</summary>
    [Parameter(Position = 0)]
    public ErrorRecord? Record { get; set; }

    /// <summary>Throws.</summary>
    protected override void EndProcessing() => ThrowTerminatingError(Record!);
}
