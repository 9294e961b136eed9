namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A statement that is a command of ours which does not wait, done without running PowerShell where that comes to the same.</summary>
/// <param name="call">The command.</param>
/// <param name="native">The statement as PowerShell runs it.</param>
internal sealed class IntrinsicStatementNode(CmdletIntrinsic call, CoroutineNode native) : FastPathNode(native)
{
    protected internal override string Text => $"INTRINSIC {Native.Text}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (!call.TryBegin(frame, out _))
        {
            return Native.RunAsync(frame);
        }

        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}
