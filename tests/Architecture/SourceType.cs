namespace AsyncJobs.Architecture;

/// <summary>A type that somebody wrote, and where.</summary>
/// <param name="Assembly">The name of the type's assembly.</param>
/// <param name="Name">The type's name without its namespace; that of the outermost type for a nested one.</param>
/// <param name="File">The file in which the type stands; the first of them for a partial one.</param>
internal sealed record SourceType(string Assembly, string Name, SourceFile File)
{
    /// <summary>The folder of the type's file.</summary>
    public string Folder => File.Folder;
}
