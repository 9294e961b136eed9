using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace AsyncJobs.Web;

/// <summary>Makes of JSON what ConvertFrom-Json makes of it: objects with note properties, arrays, numbers, dates.</summary>
internal static class JsonToPSObject
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 1024,
    };

    // A date as Json.NET knows it: with a time, and with or without a zone.
    private static readonly string[] DateFormats = ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ssK"];

    /// <summary>Converts UTF-8.</summary>
    /// <returns>False if it is no JSON.</returns>
    public static bool TryConvert(ReadOnlyMemory<byte> utf8, out object? value)
    {
        ReadOnlyMemory<byte> json = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        return TryConvert(() => JsonDocument.Parse(json, Options), out value);
    }

    /// <summary>Converts text.</summary>
    /// <returns>False if it is no JSON.</returns>
    public static bool TryConvert(string text, out object? value) => TryConvert(() => JsonDocument.Parse(text, Options), out value);

    private static bool TryConvert(Func<JsonDocument> parse, out object? value)
    {
        try
        {
            using JsonDocument document = parse();
            value = Convert(document.RootElement);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is half of a surrogate pair.
            value = null;
            return false;
        }
    }

    private static object? Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ConvertObject(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Convert).ToArray(),
        JsonValueKind.String => ConvertString(element.GetString()!),
        JsonValueKind.Number => ConvertNumber(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static object ConvertObject(JsonElement element)
    {
        var converted = new PSObject();
        HashSet<string>? names = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            if (property.Name.Length == 0 || !names.Add(property.Name))
            {
                return ConvertToDictionary(element);
            }

            // Known to be new, so the collection need not look.
            converted.Properties.Add(new PSNoteProperty(property.Name, Convert(property.Value)), preValidated: true);
        }

        return converted;
    }

    /// <summary>
    /// An object cannot have a property without a name, nor two whose names differ in case only; a dictionary can. Of
    /// two that are the same the last one counts.
    /// </summary>
    private static object ConvertToDictionary(JsonElement element)
    {
        var byName = new OrderedDictionary(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            byName[property.Name] = Convert(property.Value);
        }

        string[] names = byName.Keys.Cast<string>().ToArray();
        if (names.Contains("") || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length)
        {
            return byName;
        }

        var converted = new PSObject();
        foreach (string name in names)
        {
            converted.Properties.Add(new PSNoteProperty(name, byName[name]), preValidated: true);
        }

        return converted;
    }

    private static object ConvertNumber(JsonElement element)
    {
        if (element.TryGetInt64(out long whole))
        {
            return whole;
        }

        string text = element.GetRawText();
        return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static object ConvertString(string text)
    {
        bool maybeDate = text.Length is >= 19 and <= 33 && text[4] == '-' && text[10] == 'T' && text[13] == ':';
        return maybeDate
            && DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime date)
            ? date
            : text;
    }
}
