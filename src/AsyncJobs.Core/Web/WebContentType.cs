using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace AsyncJobs.Core.Web;

/// <summary>What a Content-Type header says: the media type and the charset. Read once for each wording.</summary>
internal sealed partial class WebContentType
{
    private const int WordingsKept = 100;

    // How far into a document its own declaration is looked for.
    private const int Declared = 1024;
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
            IsReadable = Charset is not null || string.IsNullOrEmpty(parsed.CharSet);
        }
    }

    /// <summary>The type without parameters; empty where none was said.</summary>
    public string MediaType { get; } = "";

    /// <summary>The encoding that the header names; null where it names none that is known.</summary>
    public Encoding? Charset { get; }

    /// <summary>Whether it is a content type, and one whose charset, if it names one, is known.</summary>
    public bool IsReadable { get; }

    public bool IsJson => IsPlainJson || IsJsonLines || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether each line is JSON of its own.</summary>
    public bool IsJsonLines => Is("application/x-ndjson") || Is("application/ndjson") || Is("application/jsonl")
        || Is("application/x-jsonl") || Is("application/jsonlines") || Is("application/x-jsonlines")
        || Is("application/json-lines") || Is("application/json-seq");

    public bool IsEventStream => Is("text/event-stream");

    public bool IsXml =>
        Is("application/xml") || Is("text/xml") || Is("application/xml-dtd") || Is("application/xml-external-parsed-entity")
        || MediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether Invoke-WebRequest takes a body of this type for text; one of no type is not.</summary>
    public bool IsText => MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || IsPlainJson || IsXml;

    private bool IsPlainJson => Is("application/json") || Is("text/json") || Is("application/x-javascript") || Is("application/javascript")
        || Is("text/javascript") || Is("text/x-javascript");

    public static WebContentType Of(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values))
        {
            return Of("");
        }

        // Of several headers, the first that is one.
        string? first = values.Count > 1 ? values.FirstOrDefault(static value => MediaTypeHeaderValue.TryParse(value, out _)) : null;
        return Of(first ?? values.ToString());
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

    /// <summary>
    /// The text of a body: by the charset of the header, else by its byte order mark, else by what the document itself
    /// declares, else as UTF-8.
    /// </summary>
    public string Decode(ReadOnlySpan<byte> body, out Encoding encoding)
    {
        foreach (Encoding candidate in WithBom)
        {
            if (body.StartsWith(candidate.Preamble) && (Charset is null || Charset.CodePage == candidate.CodePage))
            {
                encoding = candidate;
                return candidate.GetString(body[candidate.Preamble.Length..]);
            }
        }

        encoding = Charset ?? DeclaredIn(body) ?? Utf8;
        return encoding.GetString(body);
    }

    /// <summary>The encoding that an HTML or XML document says it has, where it can have it.</summary>
    private static Encoding? DeclaredIn(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> start = body[..Math.Min(body.Length, Declared)];
        if (start.IndexOf("<meta"u8) < 0 && start.IndexOf("<META"u8) < 0 && start.IndexOf("<?xml"u8) < 0)
        {
            return null;
        }

        Match match = Declaration().Match(Encoding.Latin1.GetString(start));

        // What could be read so far is not of two bytes each.
        return EncodingOf(match.Groups["charset"].Value) is { } declared && declared.GetByteCount("<") == 1 ? declared : null;
    }

    [GeneratedRegex("<(meta\\s[^>]*?charset|\\?xml\\s[^>]*?encoding)\\s*=\\s*[\"']?(?<charset>[A-Za-z][\\w.:-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Declaration();

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
