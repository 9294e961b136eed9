using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>The shapes of values by their types, each found out once: most values hold no script, and are passed by here.</summary>
internal static class ValueShapes
{
    private static readonly ConditionalWeakTable<Type, Entry> Known = [];

    /// <summary>The shape of the values of a type.</summary>
    public static ValueShape Of(Type type) => Find(type).Shape;

    /// <summary>The properties in which an object of that type may hold script.</summary>
    public static PropertyInfo[] PropertiesOf(Type type) => Find(type).Properties;

    private static Entry Find(Type type) => Known.GetValue(type, static key =>
    {
        ValueShape shape = ShapeOf(key);
        PropertyInfo[] properties = shape switch
        {
            ValueShape.Instance => [.. Readable(key)],
            ValueShape.Object => [.. Readable(key).Where(property => MayHold(property, key.Assembly))],
            _ => [],
        };
        return shape == ValueShape.Object && properties.Length == 0 ? new(ValueShape.Plain, []) : new(shape, properties);
    });

    private static ValueShape ShapeOf(Type type)
    {
        if (type == typeof(string))
        {
            return ValueShape.Text;
        }

        if (type.IsPrimitive || type.IsEnum || type.IsPointer)
        {
            return ValueShape.Plain;
        }

        return Is<ScriptBlock>(type) ? ValueShape.ScriptBlock
            : type == typeof(PSCustomObject) ? ValueShape.Custom
            : Is<FunctionInfo>(type) || Is<AliasInfo>(type) ? ValueShape.Function
            : Is<Delegate>(type) ? ValueShape.Delegate
            : IsOfSession(type) ? ValueShape.Session
            : type.IsArray ? OfParts(ValueShape.Array, type.GetElementType()!)
            : ScriptClass.IsOne(type) ? ValueShape.Instance
            : IsSystem(type.Assembly) ? OfSystem(type)
            : type.Assembly == typeof(ValueShapes).Assembly || Is<Future>(type) ? ValueShape.Plain
            : ValueShape.Object;
    }

    private static ValueShape OfSystem(Type type) =>
        Is<ITuple>(type) || type == typeof(DictionaryEntry) || IsPair(type) ? OfParts(ValueShape.Tuple, type.GetGenericArguments())
        : !Is<IEnumerable>(type) || type.IsValueType ? ValueShape.Plain
        : type.Namespace == "System.Collections.Concurrent" ? OfParts(ValueShape.Shared, type.GetGenericArguments())
        : Is<ICollection>(type) || type.GetInterfaces().Any(static part => IsGeneric(part, typeof(ICollection<>)))
            ? OfParts(ValueShape.Collection, type.GetGenericArguments())
        : ValueShape.Plain;

    /// <summary>The shape of what is made of parts, if one of these can hold script.</summary>
    private static ValueShape OfParts(ValueShape shape, params Type[] parts) =>
        parts.Length == 0 || parts.Any(static part => CanHold(part)) ? shape
        : parts.Contains(typeof(string)) && shape is ValueShape.Array or ValueShape.Collection ? ValueShape.Texts
        : ValueShape.Plain;

    /// <summary>Whether what is declared to be of a type can hold script. What derives from one of .NET's own types is taken to hold none.</summary>
    private static bool CanHold(Type type) =>
        type == typeof(object) || type == typeof(PSObject) || type.IsInterface || type == typeof(Array) || type == typeof(ValueType)
        || (!IsSystem(type.Assembly) ? !type.IsEnum : Of(type) is not (ValueShape.Plain or ValueShape.Text or ValueShape.Texts));

    /// <summary>Of what libraries bring, only what is declared as script: to read anything else may be work, or have effects.</summary>
    private static bool MayHold(PropertyInfo property, Assembly assembly)
    {
        Type type = property.PropertyType;
        return assembly.IsDynamic || assembly.Location.Length == 0
            ? CanHold(type)
            : Is<ScriptBlock>(type) || type.GetElementType() == typeof(ScriptBlock) || type.GetGenericArguments().Contains(typeof(ScriptBlock));
    }

    private static IEnumerable<PropertyInfo> Readable(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => property.CanRead && property.GetIndexParameters().Length == 0);

    private static bool IsOfSession(Type type) => Is<PSModuleInfo>(type) || Is<SessionState>(type) || Is<EngineIntrinsics>(type)
        || Is<Cmdlet>(type) || Is<SteppablePipeline>(type);

    private static bool IsPair(Type type) => IsGeneric(type, typeof(KeyValuePair<,>));

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static bool IsSystem(Assembly assembly) => assembly.GetName().Name is { } name
        && (name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static bool Is<T>(Type type) => typeof(T).IsAssignableFrom(type);

    private sealed record Entry(ValueShape Shape, PropertyInfo[] Properties);
}
