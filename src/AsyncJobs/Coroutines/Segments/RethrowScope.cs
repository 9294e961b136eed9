namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// The catch that a segment stands in, natively: a <c>throw</c> with nothing behind it, in a block inside the segment, throws
/// again what PowerShell has caught there.
/// </summary>
internal static class RethrowScope
{
    /// <summary>Whether a catch has such a throw.</summary>
    public static bool IsNeeded(CatchClauseAst clause) => clause.Body.FindAll(static node => node is ScriptBlockAst, searchNestedScriptBlocks: true).Any(static block =>
        block.Find(static node => node is ThrowStatementAst { Pipeline: null }, searchNestedScriptBlocks: true) is not null);

    /// <summary>Statements within a catch of what the frame handles.</summary>
    public static StatementAst Around(IScriptExtent extent, IReadOnlyList<StatementAst> statements)
    {
        StatementAst item = AstBuilder.Assign(extent, "_", AstBuilder.Write(extent, AstBuilder.Variable(extent, EngineNames.Underscore)));
        var caught = new CatchClauseAst(extent, null, new StatementBlockAst(extent, [item, Segment.Running(extent, EngineNames.Handled), .. statements], null));
        return new TryStatementAst(extent, new StatementBlockAst(extent, [Segment.Running(extent, EngineNames.Handled)], null), [caught], @finally: null);
    }

    /// <summary>Runs a segment made of that.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="handled">What is caught.</param>
    /// <param name="run">Runs the segment.</param>
    public static void Run(CoroutineFrame frame, RuntimeException handled, Action run)
    {
        PSVariable caught = frame.Variables[EngineNames.Handled];
        object? outer = caught.Value;
        frame.Variables[EngineNames.Underscore].Value = frame.Underscore;
        Action forget = ErrorList.Forgetting(ErrorList.Of(frame.Session.CurrentCommand?.Cmdlet.SessionState));
        bool isCaught = false;
        caught.Value = new ActionEnumerator(() =>
        {
            if (!isCaught)
            {
                isCaught = true;
                throw handled;
            }

            forget();
        });
        try
        {
            run();
        }
        finally
        {
            caught.Value = outer;
        }
    }
}
