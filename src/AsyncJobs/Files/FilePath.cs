using System.Buffers;

namespace AsyncJobs.Files;

/// <summary>A path as the file system knows it, or why there is none.</summary>
internal readonly struct FilePath
{
    // Drives, providers, home, wildcards and their escape, the other separator; and what no path has.
    private static readonly SearchValues<char> Special = SearchValues.Create(":~*?[]`\\\0");

    private FilePath(string path, ErrorRecord? error)
    {
        Path = path;
        Error = error;
    }

    /// <summary>The full path; where there is an error, what was given.</summary>
    public string Path { get; }

    public ErrorRecord? Error { get; }

    /// <summary>A path of another computer, which nothing is known of here.</summary>
    public static FilePath Elsewhere(string path) => new(path, error: null);

    /// <summary>Resolves a path in which every character stands for itself.</summary>
    public static FilePath Literal(SessionState session, string path)
    {
        if (TryResolvePlain(session, path) is { } plain)
        {
            return new FilePath(plain, error: null);
        }

        try
        {
            return Checked(path, session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _), provider);
        }
        catch (Exception exception) when (IsResolution(exception))
        {
            return new FilePath(path, ErrorRecords.ForException(Underlying(exception), path));
        }
    }

    /// <summary>
    /// Resolves a path that may have wildcards to all that match. One without is looked up later, by the task, so that
    /// a missing file is the failure of its own task.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The path.</param>
    /// <param name="filter">Which of the matches are meant.</param>
    /// <param name="force">Whether wildcards match hidden files.</param>
    public static IReadOnlyList<FilePath> Matching(SessionState session, string path, FileFilter filter, bool force)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            FilePath single = TryResolvePlain(session, path) is { } plain
                ? new FilePath(plain, error: null)
                : Literal(session, WildcardPattern.Unescape(path));
            return single.Error is not null || filter.IsMeant(single.Path) ? [single] : [];
        }

        try
        {
            return MatchingWildcards(session, path, force)
                .Where(match => match.Error is not null || (filter.IsMeant(match.Path) && filter.Passes(match.Path)))
                .ToList();
        }
        catch (ItemNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (IsResolution(exception))
        {
            return [new FilePath(path, ErrorRecords.ForException(Underlying(exception), path))];
        }
    }

    private static IEnumerable<FilePath> MatchingWildcards(SessionState session, string path, bool force)
    {
        if (!force)
        {
            var matches = session.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return matches.Select(match => Checked(path, match, provider));
        }

        return session.InvokeProvider.Item.Get([path], force: true, literalPath: false).Select(item =>
            item.BaseObject is FileSystemInfo info
                ? new FilePath(info.FullName, error: null)
                : Checked(path, path, (ProviderInfo)item.Properties["PSProvider"].Value));
    }

    /// <summary>
    /// The full path where PowerShell's way to it, which takes longer than reading a small file, could come to no other:
    /// a plain path on a drive that is the whole file system.
    /// </summary>
    private static string? TryResolvePlain(SessionState session, string path)
    {
        if (path.AsSpan().IndexOfAny(Special) >= 0)
        {
            return null;
        }

        // On that drive the location reads as its path does; its ProviderPath would take the long way.
        PathInfo location = session.Path.CurrentLocation;
        return location.Drive is { Root: "/" } && location.Provider.Name == "FileSystem"
            ? System.IO.Path.GetFullPath(path, location.Path)
            : null;
    }

    private static FilePath Checked(string given, string resolved, ProviderInfo provider) =>
        provider.Name == "FileSystem"
            ? new FilePath(resolved, error: null)
            : new FilePath(given, ErrorRecords.FileProviderNotSupported(given, provider.Name));

    // An unknown drive brings an ErrorRecord of its own; our ids are the same whatever the layer that noticed.
    private static Exception Underlying(Exception exception) =>
        exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException
            ? new FileNotFoundException(exception.Message, exception)
            : exception;

    private static bool IsResolution(Exception exception) =>
        exception is SessionStateException or ProviderInvocationException or PSArgumentException or PSInvalidOperationException
            or ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException;
}
