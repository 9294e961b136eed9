namespace AsyncJobs.Coroutines.Segments;

/// <summary>
/// Has PowerShell bind the call of a function: a block with the function's parameters, called by its name and where it is
/// called, that takes what came of it (<see cref="StartAsyncCoroutineCallCommand"/>) and does no more.
/// </summary>
internal static class CallBinding
{
    /// <param name="unit">The function's.</param>
    /// <param name="parameters">Its parameters; null where there are none.</param>
    public static ScriptBlock Of(CompilationUnit unit, ParamBlockAst? parameters)
    {
        IScriptExtent extent = unit.Block.Extent;
        return unit.Bind(extent, (ParamBlockAst?)parameters?.Copy(), BoundScopeCommand.Taking(extent, StartAsyncCoroutineCallCommand.Info, parameters, others: [], withInvocation: true), unit.FunctionName);
    }
}
