using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Statements that run natively, in one go. Compiled when first run, then shared by all tasks of the block.</summary>
/// <param name="unit">The block's.</param>
/// <param name="extent">Where it stands.</param>
/// <param name="statements">New nodes.</param>
/// <param name="kind">What an error in it ends.</param>
internal sealed class Segment(CoroutineUnit unit, IScriptExtent extent, IReadOnlyList<StatementAst> statements, SegmentKind kind = SegmentKind.Statements)
{
    // A dot-sourcing, even a dead one, makes PowerShell keep a block's variables as PSVariable objects.
    private static readonly StatementAst Unoptimized = ParseStatement("if (0) { . {} }");

    private ScriptBlock? _block;
    private ScriptBlock? _tried;

    private readonly string _frameName = unit.FrameName;

    /// <summary>A trap of its own.</summary>
    public TrapStatementAst? Trap { get; init; }

    /// <summary>The lines that a breakpoint in it may be at, where its place has lines of others.</summary>
    public IScriptExtent? Lines { get; init; }

    /// <summary>Whether errors in it end a statement that it is a part of.</summary>
    public bool IsPart => kind == SegmentKind.Part;

    /// <summary>Runs it in the frame's scope; what it writes goes to the frame's output.</summary>
    /// <exception cref="RuntimeException">An error: where no try stands around it, one that ends more than its statement.</exception>
    public void Run(CoroutineFrame frame)
    {
        if (kind == SegmentKind.Judging || frame.IsGuarded)
        {
            frame.Run(unit.KeepsScope || unit.AssignsAutomatics ? _tried ??= Build(frame, isTried: true) : _block ??= Build(frame, isTried: false), isTried: true);
            return;
        }

        try
        {
            frame.Run(_block ??= Build(frame, isTried: false), isTried: false);
        }
        catch (RuntimeException error)
        {
            frame.Halting = error;
            throw;
        }
    }

    /// <summary>Runs a part of a statement that ends in one of our cmdlets, which says that it has come to its end.</summary>
    /// <exception cref="StatementEndedException">It has not: PowerShell has reported its error.</exception>
    public void RunToEnd(CoroutineFrame frame)
    {
        frame.HasComeToEnd = false;
        Run(frame);
        if (IsPart && !frame.HasComeToEnd && !frame.IsGuarded)
        {
            throw new StatementEndedException();
        }
    }

    /// <summary>Runs a suspending command; null where it has nothing to wait for.</summary>
    public WaitRequest? Ask(CoroutineFrame frame)
    {
        frame.Request = null;
        RunToEnd(frame);
        WaitRequest? request = frame.Request;
        frame.Request = null;
        return request;
    }

    /// <summary>A statement that does nothing, and keeps the variables of the block it is in as PSVariable objects.</summary>
    public static StatementAst KeepVariables() => (StatementAst)Unoptimized.Copy();

    private static ScriptBlockAst Parse(string text) => Parser.ParseInput(text, out _, out _);

    private static StatementAst ParseStatement(string text) => Parse(text).EndBlock.Statements[0];

    /// <summary>Makes a block in the language mode of a coroutine's: the session may be in another by now, that of whoever turns the loop.</summary>
    public static ScriptBlock InLanguageOf(CoroutineUnit unit, CoroutineFrame frame, Func<ScriptBlock> build) => frame.Session.CurrentWaiter is { } waiter
        ? BlockLanguage.In(unit.Language, waiter.SessionState, build)
        : throw new InvalidOperationException("A step of a coroutine runs within a cmdlet that starts or waits.");

    private ScriptBlock Build(CoroutineFrame frame, bool isTried) => InLanguageOf(unit, frame, () => Build(isTried));

    private ScriptBlock Build(bool isTried)
    {
        IReadOnlyList<StatementAst> own = [.. statements.Select(static statement => (StatementAst)statement.Copy())];
        if (unit.UsesSuccess && !IsPureValue)
        {
            own = [.. kind == SegmentKind.Part && own is [AssignmentStatementAst assignment] ? SuccessStatus.Quietly(assignment) : own, SuccessStatus.Note(extent)];
        }

        StatementAst[] closing =
        [
            .. unit.AssignsAutomatics ? OwnAutomatics.Note(extent) : [],
            .. unit.KeepsScope ? new[] { ScopeKeeping.Keep(extent, MayDefineFunctions) } : [],
        ];
        if (closing.Length > 0)
        {
            own = WithClosing(own, closing, isTried);
        }

        var body = new StatementBlockAst(extent, [KeepVariables(), .. Preparations(), .. own], Trap is null ? null : [(TrapStatementAst)Trap.Copy()]);

        // PowerShell looks for breakpoints in the lines of the whole block.
        IScriptExtent whole = Lines is not null ? Lines : statements.Count == 1 ? extent : Extents.Span(extent, statements[^1].Extent);
        return unit.Bind(whole, parameters: null, body, _frameName);
    }

    // A part of an expression leaves $? as it is, unless a command or statement runs in it.
    private bool IsPureValue => kind != SegmentKind.Statements && !SyntaxFacts.MaySetSuccess(statements is [AssignmentStatementAst { Right: var value }] ? value : statements[0]);

    /// <summary>What makes the segment's scope, which is new, the block's.</summary>
    private IEnumerable<StatementAst> Preparations()
    {
        if (unit.SaysWhere)
        {
            yield return Factory.Assign(extent, "MyInvocation", Factory.Write(extent, Factory.Variable(extent, CoroutineStart.InvocationName)));
        }

        if (unit.UsesCmdlet)
        {
            yield return Factory.Assign(extent, "PSCmdlet", Factory.Write(extent, Factory.Variable(extent, CoroutineStart.CmdletName)));
        }

        if (unit.UsesBoundParameters)
        {
            yield return Factory.Assign(extent, "PSBoundParameters", Factory.Write(extent, Factory.Variable(extent, ParameterBinding.BoundName)));
        }

        if (unit.AssignsAutomatics)
        {
            yield return OwnAutomatics.Restore(extent);
        }

        if (unit.KeepsScope)
        {
            foreach (StatementAst statement in ScopeKeeping.Restore(extent, MayDefineFunctions))
            {
                yield return statement;
            }
        }

        // The last, since the others change it.
        if (unit.UsesSuccess)
        {
            yield return SuccessStatus.Restore(extent);
        }
    }

    private bool MayDefineFunctions => statements.Any(ScopeEffects.MayDefineFunctions);

    // An error that comes out at once must not come out before stock is taken; one that does not lets the next statement run.
    private IReadOnlyList<StatementAst> WithClosing(IReadOnlyList<StatementAst> own, StatementAst[] closing, bool isTried) => isTried
        ? [new TryStatementAst(extent, new StatementBlockAst(extent, own, null), null, new StatementBlockAst(extent, closing, null))]
        : [.. own, .. closing];
}
