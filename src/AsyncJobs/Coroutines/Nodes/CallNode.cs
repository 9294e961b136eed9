using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>
/// The call of a function or block that awaits: it runs as a part of the coroutine, in a frame of its own or, where it is
/// dotted, in the caller's.
/// </summary>
/// <param name="unit">The caller's.</param>
/// <param name="call">The call as the script has it.</param>
/// <param name="callee">What it calls.</param>
/// <param name="bind">The call, run where what takes its arguments stands for what it calls: PowerShell binds it.</param>
/// <param name="native">The call as PowerShell runs it, for what cannot be such a part.</param>
internal sealed class CallNode(CompilationUnit unit, CommandAst call, Callee callee, Segment bind, CoroutineNode native) : CoroutineNode
{
    private readonly bool _isDotted = CallSite.IsDotted(call);
    private readonly string[] _splatted = [.. call.CommandElements.OfType<VariableExpressionAst>().Where(static element => element.Splatted).Select(static element => element.VariablePath.UserPath)];
    private readonly EnclosingPlace _place = new(unit, call.Extent, isCall: !CallSite.IsDotted(call));

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        frame.Caller is { Depth: >= NestingLimits.CallsInCoroutine } || !_splatted.All(name => MaySplat(frame, name))
            || callee.Find(frame) is not { } function || (_isDotted && !MayDot(frame, function)) || frame.Program.Compiler.ProgramOf(function) is not { } program
            ? native.RunAsync(frame)
            : RunAsync(frame, function, program);

    private async ValueTask<Flow> RunAsync(CoroutineFrame frame, ScriptBlock function, CoroutineProgram program)
    {
        object? success = frame.Success?.Value;
        BoundCall? bound;
        Action restore = callee.Replace(frame, program.CallBinder);
        try
        {
            bound = frame.Bind(function, _isDotted, bind);
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

        Flow flow = _isDotted
            ? await bound.RunDottedAsync(frame, _place, success).ConfigureAwait(false)
            : await bound.RunAsync(frame, _place, success).ConfigureAwait(false);
        frame.NoteSuccess(true);
        return flow.Kind == FlowKind.Return ? Flow.Next : flow;
    }

    // What is of another module runs in a scope of that.
    private static bool MayDot(CoroutineFrame frame, ScriptBlock function) => frame.Program.KeepsScope && ReferenceEquals(frame.Program.Module, function.Module);

    // What says by a table that its streams go elsewhere, or may do so.
    private static bool MaySplat(CoroutineFrame frame, string name) => frame.ValueOf(name).Unwrap() switch
    {
        IDictionary table => !table.Keys.OfType<string>().Any(VariableNames.NamesStream),
        null => false,
        _ => true,
    };
}
