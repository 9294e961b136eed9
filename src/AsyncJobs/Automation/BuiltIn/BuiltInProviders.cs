namespace AsyncJobs.Automation.BuiltIn;

/// <summary>PowerShell's own providers, and the drives that every session has of them.</summary>
internal static class BuiltInProviders
{
    private static readonly Dictionary<string, string[]> Drives = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FileSystem"] = ["/", "Temp"],
        ["Environment"] = ["Env"],
        ["Variable"] = ["Variable"],
        ["Function"] = ["Function"],
        ["Alias"] = ["Alias"],
        ["Registry"] = ["HKLM", "HKCU"],
        ["Certificate"] = ["Cert"],
    };

    private static readonly string[] PathsInSession = ["variable:", "function:", "alias:"];

    /// <summary>Whether a provider is one of PowerShell's own; those of modules are not in every session.</summary>
    public static bool Contain(ProviderInfo provider) => Drives.ContainsKey(provider.Name);

    /// <summary>Whether a drive is one that every session has.</summary>
    public static bool HaveDrive(PSDriveInfo drive) =>
        (Drives.TryGetValue(drive.Provider.Name, out string[]? names) && names.Contains(drive.Name, StringComparer.OrdinalIgnoreCase))
        || (drive.Provider.Name is "FileSystem" && drive.Root.StartsWith(drive.Name + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a path is to a variable, function or alias.</summary>
    public static bool IsPathInSession(string path) =>
        PathsInSession.Any(drive => path.StartsWith(drive, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a path to a variable, function or alias stands somewhere in a text.</summary>
    public static bool NamePathInSession(string text) =>
        PathsInSession.Any(drive => text.Contains(drive, StringComparison.OrdinalIgnoreCase));
}
