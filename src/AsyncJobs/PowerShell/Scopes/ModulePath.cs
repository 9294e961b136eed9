using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Where PowerShell finds modules by itself.</summary>
internal static class ModulePath
{
    /// <summary>Whether a module lies on PSModulePath, so that any task would get it by calling one of its commands.</summary>
    public static bool IsFoundByName(PSModuleInfo module)
    {
        string? folders = Environment.GetEnvironmentVariable("PSModulePath");
        return folders is not null && !string.IsNullOrEmpty(module.ModuleBase)
            && folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => IsInside(module.ModuleBase, folder));
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);
}
