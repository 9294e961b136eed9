namespace AsyncJobs.Threads.Capture;

/// <summary>The caller's own drives, which paths of the task may begin with.</summary>
internal static class CapturedDrives
{
    /// <summary>The caller's own drives, of PowerShell's own providers; not those that every session has.</summary>
    public static Dictionary<string, PSDriveInfo> Of(PSCmdlet caller) => caller.SessionState.Drive.GetAll()
        .Where(IsTaken)
        .ToDictionary(static drive => drive.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a drive of the caller's is one of these.</summary>
    public static bool IsTaken(PSDriveInfo drive) => !BuiltInProviders.HaveDrive(drive) && BuiltInProviders.Contain(drive.Provider);

    /// <summary>Makes a drive like the caller's, in the current scope.</summary>
    public static void Add(SessionState state, PSDriveInfo drive) => state.Drive.New(
        new PSDriveInfo(drive.Name, state.Provider.GetOne(drive.Provider.Name), drive.Root, drive.Description, drive.Credential),
        scope: "local");

    /// <summary>
    /// Whether a place is one that a task has to be brought to: not of the file system that every session has, and of
    /// one of PowerShell's own providers, since those of modules are not in every session.
    /// </summary>
    public static bool IsSpecial(PathInfo place) =>
        place.Drive is { } drive && BuiltInProviders.Contain(place.Provider)
        && (place.Provider.Name != "FileSystem" || !BuiltInProviders.HaveDrive(drive));
}
