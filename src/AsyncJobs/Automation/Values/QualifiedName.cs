namespace AsyncJobs.Automation.Values;

/// <summary>
/// Commands may be named with their module in front, as <c>Module\Get-Thing</c>, which only says which of several is meant.
/// </summary>
internal static class QualifiedName
{
    /// <summary>The name of the command alone.</summary>
    public static string WithoutModule(string name) => name[(name.LastIndexOf('\\') + 1)..];
}
