namespace AsyncJobs.Core.Loop;

/// <summary>What messages call a thing.</summary>
internal static class Label
{
    /// <summary>The kind of thing, with the thing's name in quotes where it has one.</summary>
    /// <param name="kind">The kind of thing.</param>
    /// <param name="name">The name, or null.</param>
    public static string Of(string kind, string? name) => name is null ? kind : $"{kind} '{name}'";

    /// <summary>How many wait, as the end of a list of what is said of a primitive; nothing for nobody.</summary>
    public static string Waiting(int count) => count == 0 ? "" : $", {count} waiting";
}
