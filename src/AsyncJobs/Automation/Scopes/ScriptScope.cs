namespace AsyncJobs.Automation.Scopes;

/// <summary>Names of variables with the scope of the script file in front, as <c>$script:name</c> has.</summary>
internal static class ScriptScope
{
    private const string Prefix = "script:";

    public static bool IsIn(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static string With(string name) => Prefix + name;

    /// <summary>A name without the prefix; any other as it is.</summary>
    public static string Without(string name) => IsIn(name) ? name[Prefix.Length..] : name;
}
