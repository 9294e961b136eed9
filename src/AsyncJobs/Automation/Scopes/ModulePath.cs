namespace AsyncJobs.Automation.Scopes;

/// <summary>Where modules lie.</summary>
internal static class ModulePath
{
    /// <summary>Whether a module lies on PSModulePath, so that any task would get it by calling one of its commands.</summary>
    public static bool IsFoundByName(PSModuleInfo module)
    {
        string? folders = Environment.GetEnvironmentVariable("PSModulePath");
        return folders is not null && !string.IsNullOrEmpty(module.ModuleBase)
            && folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => IsInside(module.ModuleBase, folder));
    }

    /// <summary>Whether a module is one that no file has: one in which a closure keeps its variables, or of <c>New-Module</c>.</summary>
    public static bool IsInMemory(PSModuleInfo module) => !File.Exists(module.Path);

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);
}
