namespace AsyncJobs.Errors.Replay;

/// <summary>
/// A command that cannot be made: its failure is then told under which name it was called. Not exported: see
/// <see cref="ErrorReplay"/>.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "AsyncFailure")]
internal sealed class SendAsyncFailureCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Send-AsyncFailure", typeof(SendAsyncFailureCommand));

    /// <summary>Fails.</summary>
    /// <exception cref="RuntimeException">The failure.</exception>
    public SendAsyncFailureCommand() => throw Failure!;

    /// <summary>What it fails with, on this thread: PowerShell hands a constructor nothing.</summary>
    [field: ThreadStatic]
    public static RuntimeException? Failure { get; set; }
}
