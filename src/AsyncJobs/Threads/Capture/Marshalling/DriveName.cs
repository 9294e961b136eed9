using System.Text.RegularExpressions;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>The drive that a path begins with.</summary>
internal static partial class DriveName
{
    /// <summary>The name of the drive, if a text looks like a path that begins with one.</summary>
    public static string? In(string? text) =>
        text is not null
            && text.Contains(':', StringComparison.Ordinal)
            && PathStart().Match(text) is { Success: true } match
            ? match.Groups[1].Value
            : null;

    // No URL, and no sentence with a colon in it.
    [GeneratedRegex(@"^(\w+):(?!//)(?=\S|$)")]
    private static partial Regex PathStart();
}
