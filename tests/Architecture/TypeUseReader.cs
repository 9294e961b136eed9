using System.Reflection.Metadata;

namespace AsyncJobs.Architecture;

/// <summary>
/// Reads which types the files of an assembly use: as bases, constraints, members' types, locals, caught types, in
/// attributes and in code, also as arguments of generic ones.
/// </summary>
/// <remarks>Constants and <c>nameof</c> leave nothing in an assembly, and so are no uses.</remarks>
internal sealed class TypeUseReader
{
    private readonly CompiledAssembly _assembly;
    private readonly MetadataReader _metadata;
    private readonly TypeCatalog _catalog;
    private readonly NamedTypes _signatures;
    private readonly HashSet<TypeUse> _uses = [];

    // The file that is being read.
    private SourceFile _file = new(".", "");

    private TypeUseReader(CompiledAssembly assembly, TypeCatalog catalog)
    {
        _assembly = assembly;
        _metadata = assembly.Metadata;
        _catalog = catalog;
        _signatures = new NamedTypes(handle => Add(_catalog.Find(_assembly, handle)), name => Add(_catalog.Find(name)));
    }

    /// <summary>The uses of an assembly's files, each file and type once.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="catalog">The types that are looked for.</param>
    public static IReadOnlyCollection<TypeUse> Read(CompiledAssembly assembly, TypeCatalog catalog)
    {
        var reader = new TypeUseReader(assembly, catalog);
        foreach ((TypeDefinitionHandle handle, IReadOnlyList<SourceFile> files) in assembly.Files)
        {
            reader.ReadType(assembly.Metadata.GetTypeDefinition(handle), files[0]);
        }

        return reader._uses;
    }

    private void ReadType(TypeDefinition type, SourceFile file)
    {
        _file = file;
        ReadHandle(type.BaseType);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            ReadHandle(_metadata.GetInterfaceImplementation(handle).Interface);
        }

        ReadGenericParameters(type.GetGenericParameters());
        ReadAttributes(type.GetCustomAttributes());
        foreach (FieldDefinition field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            field.DecodeSignature(_signatures, null);
            ReadAttributes(field.GetCustomAttributes());
        }

        foreach (PropertyDefinition property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            ReadAttributes(property.GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            _file = _assembly.FileOf(method) ?? file;
            ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(_signatures, null);
        ReadGenericParameters(method.GetGenericParameters());
        ReadAttributes(method.GetCustomAttributes());
        foreach (Parameter parameter in method.GetParameters().Select(_metadata.GetParameter))
        {
            ReadAttributes(parameter.GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _assembly.PE.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            ReadHandle(region.CatchType);
        }

        foreach (EntityHandle operand in Instructions.GetOperands(body.GetILBytes()!))
        {
            ReadHandle(operand);
        }
    }

    private void ReadGenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameter parameter in parameters.Select(_metadata.GetGenericParameter))
        {
            foreach (GenericParameterConstraintHandle constraint in parameter.GetConstraints())
            {
                ReadHandle(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void ReadAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttribute attribute in attributes.Select(_metadata.GetCustomAttribute))
        {
            ReadHandle(attribute.Constructor);
            attribute.DecodeValue(_signatures);
        }
    }

    /// <summary>Notes the types behind a handle: a type itself, or the one that has a member, with all that they are made of.</summary>
    private void ReadHandle(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Add(_catalog.Find(_assembly, handle));
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null);
                break;
            case HandleKind.MethodDefinition:
                ReadHandle(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                ReadHandle(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                ReadHandle(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(_signatures, null);
                ReadHandle(method.Method);
                break;
            default:
                throw new BadImageFormatException($"An instruction of {_file.Name} names a {handle.Kind}.");
        }
    }

    private void Add(SourceType? type)
    {
        if (type is not null)
        {
            _uses.Add(new TypeUse(_assembly.Name, _file, type));
        }
    }
}
