using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text;
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

    /// <summary>Converts a body without decoding it first, where it is UTF-8.</summary>
    /// <returns>False if it is no JSON, or something of which ConvertFrom-Json may make something else.</returns>
    public static bool TryConvert(WebContentType type, ReadOnlyMemory<byte> body, out object? value)
    {
        value = null;
        if (type.Charset is not (null or UTF8Encoding))
        {
            return false;
        }

        ReadOnlyMemory<byte> json = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        ReadOnlySpan<byte> text = json.Span.TrimStart(" \t\r\n"u8);

        // Whatever else a value can begin with is rare, and may be a text of which a reader would throw.
        return !text.IsEmpty && text[0] is (byte)'{' or (byte)'[' && TryConvert(() => JsonDocument.Parse(json, Options), out value);
    }

    /// <summary>Converts text.</summary>
    /// <inheritdoc cref="TryConvert(WebContentType, ReadOnlyMemory{byte}, out object?)"/>
    public static bool TryConvert(string text, out object? value) => TryConvert(() => JsonDocument.Parse(text, Options), out value);

    private static bool TryConvert(Func<JsonDocument> parse, out object? value)
    {
        try
        {
            using JsonDocument document = parse();
            value = Convert(document.RootElement);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: an escape that is half of a surrogate pair. FormatException: see ConvertString.
            value = null;
            return false;
        }
    }

    private static object? Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ConvertObject(element),
        JsonValueKind.Array => ConvertArray(element),
        JsonValueKind.String => ConvertString(element.GetString()!),
        JsonValueKind.Number => ConvertNumber(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static object?[] ConvertArray(JsonElement element)
    {
        object?[] converted = new object?[element.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            converted[count++] = Convert(item);
        }

        return converted;
    }

    private static object ConvertObject(JsonElement element)
    {
        var converted = new PSObject();
        HashSet<string>? names = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            // Made anew each time that it is asked for.
            string name = property.Name;
            names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            if (name.Length == 0 || !names.Add(name))
            {
                return ConvertToDictionary(element);
            }

            // Known to be new, so the collection need not look.
            converted.Properties.Add(new PSNoteProperty(name, Convert(property.Value)), preValidated: true);
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
            : double.Parse(text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number
            : throw new FormatException();
    }

    private static object ConvertString(string text)
    {
        // What Json.NET may take for a date; of those that are not of the usual form it knows best.
        bool isMicrosoft = text.StartsWith("/Date(", StringComparison.Ordinal);
        if (!isMicrosoft && !(text.Length is >= 19 and <= 40 && text[10] == 'T' && char.IsAsciiDigit(text[0])))
        {
            return text;
        }

        bool hasEmptyFraction = text.Length > 19 && text[19] == '.' && !(text.Length > 20 && char.IsAsciiDigit(text[20]));
        return !isMicrosoft && !hasEmptyFraction && text[..4] is not ("0001" or "9999")
            && DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime date)
                ? date
                : throw new FormatException();
    }
}
