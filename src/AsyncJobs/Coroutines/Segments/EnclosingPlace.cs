namespace AsyncJobs.Coroutines.Segments;

/// <summary>A place in a block that stands around what runs now as a part of the coroutine: a pipeline around the blocks of its commands, a call around the function.</summary>
/// <param name="unit">The block's.</param>
/// <param name="extent">The place.</param>
/// <param name="isCall">Whether what runs there sees the block's scope from outside.</param>
internal sealed class EnclosingPlace(CompilationUnit unit, IScriptExtent extent, bool isCall = false) : IEnclosingPlace
{
    private const string StepName = OwnNames.Prefix + "Step";

    // Of no file, whose breakpoints would be hit at each step.
    private static readonly ScriptPosition Nowhere = new(ScriptFrame.File, 1, 1, string.Empty);

    private readonly string _frameName = unit.FrameName;
    private ScriptBlock? _plain;
    private ScriptBlock? _prepared;

    /// <summary>Runs something in a frame of that place, and throws what it throws.</summary>
    public void Run(CoroutineFrame frame, Action action) => Run(frame, [], ScriptFrame.NoFunctions, isPrepared: false, action);

    /// <inheritdoc/>
    public void Run(CoroutineFrame frame, List<PSVariable> variables, Dictionary<string, ScriptBlock> functions, bool isPrepared, Action action)
    {
        ref ScriptBlock? block = ref isPrepared ? ref _prepared : ref _plain;
        block ??= Segment.InLanguageOf(unit, frame, () => Build(isPrepared));
        var carried = new ExceptionRelay(action);
        var step = new PSVariable(StepName, carried);
        variables.Add(step);
        block.InvokeWithContext(functions, variables);
        carried.Rethrow();
    }

    private ScriptBlock Build(bool isPrepared)
    {
        var whole = new ScriptExtent(Nowhere, Nowhere);
        StatementAst[] scope =
        [
            .. isCall && unit.UsesUsing ? [Segment.RestoreBoundParameters(whole)] : Array.Empty<StatementAst>(),
            .. isPrepared ? [Segment.Running(whole, EngineNames.EnterScope)] : Array.Empty<StatementAst>(),
        ];
        StatementAst[] leaving = isPrepared ? [Segment.Running(whole, EngineNames.LeaveScope)] : [];
        return unit.Bind(
            whole, parameters: null, new StatementBlockAst(whole, [.. scope, AstBuilder.Write(extent, AstBuilder.Variable(extent, StepName)), .. leaving], null), _frameName);
    }
}
