namespace AsyncJobs.Automation.Scopes;

/// <summary>The names of variables that the module puts into the scopes of scripts.</summary>
internal static class OwnNames
{
    /// <summary>What they begin with, which no script is likely to use.</summary>
    public const string Prefix = "__asyncJobs";
}
