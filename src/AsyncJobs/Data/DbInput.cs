using System.Collections;
using System.Management.Automation.Internal;

namespace AsyncJobs.Data;

/// <summary>The values for a query's parameters, as a script gives them.</summary>
internal static class DbInput
{
    /// <summary>Reads what -Parameters was given: by name, or by position. What the text does not have is a mistake.</summary>
    /// <exception cref="DbParameterException">A name or a number does not fit the text.</exception>
    public static List<DbValue> OfParameters(DbPlaceholders text, object? given) => given.Unwrap() switch
    {
        null => [],
        var value when IsValue(value) => OfInput(text, given, []),
        IDictionary table => Named(text, table),
        IList { Count: var count } list and not byte[] => count > 0 && text.Count > 0 && text.Count != count
            ? throw new DbParameterException(
                $"The query has {text.NumberMark}1 to {text.NumberMark}{text.Count}, but {count} values were given.")
            : ByPosition(text, list),
        var single => OfObject(text, given!, single),
    };

    /// <summary>Reads an object of the pipeline: a table or object by the names in the text, a list by position, a value for the only one.</summary>
    /// <exception cref="DbParameterException">It has no value for any of them.</exception>
    public static List<DbValue> OfInput(DbPlaceholders text, object? input, List<DbValue> given)
    {
        string[] open = [.. text.Names.Where(name => !given.Exists(known => known.Name == name))];
        object? value = input.Unwrap();
        if (IsValue(value))
        {
            return open.Length == 1 && text.Count == 0 ? [.. given, new DbValue(open[0], Plain(input, open[0]))]
                : text.Count == 1 && open.Length == 0 ? [.. given, .. ByPosition(text, new[] { input })]
                : throw new DbParameterException(
                    $"The input is one value, of type {value?.GetType().FullName ?? "null"}, and not the value of a parameter: "
                    + $"{Known(text, open)}.");
        }

        List<DbValue> read = value is IDictionary table ? Named(text, table, onlyIfThere: true)
            : value is IList list ? OfParameters(text, list)
            : OfObject(text, input!, value!);
        return [.. given, .. read.Where(one => one.Name is null || !given.Exists(known => known.Name == one.Name))];
    }

    private static string Known(DbPlaceholders text, IReadOnlyCollection<string> names) =>
        names.Count > 0 ? $"the query has {string.Join(", ", names)}"
        : text.Count > 0 ? $"the query has {text.NumberMark}1 to {text.NumberMark}{text.Count}"
        : "the query has none";

    private static List<DbValue> Named(DbPlaceholders text, IDictionary table, bool onlyIfThere = false)
    {
        var values = new List<DbValue>(table.Count);
        foreach (DictionaryEntry entry in table)
        {
            string name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (text.Find(name) is { } spelled)
            {
                values.Add(new DbValue(spelled, Plain(entry.Value, spelled)));
            }
            else if (!onlyIfThere)
            {
                throw new DbParameterException($"The query has no parameter '{name}': {Known(text, text.Names)}.");
            }
        }

        return values;
    }

    private static List<DbValue> OfObject(DbPlaceholders text, object given, object value)
    {
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(given).Properties;
        var values = new List<DbValue>();
        foreach (string name in text.Names)
        {
            if (properties[DbPlaceholders.Bare(name)] is { } property)
            {
                values.Add(new DbValue(name, Plain(property.Value, name)));
            }
        }

        return values.Count > 0 ? values : throw new DbParameterException(
            $"An object of type {value.GetType().FullName} has no property that is a parameter: {Known(text, text.Names)}.");
    }

    // By position where the provider has it; ?1 is a name.
    private static List<DbValue> ByPosition(DbPlaceholders text, IList list) =>
        [.. list.Cast<object?>().Select((value, index) => new DbValue(
            text.NumberMark == '?' ? $"?{index + 1}" : null, Plain(value, $"number {index + 1}")))];

    /// <summary>The value as .NET has it, not as PowerShell hands it around.</summary>
    private static object? Plain(object? value, string name)
    {
        object? plain = value.Unwrap();
        return plain switch
        {
            null or NullString => null,
            _ when plain == AutomationNull.Value => null,
            SwitchParameter given => given.IsPresent,
            object?[] or ArrayList or List<object> => ArrayOf((IList)plain),
            PSCustomObject or ScriptBlock or System.Security.SecureString or PSCredential => throw new DbParameterException(
                $"The value of {name} is of type {plain.GetType().FullName}, which no database takes. Give one of its properties, or a text."),
            _ => plain,
        };
    }

    /// <summary>An array of the type that all elements have, since providers take no others.</summary>
    private static IList ArrayOf(IList list)
    {
        object?[] items = [.. list.Cast<object?>().Select(static item => item.Unwrap())];
        Type[] types = [.. items.OfType<object>().Select(static item => item.GetType()).Distinct()];
        Type? type = types.Length == 0 ? typeof(string)
            : types.Length == 1 ? types[0]
            : !Array.TrueForAll(types, IsNumber) ? null
            : types.Contains(typeof(decimal)) ? typeof(decimal)
            : types.Contains(typeof(double)) || types.Contains(typeof(float)) ? typeof(double)
            : typeof(long);
        if (type is null)
        {
            return items;
        }

        bool mayBeNull = type.IsValueType && Array.Exists(items, static item => item is null);
        var typed = Array.CreateInstance(mayBeNull ? typeof(Nullable<>).MakeGenericType(type) : type, items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            typed.SetValue(items[i] is null ? null : LanguagePrimitives.ConvertTo(items[i], type, System.Globalization.CultureInfo.InvariantCulture), i);
        }

        return typed;
    }

    private static bool IsNumber(Type type) =>
        type == typeof(decimal) || (type.IsPrimitive && type != typeof(bool) && type != typeof(char) && type != typeof(nint) && type != typeof(nuint));

    // What is sent as it is, not looked into for parameters.
    private static bool IsValue(object? value) =>
        value is null or string or ValueType or byte[] or Uri or Version or System.Net.IPAddress || value == AutomationNull.Value;
}
