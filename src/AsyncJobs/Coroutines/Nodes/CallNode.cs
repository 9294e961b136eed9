using System.Collections;

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
/// <param name="redirect">Puts the call's redirections around it.</param>
internal sealed class CallNode(CompilationUnit unit, CommandAst call, Callee callee, Segment bind, CoroutineNode native, Func<CoroutineNode, CoroutineNode> redirect) : CoroutineNode
{
    private CoroutineNode _part = redirect(new BoundCallNode(
        callee, CallSite.IsDotted(call), bind, new EnclosingPlace(unit, call.Extent, isCall: !CallSite.IsDotted(call))));

    private readonly bool _isDotted = CallSite.IsDotted(call);
    private readonly string[] _splatted = [.. call.CommandElements.OfType<VariableExpressionAst>().Where(static element => element.Splatted).Select(static element => element.VariablePath.UserPath)];

    protected internal override string Text => "call";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part("bound", ref _part);
        visitor.Part("by PowerShell", ref native);
    }

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        frame.Caller is { Depth: >= NestingLimits.CallsInCoroutine } || !_splatted.All(name => MaySplat(frame, name))
            || callee.Find(frame) is not { } function || (_isDotted && !MayDot(frame, function)) || frame.Program.Compiler.ProgramOf(function) is null
            ? native.RunAsync(frame)
            : _part.RunAsync(frame);

    // What is of another module runs in a scope of that.
    private static bool MayDot(CoroutineFrame frame, ScriptBlock function) => ReferenceEquals(frame.Program.Module, function.Module);

    // What says by a table that its streams go elsewhere, or may do so.
    private static bool MaySplat(CoroutineFrame frame, string name) => frame.ValueOf(name).Unwrap() switch
    {
        IDictionary table => !table.Keys.OfType<string>().Any(VariableNames.NamesStream),
        null => false,
        _ => true,
    };
}
