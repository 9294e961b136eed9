using System.Collections;
using System.Globalization;
using System.Net.Http.Headers;

namespace AsyncJobs.Web;

/// <summary>Reads -Headers: what of a value is sent, and whether it can be.</summary>
internal static class HeaderValues
{
    /// <summary>
    /// The value as it is sent: a list joined by commas, a date in HTTP's form, anything else by its text. Null for none.
    /// </summary>
    public static string? TextOf(object? value) => value.Unwrap() switch
    {
        null => null,
        string text => text,
        DateTime date => date.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list and not IDictionary => string.Join(", ", list.Cast<object?>().Select(TextOf).Where(item => item is not null)),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };

    /// <summary>Why a header cannot be sent; null if it can.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">The header's value.</param>
    /// <param name="isChecked">Whether the value must be what its name asks for; otherwise any line will do.</param>
    /// <param name="hasContent">Whether headers of a content are sent at all.</param>
    public static string? Fault(string name, string value, bool isChecked, bool hasContent)
    {
        if (value.Any(character => character is '\r' or '\n' or '\0' or > '\x7f'))
        {
            return "a value is one line of ASCII characters.";
        }

        using var message = new HttpRequestMessage { Content = new ByteArrayContent([]) };
        bool isOfRequest = message.Headers.TryAddWithoutValidation(name, value);
        if (!isOfRequest && !message.Content.Headers.TryAddWithoutValidation(name, value))
        {
            return "a name is one word of letters, digits and hyphens.";
        }

        try
        {
            if (isChecked && (isOfRequest || hasContent))
            {
                HttpHeaders headers = isOfRequest ? message.Headers : message.Content.Headers;
                headers.Remove(name);
                headers.Add(name, value);
            }

            return null;
        }
        catch (FormatException)
        {
            return "its value is not of the form that the name asks for; -SkipHeaderValidation sends it as it is.";
        }
    }
}
