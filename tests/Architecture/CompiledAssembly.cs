using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AsyncJobs.Architecture;

/// <summary>An assembly on disk with the debug information embedded in it; read as data, never loaded.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    // The kind of debug information by which the compiler says where a type stands that has no code.
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly MetadataReaderProvider _debugProvider;
    private readonly MetadataReader _debug;

    /// <summary>Opens an assembly.</summary>
    /// <param name="path">The path of the assembly, whose debug information is embedded.</param>
    public CompiledAssembly(string path)
    {
        PE = new PEReader(File.OpenRead(path));
        DebugDirectoryEntry entry = PE.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        _debugProvider = PE.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        _debug = _debugProvider.GetMetadataReader();
        Metadata = PE.GetMetadataReader();
        Name = Metadata.GetString(Metadata.GetAssemblyDefinition().Name);
        Files = Metadata.TypeDefinitions
            .Select(type => KeyValuePair.Create(type, FilesOf(type)))
            .Where(pair => pair.Value.Count > 0)
            .ToDictionary();
    }

    /// <summary>The assembly's name.</summary>
    public string Name { get; }

    /// <summary>The assembly's code.</summary>
    public PEReader PE { get; }

    /// <summary>The assembly's metadata.</summary>
    public MetadataReader Metadata { get; }

    /// <summary>The files in which each type stands. What the compiler made for itself alone has none and is left out.</summary>
    public IReadOnlyDictionary<TypeDefinitionHandle, IReadOnlyList<SourceFile>> Files { get; }

    /// <summary>The file of a method's code; null where its debug information names none.</summary>
    /// <param name="method">The method.</param>
    public SourceFile? FileOf(MethodDefinitionHandle method)
    {
        MethodDebugInformation information = _debug.GetMethodDebugInformation(method);
        IEnumerable<DocumentHandle> documents = information.Document.IsNil && !information.SequencePointsBlob.IsNil
            ? information.GetSequencePoints().Select(point => point.Document)
            : [information.Document];
        return documents.Select(FileOf).FirstOrDefault(file => file is not null);
    }

    /// <summary>Closes the assembly.</summary>
    public void Dispose()
    {
        _debugProvider.Dispose();
        PE.Dispose();
    }

    private SourceFile? FileOf(DocumentHandle document) =>
        document.IsNil ? null : SourceFile.Parse(_debug.GetString(_debug.GetDocument(document).Name), Name);

    /// <summary>The files of a type: of its methods, of the type itself where it has none, else of the type around it.</summary>
    private IReadOnlyList<SourceFile> FilesOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = Metadata.GetTypeDefinition(handle);
        IEnumerable<SourceFile?> all = [.. type.GetMethods().Select(FileOf), .. DocumentsOf(handle).Select(FileOf)];
        SourceFile[] files = [.. all.OfType<SourceFile>().Distinct()];
        return files.Length > 0 || type.GetDeclaringType().IsNil ? files : FilesOf(type.GetDeclaringType());
    }

    private IEnumerable<DocumentHandle> DocumentsOf(TypeDefinitionHandle type)
    {
        foreach (CustomDebugInformationHandle handle in _debug.GetCustomDebugInformation(type))
        {
            CustomDebugInformation information = _debug.GetCustomDebugInformation(handle);
            if (_debug.GetGuid(information.Kind) == TypeDefinitionDocuments)
            {
                BlobReader rows = _debug.GetBlobReader(information.Value);
                while (rows.RemainingBytes > 0)
                {
                    yield return System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(rows.ReadCompressedInteger());
                }
            }
        }
    }
}
