namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>Modules that no file has: those that closures keep their variables in, and those of <c>New-Module</c>.</summary>
internal static class ModuleInMemory
{
    /// <summary>The module that a block belongs to, if it is one; null for any other.</summary>
    /// <param name="block">The block.</param>
    /// <param name="ownModule">The module of the caller, whose functions and variables are taken along one by one.</param>
    public static PSModuleInfo? Of(ScriptBlock block, PSModuleInfo? ownModule) =>
        block.Module is { } module && module != ownModule && ModulePath.IsInMemory(module) ? module : null;

    /// <summary>The functions of a module itself, without those it sees.</summary>
    public static IReadOnlyList<FunctionInfo> FunctionsOf(PSCmdlet caller, PSModuleInfo module) =>
    [
        .. ProviderItems.Read<FunctionInfo>(caller, module.SessionState, @"function:\")
            .Where(function => function.ScriptBlock.Module == module),
    ];
}
