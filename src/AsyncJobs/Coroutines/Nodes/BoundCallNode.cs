namespace AsyncJobs.Coroutines.Nodes;

/// <summary>The call of something that certainly is a part of the coroutine.</summary>
/// <param name="callee">What is called.</param>
/// <param name="isDotted">Whether that runs in the caller's scope.</param>
/// <param name="bind">Has PowerShell bind the call.</param>
/// <param name="place">Where the call stands.</param>
internal sealed class BoundCallNode(Callee callee, bool isDotted, Segment bind, EnclosingPlace place) : CoroutineNode
{
    protected internal override string Text => $"{bind}";

    /// <summary>What is called.</summary>
    public Callee Callee => callee;

    /// <summary>Whether that runs in the caller's scope.</summary>
    public bool IsDotted => isDotted;

    /// <summary>The call, as PowerShell binds it.</summary>
    public CommandAst Command => (CommandAst)((PipelineAst)bind.Statements[0]).PipelineElements[0];

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        ScriptBlock function = callee.Find(frame)!;
        CoroutineProgram program = frame.Program.Compiler.ProgramOf(function)!;
        object? success = frame.Success?.Value;
        BoundCall? bound;
        try
        {
            using ScopeExit restore = callee.Replace(frame, program.CallBinder);
            bound = frame.Calls.Bind(function, isDotted, bind);
        }
        catch (FlowControlException jump) when (Flow.OfJump(jump) is { } jumped)
        {
            // A break in the default of a parameter.
            return jumped;
        }

        return bound is null ? Flow.Next : await RunAsync(frame, bound, success).ConfigureAwait(false);
    }

    /// <summary>Runs what is called.</summary>
    /// <param name="frame">The caller's.</param>
    /// <param name="bound">The call, bound.</param>
    /// <param name="success">What <c>$?</c> was before the call.</param>
    public async ValueTask<Flow> RunAsync(CoroutineFrame frame, BoundCall bound, object? success)
    {
        Flow flow = isDotted
            ? await bound.RunDottedAsync(frame, place, success).ConfigureAwait(false)
            : await bound.RunAsync(frame, place, success).ConfigureAwait(false);
        frame.NoteSuccess(true);
        return flow.Kind == FlowKind.Return ? Flow.Next : flow;
    }
}
