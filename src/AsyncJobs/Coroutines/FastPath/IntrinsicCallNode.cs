namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A suspending command that may need no cmdlet.</summary>
/// <param name="call">The command.</param>
/// <param name="usual">The same by way of the cmdlet.</param>
internal sealed class IntrinsicCallNode(CmdletIntrinsic call, AwaitNode usual) : CoroutineNode
{
    protected internal override string Text => $"INTRINSIC {usual.Text}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (!call.TryBegin(frame, out WaitRequest? wait))
        {
            return usual.RunAsync(frame);
        }

        if (wait is not null)
        {
            return usual.RunAsync(frame, wait);
        }

        frame.SetPosition(usual.Place);
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}
