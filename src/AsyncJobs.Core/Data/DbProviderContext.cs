using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AsyncJobs.Core.Data;

/// <summary>
/// Where a provider that is given by its path is loaded, with what it depends on: beside whatever versions of the same assemblies
/// others have loaded. What belongs to .NET itself is shared.
/// </summary>
internal sealed class DbProviderContext : AssemblyLoadContext
{
    private readonly string _folder;
    private readonly List<AssemblyDependencyResolver> _resolvers = [];

    public DbProviderContext(string path)
        : base($"AsyncJobs: {Path.GetFileNameWithoutExtension(path)}")
    {
        _folder = Path.GetDirectoryName(path)!;

        // Its own, or that of the program that it was built for, which tells of the natives of each platform.
        foreach (string component in Directory.EnumerateFiles(_folder, "*.deps.json").Select(AssemblyOf).Prepend(path).Where(File.Exists))
        {
            try
            {
                _resolvers.Add(new AssemblyDependencyResolver(component));
            }
            catch (InvalidOperationException)
            {
                // A host without what reads such files: the folder itself has to do.
            }
        }
    }

    /// <summary>Loads the provider, in the version for this platform where there are several.</summary>
    public Assembly LoadProvider(string path)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(path));
        return LoadFromAssemblyPath(_resolvers.Select(resolver => resolver.ResolveAssemblyToPath(name)).FirstOrDefault(File.Exists) ?? path);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string simple = assemblyName.Name!;
        if (simple.StartsWith("System.", StringComparison.Ordinal) || simple is "netstandard" or "mscorlib")
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (Exception exception) when (exception is FileNotFoundException or FileLoadException)
            {
                // Not one of .NET's own, or too old there.
            }
        }

        string? found = _resolvers.Select(resolver => resolver.ResolveAssemblyToPath(assemblyName))
            .Append(Path.Combine(_folder, $"{simple}.dll"))
            .FirstOrDefault(File.Exists);
        return found is null ? null : LoadFromAssemblyPath(found);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? found = _resolvers.Select(resolver => resolver.ResolveUnmanagedDllToPath(unmanagedDllName))
            .Concat(NativePlaces(unmanagedDllName))
            .FirstOrDefault(File.Exists);
        return found is null ? 0 : LoadUnmanagedDllFromPath(found);
    }

    private static string AssemblyOf(string deps) => deps[..^".deps.json".Length] + ".dll";

    private IEnumerable<string> NativePlaces(string library)
    {
        (string prefix, string ending, string system) = OperatingSystem.IsWindows() ? ("", ".dll", "win")
            : OperatingSystem.IsMacOS() ? ("lib", ".dylib", "osx")
            : ("lib", ".so", "linux");
        string identifier = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return
            from folder in new[] { RuntimeInformation.RuntimeIdentifier, identifier, system, "unix" }
                .Select(platform => Path.Combine(_folder, "runtimes", platform, "native")).Append(_folder)
            from file in new[] { library, library + ending, prefix + library + ending }
            select Path.Combine(folder, file);
    }
}
