using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// A command that cannot be made: its failure is then told under which name it was called. Not exported: see
/// <see cref="FailureCopy"/>.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "AsyncFailure")]
internal sealed class FailingCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Send-AsyncFailure", typeof(FailingCommand));

    /// <summary>Fails.</summary>
    /// <exception cref="RuntimeException">The failure.</exception>
    public FailingCommand() => throw Failure!;

    /// <summary>What it fails with, on this thread.</summary>
    [field: ThreadStatic]
    public static RuntimeException? Failure { get; set; }
}
