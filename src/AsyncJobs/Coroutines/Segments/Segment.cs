namespace AsyncJobs.Coroutines.Segments;

/// <summary>Statements that run natively, in one go. Compiled when first run, then shared by all tasks of the block.</summary>
/// <param name="unit">The block's.</param>
/// <param name="extent">Where it stands.</param>
/// <param name="statements">New nodes.</param>
/// <param name="isPart">Whether it leaves <c>$?</c> to what is in it, as a part of a statement and a definition do.</param>
internal sealed class Segment(CompilationUnit unit, IScriptExtent extent, IReadOnlyList<StatementAst> statements, bool isPart = false)
    : ISegment
{
    // One for each of what may be around it.
    private readonly ScriptBlock?[] _blocks = new ScriptBlock?[4];
    private ScopeEffect? _effects;
    private bool? _namesInStrings;

    private string FrameName { get; init; } = unit.FrameName;

    private bool NamesInStrings => _namesInStrings ??= statements.Any(
        static statement => statement.Find(static node => node is ExpandableStringExpressionAst, searchNestedScriptBlocks: true) is not null);

    private bool IsInTrap { get; init; } = unit.IsInTrap;

    /// <summary>What it does to its scope that its text does not show.</summary>
    public ScopeEffect Effects => _effects ??= unit.ScopeEffects.Of(statements, IsInTrap);

    public IScriptExtent Extent => extent;

    public IReadOnlyList<StatementAst> Statements => statements;

    /// <summary>Whether a <c>throw</c> in a block inside it may throw again what a catch around it has caught.</summary>
    public bool IsInCatch { get; init; } = unit.IsInCatch;

    /// <summary>A trap of its own.</summary>
    public TrapStatementAst? Trap { get; init; }

    /// <summary>The lines that a breakpoint in it may be at, where its place has lines of others.</summary>
    public IScriptExtent? Lines { get; init; }

    /// <summary>Other statements at the same place.</summary>
    /// <param name="others">New nodes.</param>
    public Segment With(IReadOnlyList<StatementAst> others) => new(unit, extent, others, isPart) { FrameName = FrameName, IsInCatch = IsInCatch, IsInTrap = IsInTrap };

    /// <summary>Runs it in the frame's scope; what it writes goes to the frame's output.</summary>
    /// <exception cref="RuntimeException">An error, whatever it would end: all steps run inside a try.</exception>
    public void Run(CoroutineFrame frame)
    {
        ScopeEffect effects = frame.Steps.EffectsHere(Effects, NamesInStrings);
        bool isPrepared = frame.Steps.IsPrepared(effects);
        RuntimeException? handled = IsInCatch ? frame.Handled : null;
        ref ScriptBlock? known = ref _blocks[(isPrepared ? 1 : 0) + (handled is null ? 0 : 2)];
        ScriptBlock block = known ??= InLanguageOf(unit, frame, () => Build(isPrepared, handled is not null));
        if (handled is null)
        {
            frame.Steps.Run(block, effects);
        }
        else
        {
            RethrowScope.Run(frame, handled, () => frame.Steps.Run(block, effects));
        }
    }

    /// <summary>Runs a suspending command; null where it has nothing to wait for.</summary>
    public WaitRequest? Ask(CoroutineFrame frame)
    {
        frame.Steps.Request = null;
        Run(frame);
        WaitRequest? request = frame.Steps.Request;
        frame.Steps.Request = null;
        return request;
    }

    /// <summary>Makes a block in the language mode of a coroutine's: the session may be in another by now, that of whoever turns the loop.</summary>
    public static ScriptBlock InLanguageOf(CompilationUnit unit, CoroutineFrame frame, Func<ScriptBlock> build) => frame.Session.CurrentWaiter is { } waiter
        ? BlockLanguage.In(unit.Language, waiter.Cmdlet.SessionState, build)
        : throw new InvalidOperationException("A step of a coroutine runs within a cmdlet that starts or waits.");

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", statements.Select(SourceText.Of));

    /// <summary>A statement that runs an action of the engine's, which a variable holds.</summary>
    public static PipelineAst Running(IScriptExtent extent, string variable) =>
        AstBuilder.Write(extent, AstBuilder.Variable(extent, variable));

    /// <summary>A statement that gives a scope the block's <c>$PSBoundParameters</c>.</summary>
    public static AssignmentStatementAst RestoreBoundParameters(IScriptExtent extent) =>
        AstBuilder.Assign(extent, "PSBoundParameters", AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.BoundParameters)));

    private ScriptBlock Build(bool isPrepared, bool isInCatch)
    {
        IReadOnlyList<StatementAst> own = [.. statements.Select(unit.Copies.Of)];
        if (unit.NamesFurtherScopes)
        {
            own = [.. own.Select(ScopeNumbers.Within)];
        }

        if (unit.UsesSuccess && !IsPureValue)
        {
            own = [.. isPart && own is [AssignmentStatementAst assignment] ? SuccessVariable.Quietly(assignment) : own, SuccessVariable.Note(extent)];
        }

        if (isInCatch)
        {
            // To be caught changes $?.
            own = [RethrowScope.Around(extent, unit.UsesSuccess ? [SuccessVariable.Restore(extent), .. own] : own)];
        }

        StatementAst[] closing =
        [
            .. unit.AssignsAutomatics ? AutomaticsNote.Note(extent) : [],
            .. isPrepared ? [Running(extent, EngineNames.LeaveScope)] : Array.Empty<StatementAst>(),
        ];
        if (closing.Length > 0)
        {
            // Stock is taken also where an error ends it.
            own = [new TryStatementAst(extent, new StatementBlockAst(extent, own, null), null, new StatementBlockAst(extent, closing, null))];
        }

        var body = new StatementBlockAst(extent, [AstBuilder.KeepVariables(), .. Preparations(isPrepared), .. own], Trap is null ? null : [(TrapStatementAst)Trap.Copy()]);

        // PowerShell looks for breakpoints in the lines of the whole block.
        IScriptExtent whole = Lines is not null ? Lines : statements.Count == 1 ? extent : Extents.Span(extent, statements[^1].Extent);
        return unit.Bind(whole, parameters: null, body, FrameName);
    }

    // A part of an expression leaves $? as it is, unless a command or statement runs in it.
    private bool IsPureValue => isPart && !SyntaxFacts.MaySetSuccess(statements is [AssignmentStatementAst { Right: var value }] ? value : statements[0]);

    /// <summary>What makes the segment's scope, which is new, the block's.</summary>
    private IEnumerable<StatementAst> Preparations(bool isPrepared)
    {
        if (unit.SaysWhere)
        {
            yield return AstBuilder.Assign(extent, "MyInvocation", AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Invocation)));
        }

        if (unit.UsesCmdlet)
        {
            yield return AstBuilder.Assign(extent, "PSCmdlet", AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Cmdlet)));
        }

        if (unit.UsesBoundParameters)
        {
            yield return RestoreBoundParameters(extent);
        }

        if (unit.AssignsAutomatics)
        {
            yield return AutomaticsNote.Restore(extent);
        }

        if (isPrepared)
        {
            yield return Running(extent, EngineNames.EnterScope);
        }

        // The last, since the others change it.
        if (unit.UsesSuccess)
        {
            yield return SuccessVariable.Restore(extent);
        }
    }
}
