namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// A redirection of other streams than the output, of something that suspends: each native step runs within a piece of script
/// that has it. What is merged into the output comes out of that.
/// </summary>
/// <param name="unit">The block's.</param>
/// <param name="redirections">The redirections, new nodes; where to is a constant or in a variable of ours.</param>
internal sealed class RedirectedSteps(CompilationUnit unit, IReadOnlyList<RedirectionAst> redirections)
{
    private const string StepName = OwnNames.Prefix + "Step";

    // There for its redirection only.
    private static readonly ScriptPosition Nowhere = new(ScriptFrame.ScopeFile, 1, 1, string.Empty);

    private readonly string[] _files = [.. redirections.OfType<FileRedirectionAst>().Select(static file => file.Location).OfType<VariableExpressionAst>().Select(static file => file.VariablePath.UserPath).Where(OwnNames.Are)];
    private ScriptBlock? _block;

    /// <summary>The place around steps whose merged streams go to a list.</summary>
    public IEnclosingPlace Into(List<object?> output) => new Place(this, output);

    /// <inheritdoc/>
    public override string ToString() => string.Join(" ", redirections.Select(SourceText.Of));

    private ScriptBlock Build()
    {
        var whole = new ScriptExtent(Nowhere, Nowhere);
        var step = new ScriptBlockAst(whole, paramBlock: null, new StatementBlockAst(whole, [AstBuilder.Write(whole, AstBuilder.Variable(whole, StepName))], null), isFilter: false);
        var within = new CommandAst(whole, [new ScriptBlockExpressionAst(whole, step)], TokenKind.Ampersand, redirections.Select(Continued));
        return unit.Bind(whole, parameters: null, new StatementBlockAst(whole, [OutAsyncCoroutineCommand.AppendTo(whole, [within])], null));
    }

    /// <summary>What a redirection is for the rest of something: it goes on in the file that has been begun.</summary>
    public static RedirectionAst Continued(RedirectionAst redirection) => redirection is FileRedirectionAst file
        ? new FileRedirectionAst(file.Extent, file.FromStream, (ExpressionAst)file.Location.Copy(), append: true)
        : (RedirectionAst)redirection.Copy();

    private void Run(CoroutineFrame frame, List<object?> output, Action action)
    {
        _block ??= Segment.InLanguageOf(unit, frame, Build);
        OutputTarget own = frame.Output;
        var carried = new ExceptionRelay(() =>
        {
            frame.Output = own;
            action();
        });

        // What takes what is merged looks where to when it begins, which is before the step.
        using (frame.WriteTo(output, isValue: false))
        {
            _block.InvokeWithContext(ScriptFrame.NoFunctions, [new PSVariable(StepName, carried), .. _files.Select(name => frame.Variables[name])]);
        }

        carried.Rethrow();
    }

    private sealed class Place(RedirectedSteps steps, List<object?> output) : IEnclosingPlace
    {
        public bool IsRedirection => true;

        public void Run(CoroutineFrame frame, Action action) => steps.Run(frame, output, action);

        public void Run(CoroutineFrame frame, List<PSVariable> variables, Dictionary<string, ScriptBlock> functions, bool isPrepared, Action action) => steps.Run(frame, output, action);
    }
}
