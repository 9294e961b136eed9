namespace AsyncJobs.Hosting;

/// <summary>
/// Where a block sees variables and functions from. A function of a module that is given a block and starts it is not
/// where the block stands: called there, it would still see what its writer sees, and nothing of the module's.
/// </summary>
internal static class HomeSessionState
{
    /// <summary>The session state around a block that is cut loose from it; what is global where nobody can tell.</summary>
    /// <param name="caller">The cmdlet that starts the block.</param>
    /// <param name="block">The block. A closure takes its own variables along in any case.</param>
    public static SessionState ForDetached(PSCmdlet caller, ScriptBlock block) =>
        IsText(block) || (block.Module is { } module && ModulePath.IsInMemory(module)) ? caller.SessionState : ForAttached(caller, block);

    /// <summary>The session state of a block that stays in its session: that of a closure is its own.</summary>
    /// <param name="caller">The cmdlet that starts the block.</param>
    /// <param name="block">The block.</param>
    public static SessionState ForAttached(PSCmdlet caller, ScriptBlock block) =>
        block.Module == caller.SessionState.Module ? caller.SessionState
        : block.Module?.SessionState ?? RunspaceLoop.Current.GlobalState ?? (IsText(block) ? caller.SessionState : SeenByModules());

    /// <summary>Text made a block belongs to whoever runs it.</summary>
    private static bool IsText(ScriptBlock block) => block.Ast.Parent is null;

    /// <summary>What every module sees of the session outside it: its global variables and functions.</summary>
    private static SessionState SeenByModules() => new PSModuleInfo(linkToGlobal: true).SessionState;
}
