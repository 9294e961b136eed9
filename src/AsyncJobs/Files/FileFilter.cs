using System.IO.Enumeration;

namespace AsyncJobs.Files;

/// <summary>Which of the files that a path names are meant, by their names.</summary>
/// <param name="include">Patterns of which one must match; null for any name.</param>
/// <param name="exclude">Patterns of which none may match.</param>
/// <param name="filter">A pattern for what wildcards and folders hold, in the file system's own form; null for any name.</param>
internal sealed class FileFilter(string[]? include, string[]? exclude, string? filter)
{
    private readonly WildcardPattern[]? _include = Patterns(include);
    private readonly WildcardPattern[]? _exclude = Patterns(exclude);
    private readonly string? _filter = string.IsNullOrEmpty(filter) ? null : FileSystemName.TranslateWin32Expression(filter);

    public bool IsExcluded(string path) => _exclude is not null && Matches(_exclude, path);

    public bool IsIncluded(string path) => _include is null || Matches(_include, path);

    /// <summary>Whether a path that was given is meant.</summary>
    public bool IsMeant(string path) => IsIncluded(path) && !IsExcluded(path);

    /// <summary>Whether the filter lets a name pass.</summary>
    public bool Passes(string path) =>
        _filter is null || FileSystemName.MatchesWin32Expression(_filter, NameOf(path), ignoreCase: true);

    private static WildcardPattern[]? Patterns(string[]? given) => given is null or []
        ? null
        : Array.ConvertAll(given, static pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase));

    private static bool Matches(WildcardPattern[] patterns, string path)
    {
        string name = NameOf(path);
        return Array.Exists(patterns, pattern => pattern.IsMatch(name));
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
