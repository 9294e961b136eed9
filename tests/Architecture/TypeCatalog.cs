using System.Reflection.Metadata;

namespace AsyncJobs.Architecture;

/// <summary>The types of several assemblies, found by handle or name.</summary>
internal sealed class TypeCatalog
{
    private readonly Dictionary<(string Assembly, string Name), SourceType> _types = [];

    /// <summary>Lists the types of assemblies.</summary>
    /// <param name="assemblies">The assemblies.</param>
    public TypeCatalog(IEnumerable<CompiledAssembly> assemblies)
    {
        foreach (CompiledAssembly assembly in assemblies)
        {
            foreach ((TypeDefinitionHandle handle, IReadOnlyList<SourceFile> files) in assembly.Files)
            {
                string name = FullName(assembly.Metadata, handle);
                _types[(assembly.Name, name)] = new SourceType(assembly.Name, OutermostName(name), files[0]);
            }
        }
    }

    /// <summary>The type behind a handle of an assembly; null for one of another assembly, or of no file.</summary>
    /// <param name="assembly">The assembly whose metadata the handle is of.</param>
    /// <param name="type">A definition or reference.</param>
    public SourceType? Find(CompiledAssembly assembly, EntityHandle type)
    {
        string name = FullName(assembly.Metadata, type);
        string owner = type.Kind == HandleKind.TypeDefinition ? assembly.Name : AssemblyOf(assembly.Metadata, (TypeReferenceHandle)type);
        return _types.GetValueOrDefault((owner, name));
    }

    /// <summary>The type of a full name, in whichever assembly it is.</summary>
    /// <param name="name">The name as attributes write it.</param>
    public SourceType? Find(string name) => _types.FirstOrDefault(pair => pair.Key.Name == name).Value;

    private static string OutermostName(string fullName)
    {
        string outermost = fullName.Split('+')[0];
        return outermost[(outermost.LastIndexOf('.') + 1)..];
    }

    private static string AssemblyOf(MetadataReader metadata, TypeReferenceHandle type)
    {
        EntityHandle scope = metadata.GetTypeReference(type).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(metadata, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }

    private static string FullName(MetadataReader metadata, EntityHandle type)
    {
        (EntityHandle around, StringHandle space, StringHandle name) = Parts(metadata, type);
        string own = metadata.GetString(name);
        return !around.IsNil ? $"{FullName(metadata, around)}+{own}" : space.IsNil ? own : $"{metadata.GetString(space)}.{own}";
    }

    private static (EntityHandle Around, StringHandle Space, StringHandle Name) Parts(MetadataReader metadata, EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeDefinition)
        {
            TypeDefinition definition = metadata.GetTypeDefinition((TypeDefinitionHandle)type);
            return (definition.GetDeclaringType(), definition.Namespace, definition.Name);
        }

        TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)type);
        EntityHandle scope = reference.ResolutionScope;
        return (scope.Kind == HandleKind.TypeReference ? scope : default, reference.Namespace, reference.Name);
    }
}
