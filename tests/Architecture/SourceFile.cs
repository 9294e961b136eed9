namespace AsyncJobs.Architecture;

/// <summary>A source file of a project.</summary>
/// <param name="Folder">The file's folder, from the project's on, with slashes; a dot for the project's own.</param>
/// <param name="Name">The file's name without its folder.</param>
internal sealed record SourceFile(string Folder, string Name)
{
    /// <summary>The file behind a path of debug information, or null for one that the build has generated.</summary>
    /// <param name="path">The path as the compiler wrote it, which may be mapped to another root.</param>
    /// <param name="project">The name of the project's folder.</param>
    public static SourceFile? Parse(string path, string project)
    {
        string slashed = path.Replace('\\', '/');
        int root = slashed.LastIndexOf($"/{project}/", StringComparison.Ordinal);
        string relative = root < 0 ? "" : slashed[(root + project.Length + 2)..];
        if (relative.Length == 0 || relative.StartsWith("obj/", StringComparison.Ordinal))
        {
            return null;
        }

        int slash = relative.LastIndexOf('/');
        return new SourceFile(slash < 0 ? "." : relative[..slash], relative[(slash + 1)..]);
    }
}
