namespace AsyncJobs.Architecture;

/// <summary>The assemblies of the module, as they lie beside this program, and what their files use.</summary>
internal sealed class Solution : IDisposable
{
    private readonly CompiledAssembly[] _assemblies;

    /// <summary>Reads assemblies.</summary>
    /// <param name="names">The names of the assemblies.</param>
    public Solution(params string[] names)
    {
        _assemblies = [.. names.Select(name => new CompiledAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")))];
        var catalog = new TypeCatalog(_assemblies);
        Graphs = [.. _assemblies.Select(assembly => new FolderGraph(assembly, TypeUseReader.Read(assembly, catalog)))];
    }

    /// <summary>The folders of each assembly.</summary>
    public IReadOnlyList<FolderGraph> Graphs { get; }

    /// <summary>The assemblies themselves.</summary>
    public IReadOnlyList<CompiledAssembly> Assemblies => _assemblies;

    /// <summary>Closes the assemblies.</summary>
    public void Dispose() => Array.ForEach(_assemblies, assembly => assembly.Dispose());
}
