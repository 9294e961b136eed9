namespace AsyncJobs.Coroutines.Nodes;

/// <summary>The call of something that certainly is a part of the coroutine.</summary>
/// <param name="callee">What is called.</param>
/// <param name="isDotted">Whether that runs in the caller's scope.</param>
/// <param name="bind">Has PowerShell bind the call.</param>
/// <param name="place">Where the call stands.</param>
internal sealed class BoundCallNode(Callee callee, bool isDotted, Segment bind, EnclosingPlace place) : CoroutineNode
{
    protected internal override string Text => $"{bind}";

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        ScriptBlock function = callee.Find(frame)!;
        CoroutineProgram program = frame.Program.Compiler.ProgramOf(function)!;
        object? success = frame.Success?.Value;
        BoundCall? bound;
        Action restore = callee.Replace(frame, program.CallBinder);
        try
        {
            bound = frame.Bind(function, isDotted, bind);
        }
        catch (FlowControlException jump) when (Flow.OfJump(jump) is { } jumped)
        {
            // A break in the default of a parameter.
            return jumped;
        }
        finally
        {
            restore();
        }

        if (bound is null)
        {
            return Flow.Next;
        }

        Flow flow = isDotted
            ? await bound.RunDottedAsync(frame, place, success).ConfigureAwait(false)
            : await bound.RunAsync(frame, place, success).ConfigureAwait(false);
        frame.NoteSuccess(true);
        return flow.Kind == FlowKind.Return ? Flow.Next : flow;
    }
}
