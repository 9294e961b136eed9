using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>What a Content-Type header says: the media type and the charset. Read once for each wording.</summary>
internal sealed class WebContentType
{
    private const int WordingsKept = 100;
    private static readonly ConcurrentDictionary<string, WebContentType> Known = new(StringComparer.Ordinal);
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    // Longest first: UTF-32 little endian begins as UTF-16 little endian does.
    private static readonly Encoding[] WithBom =
    [
        Encoding.UTF32,
        new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        Encoding.UTF8,
        Encoding.Unicode,
        Encoding.BigEndianUnicode,
    ];

    private WebContentType(string wording)
    {
        if (MediaTypeHeaderValue.TryParse(wording, out MediaTypeHeaderValue? parsed))
        {
            MediaType = parsed.MediaType ?? "";
            Charset = EncodingOf(parsed.CharSet);
        }
    }

    /// <summary>The type without parameters; empty where none was said.</summary>
    public string MediaType { get; } = "";

    /// <summary>The encoding that the header names; null where it names none that is known.</summary>
    public Encoding? Charset { get; }

    public bool IsJson => Is("application/json") || Is("text/json") || Is("application/x-javascript") || Is("application/javascript")
        || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    public bool IsXml =>
        Is("application/xml") || Is("text/xml") || Is("application/xml-dtd") || Is("application/xml-external-parsed-entity")
        || (MediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) && !Is("application/xhtml+xml") && !Is("image/svg+xml"));

    public static WebContentType Of(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values))
        {
            return Of("");
        }

        return Of(values.ToString());
    }

    public static WebContentType Of(string wording)
    {
        if (Known.TryGetValue(wording, out WebContentType? known))
        {
            return known;
        }

        var read = new WebContentType(wording);
        if (Known.Count < WordingsKept)
        {
            Known.TryAdd(wording, read);
        }

        return read;
    }

    /// <summary>The text of a body: by the charset of the header, else by its byte order mark, else as UTF-8.</summary>
    public string Decode(ReadOnlySpan<byte> body)
    {
        Encoding encoding = Charset ?? Utf8;
        foreach (Encoding candidate in WithBom)
        {
            if (body.StartsWith(candidate.Preamble) && (Charset is null || Charset.CodePage == candidate.CodePage))
            {
                return candidate.GetString(body[candidate.Preamble.Length..]);
            }
        }

        return encoding.GetString(body);
    }

    private static Encoding? EncodingOf(string? charset)
    {
        if (string.IsNullOrEmpty(charset))
        {
            return null;
        }

        try
        {
            string name = charset.Trim('"', ' ');
            return name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? Utf8 : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private bool Is(string type) => MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
