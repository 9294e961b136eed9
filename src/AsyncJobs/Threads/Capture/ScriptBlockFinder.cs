using System.Collections;
using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>Finds the script blocks that a value holds, in collections, custom objects and delegates.</summary>
internal static class ScriptBlockFinder
{
    // Data may be of any size and is looked at for each task; what carries script is small, and a list's items are alike.
    private const int MostItems = 300;
    private const int MostOfTable = 100;
    private const int MostOfList = 16;

    /// <summary>The blocks among the first items; in no certain order.</summary>
    public static IEnumerable<ScriptBlock> In(object? value) => MayHold(value.Unwrap()) ? Search(value) : [];

    /// <summary>The block that a delegate was made of, which it keeps among its constants; null for another.</summary>
    /// <remarks>They are a public field of a public type, Closure, which the reference assemblies leave out.</remarks>
    public static ScriptBlock? Of(Delegate function) =>
        (function.Target?.GetType().GetField("Constants")?.GetValue(function.Target) as object?[])?.OfType<ScriptBlock>().FirstOrDefault();

    private static IEnumerable<ScriptBlock> Search(object? value)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Queue<object?>([value]);
        for (int count = 0; count < MostItems && open.TryDequeue(out object? item); count++)
        {
            object? bare = item.Unwrap();
            if (bare is ScriptBlock block)
            {
                yield return block;
            }
            else if (bare is FunctionInfo function)
            {
                yield return function.ScriptBlock;
            }
            else if (MayHold(bare) && seen.Add(bare is PSCustomObject ? item! : bare!))
            {
                foreach (object? part in PartsOf(item!, bare!))
                {
                    open.Enqueue(part);
                }
            }
        }
    }

    private static bool MayHold(object? bare) => bare switch
    {
        null or string or ValueType => false,
        Array array => array.Length > 0 && array.GetType().GetElementType() is { IsValueType: false } element && element != typeof(string),
        ScriptBlock or FunctionInfo or IDictionary or IList or PSCustomObject or Delegate => true,
        _ => false,
    };

    private static IEnumerable<object?> PartsOf(object item, object bare) => bare switch
    {
        IDictionary table => ValuesOf(table),
        IList list => list.Cast<object?>().Take(MostOfList),
        Delegate function => [Of(function)],
        _ => PartsOf((PSObject)item),
    };

    // Of a table that another thread may be changing, too.
    private static object?[] ValuesOf(IDictionary table)
    {
        try
        {
            return [.. table.Values.Cast<object?>().Take(MostOfTable)];
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<object?> PartsOf(PSObject item)
    {
        foreach (PSMemberInfo member in item.Members)
        {
            switch (member)
            {
                case PSNoteProperty property:
                    yield return property.Value;
                    break;
                case PSScriptMethod { IsInstance: true } method:
                    yield return method.Script;
                    break;
                case PSScriptProperty { IsInstance: true } property:
                    yield return property.GetterScript;
                    yield return property.SetterScript;
                    break;
            }
        }
    }
}
