namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Set-StrictMode with a version that is written: it holds in what comes behind it.</summary>
/// <param name="call">The call, which checks what it is given.</param>
/// <param name="version">The version; 0 for none.</param>
internal sealed class StrictModeNode(Segment call, int version) : CoroutineNode
{
    protected internal override string Text => $"strict mode {version}: {call}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        call.Run(frame);
        frame.Scope.StrictVersion = version;
        return new ValueTask<Flow>(Flow.Next);
    }
}
