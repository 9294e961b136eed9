using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AsyncJobs;

/// <summary>The caller's own file system drives that a block names in its paths.</summary>
internal static partial class CapturedDrives
{
    private const string Provider = "FileSystem";

    /// <summary>The drive that a string begins with, if it looks like a path.</summary>
    public static string? NameIn(Ast node)
    {
        string? text = (node as StringConstantExpressionAst)?.Value ?? (node as ExpandableStringExpressionAst)?.Value;
        return text is not null && PathStart().Match(text) is { Success: true } match ? match.Groups[1].Value : null;
    }

    /// <summary>The caller's drive of that name; null for none, and for those that every session has.</summary>
    public static PSDriveInfo? Find(PSCmdlet caller, string name)
    {
        try
        {
            PSDriveInfo drive = caller.SessionState.Drive.Get(name);
            bool isEverywhere = drive.Root.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase) || name.Equals("Temp", StringComparison.OrdinalIgnoreCase);
            return drive.Provider.Name == Provider && !isEverywhere ? drive : null;
        }
        catch (System.Management.Automation.DriveNotFoundException)
        {
            // The string was something else.
            return null;
        }
    }

    /// <summary>Makes a drive like the caller's, in the current scope.</summary>
    public static void Add(SessionState state, PSDriveInfo drive) => state.Drive.New(
        new PSDriveInfo(drive.Name, state.Provider.GetOne(Provider), drive.Root, drive.Description, drive.Credential), scope: "local");

    // No URL, and no sentence with a colon in it.
    [GeneratedRegex(@"^(\w+):(?!//)(?=\S|$)")]
    private static partial Regex PathStart();
}
