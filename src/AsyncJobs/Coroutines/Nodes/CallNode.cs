using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>The call of a function that awaits: the function runs as a part of the coroutine, in a frame of its own.</summary>
/// <param name="unit">The caller's.</param>
/// <param name="call">The call as the script has it.</param>
/// <param name="bind">The call, run where the function's name stands for what takes its arguments: PowerShell binds it.</param>
/// <param name="native">The call as PowerShell runs it, for what cannot be such a part.</param>
internal sealed class CallNode(CompilationUnit unit, CommandAst call, Segment bind, CoroutineNode native) : CoroutineNode
{
    private readonly string _name = call.GetCommandName();
    private readonly string[] _splatted = [.. call.CommandElements.OfType<VariableExpressionAst>().Where(static element => element.Splatted).Select(static element => element.VariablePath.UserPath)];
    private readonly EnclosingPlace _place = new(unit, call.Extent, isCall: true);

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        frame.Caller is { Depth: >= NestingLimits.CallsInCoroutine } || !_splatted.All(name => MaySplat(frame, name))
            || frame.FindFunction(_name) is not { } function || frame.Program.Compiler.ProgramOf(function) is not { } program
            ? native.RunAsync(frame)
            : RunAsync(frame, function, program);

    private async ValueTask<Flow> RunAsync(CoroutineFrame frame, ScriptBlock function, CoroutineProgram program)
    {
        object? success = frame.Success?.Value;
        BoundCall bound;
        try
        {
            bound = frame.Bind(_name, function, program.CallBinder, bind);
        }
        catch (FlowControlException jump) when (Flow.OfJump(jump) is { } jumped)
        {
            // A break in the default of a parameter.
            return jumped;
        }

        Flow flow = await bound.RunAsync(frame, _place, success).ConfigureAwait(false);
        frame.NoteSuccess(true);
        return flow.Kind == FlowKind.Return ? Flow.Next : flow;
    }

    // What says by a table that its streams go elsewhere, or may do so.
    private static bool MaySplat(CoroutineFrame frame, string name) => frame.ValueOf(name).Unwrap() switch
    {
        IDictionary table => !table.Keys.OfType<string>().Any(VariableNames.NamesStream),
        null => false,
        _ => true,
    };
}
