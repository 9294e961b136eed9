using System.Reflection;

namespace AsyncJobs.Automation.Language;

/// <summary>Classes written in PowerShell.</summary>
internal static class ScriptClass
{
    // Public attributes of PowerShell that its standard library for modules does not have yet.
    private const string AssemblyMark = "DynamicClassImplementationAssemblyAttribute";
    private const string NoAffinityMark = "NoRunspaceAffinityAttribute";

    /// <summary>Whether a type is such a class.</summary>
    public static bool IsOne(Type type) => type.Assembly.IsDynamic && Has(type.Assembly.GetCustomAttributesData(), AssemblyMark);

    /// <summary>Whether its methods run in whichever session calls them.</summary>
    public static bool RunsAnywhere(Type type) => Has(type.GetCustomAttributesData(), NoAffinityMark);

    /// <summary>Whether such a class, and all that it derives from, is written in PowerShell: an object of it is its properties.</summary>
    public static bool IsWhole(Type type)
    {
        Type? level = type;
        while (level is not null && level != typeof(object) && IsOne(level))
        {
            level = level.BaseType;
        }

        return level == typeof(object);
    }

    /// <summary>The names of its own methods and of those it inherits from other such classes.</summary>
    public static IEnumerable<string> MethodsOf(Type type)
    {
        for (Type? level = type; level is not null && IsOne(level); level = level.BaseType)
        {
            foreach (MethodInfo method in level.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (!method.IsSpecialName)
                {
                    yield return method.Name;
                }
            }
        }
    }

    private static bool Has(IList<CustomAttributeData> attributes, string name) =>
        attributes.Any(attribute => attribute.AttributeType.Name == name);
}
