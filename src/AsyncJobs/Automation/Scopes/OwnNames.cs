namespace AsyncJobs.Automation.Scopes;

/// <summary>The names of variables that the module puts into the scopes of scripts.</summary>
internal static class OwnNames
{
    /// <summary>What they begin with, which no script is likely to use.</summary>
    public const string Prefix = "__asyncJobs";

    /// <summary>Whether a variable of that name is the module's and no script's.</summary>
    public static bool Are(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
