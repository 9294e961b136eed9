using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace AsyncJobs.Architecture;

/// <summary>Collects the types that signatures and attributes name, whatever they are arguments, elements or pointees of.</summary>
/// <param name="found">Called for each type, by its handle.</param>
/// <param name="foundByName">Called for each type that an attribute's argument names in text.</param>
/// <remarks>A type is decoded to whether it is <see cref="Type"/>, which the reading of attributes has to know.</remarks>
internal sealed class NamedTypes(Action<EntityHandle> found, Action<string> foundByName)
    : ISignatureTypeProvider<bool, object?>, ICustomAttributeTypeProvider<bool>
{
    public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        found(handle);
        return false;
    }

    public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        found(handle);
        TypeReference type = reader.GetTypeReference(handle);
        return reader.StringComparer.Equals(type.Namespace, "System") && reader.StringComparer.Equals(type.Name, "Type");
    }

    public bool GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public bool GetTypeFromSerializedName(string name)
    {
        // The name of a constructed type has its arguments' names in brackets, each perhaps with an assembly behind a comma.
        Array.ForEach(name.Split(['[', ']', ',', ' ', '&', '*'], StringSplitOptions.RemoveEmptyEntries), foundByName);
        return default;
    }

    // The size of an enumeration of another assembly cannot be read here; those that attributes take are all of this one.
    public PrimitiveTypeCode GetUnderlyingEnumType(bool type) => PrimitiveTypeCode.Int32;

    public bool GetArrayType(bool elementType, ArrayShape shape) => default;

    public bool GetByReferenceType(bool elementType) => default;

    public bool GetFunctionPointerType(MethodSignature<bool> signature) => default;

    public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => default;

    public bool GetGenericMethodParameter(object? genericContext, int index) => default;

    public bool GetGenericTypeParameter(object? genericContext, int index) => default;

    public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => default;

    public bool GetPinnedType(bool elementType) => default;

    public bool GetPointerType(bool elementType) => default;

    public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => default;

    public bool GetSystemType() => true;

    public bool GetSZArrayType(bool elementType) => default;

    public bool IsSystemType(bool type) => type;
}
