using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Throws a record in the name of a command, so that the record is told that it is that command's. Not exported: see
/// <see cref="FailureCopy"/>.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "AsyncRecord")]
public class ThrowRecordCommand : PSCmdlet
{
    internal static readonly CmdletInfo Info = new("Send-AsyncRecord", typeof(ThrowRecordCommand));

    /// <summary>What to throw.</summary>
    [Parameter(Position = 0)]
    public ErrorRecord? Record { get; set; }

    /// <summary>The function in whose name it is thrown; this cmdlet itself unless given.</summary>
    [Parameter(Position = 1)]
    public PSCmdlet? Of { get; set; }

    /// <summary>Throws.</summary>
    protected override void EndProcessing() => (Of ?? this).ThrowTerminatingError(Record!);
}
