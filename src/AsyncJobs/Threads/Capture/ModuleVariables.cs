namespace AsyncJobs.Threads.Capture;

/// <summary>The variables of a module in memory that its script reads.</summary>
internal static class ModuleVariables
{
    /// <summary>Those that the text of a block or function names, or all where that says too little.</summary>
    public static IEnumerable<PSVariable> Of(PSCmdlet caller, PSModuleInfo module, ScriptBlock block)
    {
        CapturePlan text = CapturePlan.Of(block.Ast);
        IEnumerable<PSVariable?> variables = text.Facts.ReachesUnnamed
            ? ProviderItems.Variables(caller, module.SessionState)
            : text.Variables.Concat(text.ScopedVariables.Where(ScriptScope.IsIn).Select(ScriptScope.Without))
                .Select(module.SessionState.PSVariable.Get);
        return variables
            .OfType<PSVariable>()
            .Where(static variable => !AutomaticVariables.Are(variable.Name, VariableKind.Everywhere))
            .DistinctBy(static variable => variable.Name);
    }
}
