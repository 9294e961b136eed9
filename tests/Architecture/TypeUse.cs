namespace AsyncJobs.Architecture;

/// <summary>A file that uses a type.</summary>
/// <param name="Assembly">The assembly that the file is compiled into.</param>
/// <param name="File">The file.</param>
/// <param name="Type">The type that the file uses.</param>
internal sealed record TypeUse(string Assembly, SourceFile File, SourceType Type)
{
    /// <summary>Whether the use stays in its folder.</summary>
    public bool IsWithinFolder => Assembly == Type.Assembly && File.Folder == Type.Folder;

    /// <summary>The use as a sentence of a report.</summary>
    public override string ToString() => $"{File.Folder} -> {Type.Folder} by {File.Name} uses {Type.Name}";
}
