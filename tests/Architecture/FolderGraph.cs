namespace AsyncJobs.Architecture;

/// <summary>Which folders of an assembly use which.</summary>
internal sealed class FolderGraph
{
    private readonly ILookup<(string From, string To), TypeUse> _uses;

    /// <summary>Takes an assembly's folders together.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="uses">The uses of the assembly's files.</param>
    public FolderGraph(CompiledAssembly assembly, IReadOnlyCollection<TypeUse> uses)
    {
        Assembly = assembly.Name;
        Outward = [.. uses.Where(use => use.Type.Assembly != Assembly)];
        _uses = uses.Where(use => use.Type.Assembly == Assembly && !use.IsWithinFolder).ToLookup(use => (use.File.Folder, use.Type.Folder));
        IEnumerable<string> folders = assembly.Files.Values.SelectMany(files => files).Select(file => file.Folder).Distinct();
        Components = FindComponents([.. folders.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The assembly's name.</summary>
    public string Assembly { get; }

    /// <summary>The folders, each after those it uses, but for those that use each other.</summary>
    public IEnumerable<string> Folders => Components.SelectMany(component => component);

    /// <summary>The folders in sets that are as small as can be: within a set each folder leads to each other one.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Components { get; }

    /// <summary>The sets of several folders, which are the cycles.</summary>
    public IEnumerable<IReadOnlyList<string>> Cycles => Components.Where(component => component.Count > 1);

    /// <summary>The pairs of folders that use each other directly.</summary>
    public IEnumerable<(string First, string Second)> TwoWayPairs =>
        from pair in _uses.Select(uses => uses.Key)
        where string.CompareOrdinal(pair.From, pair.To) < 0 && _uses.Contains((pair.To, pair.From))
        select pair;

    /// <summary>The uses of other assemblies' types.</summary>
    public IReadOnlyList<TypeUse> Outward { get; }

    /// <summary>The uses that lead from one folder to another, in a stable order.</summary>
    /// <param name="from">The folder that uses.</param>
    /// <param name="to">The folder that is used.</param>
    public IEnumerable<TypeUse> Between(string from, string to) => _uses[(from, to)].OrderBy(use => use.ToString(), StringComparer.Ordinal);

    /// <summary>How many types of a folder another one uses.</summary>
    /// <param name="from">The folder that uses.</param>
    /// <param name="to">The folder that is used.</param>
    public int CountTypes(string from, string to) => _uses[(from, to)].Select(use => use.Type.Name).Distinct().Count();

    private List<IReadOnlyList<string>> FindComponents(IReadOnlyList<string> folders)
    {
        var reachable = folders.ToDictionary(folder => folder, folder => ReachableFrom(folder, folders));

        // Whoever uses a component reaches all that it reaches, and itself.
        return [.. folders
            .GroupBy(folder => folders.First(other => reachable[folder].Contains(other) && reachable[other].Contains(folder)))
            .OrderBy(component => reachable[component.Key].Count)
            .Select(component => component.ToArray())];
    }

    private HashSet<string> ReachableFrom(string start, IReadOnlyList<string> folders)
    {
        HashSet<string> reached = [start];
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out string? folder))
        {
            foreach (string used in folders.Where(used => _uses.Contains((folder, used)) && reached.Add(used)))
            {
                next.Enqueue(used);
            }
        }

        return reached;
    }
}
