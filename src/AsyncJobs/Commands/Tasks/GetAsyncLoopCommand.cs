namespace AsyncJobs;

/// <summary>Get-AsyncLoop: counts and uptime of the session's loop.</summary>
[Cmdlet(VerbsCommon.Get, "AsyncLoop")]
[OutputType(typeof(AsyncLoopInfo))]
public sealed class GetAsyncLoopCommand : LoopCommand
{
    /// <summary>Writes the loop's state.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncLoopInfo(Session));
}
