namespace AsyncJobs.Architecture;

/// <summary>The floors on which an assembly's folders stand: a folder uses only folders of the floors beneath its own.</summary>
/// <param name="floors">The floors from the ground up, each with its folders.</param>
internal sealed class FolderOrder(params string[][] floors)
{
    /// <summary>What breaks the order: folders that no floor names, and uses that lead upwards or across.</summary>
    /// <param name="graph">The folders as they are.</param>
    public IReadOnlyList<string> FindViolations(FolderGraph graph) =>
    [
        .. graph.Folders.Where(folder => FloorOf(folder) < 0).Select(folder => $"{folder} stands on no floor"),
        .. from used in graph.Folders
           from user in graph.Folders
           where user != used && FloorOf(user) <= FloorOf(used)
           from use in graph.Between(user, used)
           select use.ToString(),
    ];

    private int FloorOf(string folder) => Array.FindIndex(floors, floor => floor.Contains(folder));
}
