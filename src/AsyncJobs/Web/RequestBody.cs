using System.Collections;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;

namespace AsyncJobs.Web;

/// <summary>
/// What -Body, -InFile or -Form become: a content with a type, or part of the query. Made once for all requests of a
/// command.
/// </summary>
internal sealed class RequestBody
{
    private const int PieceSize = 128 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    private RequestBody(Func<HttpContent>? create, string? contentType)
    {
        CreateContent = create is null || contentType is null ? create : () =>
        {
            HttpContent content = create();
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return content;
        };
    }

    /// <summary>What goes into the address; empty where it is a body.</summary>
    public string Query { get; private init; } = "";

    /// <summary>Makes the content of one attempt; null where there is none.</summary>
    public Func<HttpContent>? CreateContent { get; }

    /// <summary>The length, where it is known at once.</summary>
    public long? Length { get; private init; }

    /// <summary>Whether the content has headers of its own, which others would contradict.</summary>
    public bool IsMultipart { get; private init; }

    /// <summary>The caller's own stream or content, which is let go of when it has been sent; null for none.</summary>
    public IDisposable? Own { get; private init; }

    /// <summary>Reads -Body as Invoke-RestMethod does.</summary>
    /// <param name="body">String, bytes, dictionary, stream, XML, a content of .NET; anything else by its text. Null for none.</param>
    /// <param name="contentType">What the user said of it: its charset is what text is encoded in.</param>
    /// <param name="method">A dictionary is the query of a GET and the form of anything else.</param>
    /// <param name="hasType">Whether that was said of this request, not only among headers for any.</param>
    public static RequestBody Of(object? body, string? contentType, HttpMethod method, bool hasType)
    {
        object? bare = body.Unwrap();
        string? ifPost = contentType ?? (method == HttpMethod.Post ? FormType : null);
        Encoding encoding = contentType is null ? Encoding.UTF8 : WebContentType.Of(contentType).Charset ?? Encoding.UTF8;
        return bare switch
        {
            null => Empty(method, ifPost, hasType),
            IDictionary fields when method == HttpMethod.Get => new RequestBody(null, null) { Query = Encode(fields) },
            IDictionary fields => OfBytes(encoding.GetBytes(Encode(fields)), contentType ?? FormType),
            byte[] bytes => OfBytes(bytes, ifPost),
            Stream stream => OfStream(stream, ifPost),
            HttpContent content => OfContent(content, contentType),
            XmlNode xml => OfBytes((DeclaredBy(xml) ?? encoding).GetBytes(xml.OuterXml), contentType ?? "application/xml"),
            _ => OfBytes(encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(body)), ifPost),
        };
    }

    /// <summary>A file, opened anew for each attempt.</summary>
    public static RequestBody OfFile(string path, string? contentType, HttpMethod method) => new(
        () => ContentOf(path),
        contentType ?? (method == HttpMethod.Post ? FormType : null));

    /// <summary>The fields of a form as parts: files by their content, lists as several of one name, everything else by its text.</summary>
    public static RequestBody OfForm(IDictionary form)
    {
        (string Name, object? Value)[] parts = form.Cast<DictionaryEntry>().SelectMany(PartsOf).ToArray();
        return new RequestBody(() => MultipartOf(parts), contentType: null) { IsMultipart = true };
    }

    private static StreamContent ContentOf(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true), PieceSize);

    private static RequestBody Empty(HttpMethod method, string? contentType, bool hasType)
    {
        // A GET with an empty body is refused by some servers; all others still say that they have none.
        bool isNone = method == HttpMethod.Head || method == HttpMethod.Trace || (method == HttpMethod.Get && !hasType);
        return isNone ? new RequestBody(null, null) : OfBytes([], contentType);
    }

    private static RequestBody OfBytes(byte[] bytes, string? contentType) =>
        new(() => new ByteArrayContent(bytes), contentType) { Length = bytes.Length };

    private static RequestBody OfStream(Stream stream, string? contentType)
    {
        long start = stream.CanSeek ? stream.Position : 0;
        bool isSent = false;
        return new RequestBody(
            () =>
            {
                if (isSent && !stream.CanSeek)
                {
                    throw new InvalidOperationException("The body is a stream that cannot be read again.");
                }

                if (isSent)
                {
                    stream.Position = start;
                }

                isSent = true;
                return new StreamContent(stream, PieceSize);
            },
            contentType)
        {
            Own = stream,
        };
    }

    private static RequestBody OfContent(HttpContent content, string? contentType)
    {
        if (contentType is not null && content is not MultipartContent)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return new RequestBody(() => content, contentType: null) { IsMultipart = content is MultipartContent, Own = content };
    }

    private static Encoding? DeclaredBy(XmlNode xml) =>
        xml is XmlDocument { FirstChild: XmlDeclaration { Encoding: { Length: > 0 } name } } ? Encoding.GetEncoding(name) : null;

    private static IEnumerable<(string Name, object? Value)> PartsOf(DictionaryEntry field)
    {
        string name = LanguagePrimitives.ConvertTo<string>(field.Key);
        IEnumerable values = field.Value.Unwrap() is IEnumerable list and not string ? list : new[] { field.Value };

        // As text here: pool threads have no runspace to convert in.
        return values.Cast<object?>()
            .Select(value => (name, value.Unwrap() as FileInfo ?? (object?)LanguagePrimitives.ConvertTo<string>(value)));
    }

    private static MultipartFormDataContent MultipartOf(IEnumerable<(string Name, object? Value)> parts)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, object? value) in parts)
        {
            HttpContent part;
            if (value is FileInfo file)
            {
                part = ContentOf(file.FullName);
                part.Headers.ContentDisposition = new("form-data") { Name = name, FileName = file.Name, FileNameStar = file.Name };
                part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            }
            else
            {
                part = new StringContent((string?)value ?? "");
                part.Headers.ContentDisposition = new("form-data") { Name = name };
            }

            form.Add(part);
        }

        return form;
    }

    private static string Encode(IDictionary fields)
    {
        var text = new StringBuilder();
        foreach (DictionaryEntry field in fields)
        {
            string name = WebUtility.UrlEncode(LanguagePrimitives.ConvertTo<string>(field.Key));
            string? value = field.Value is null ? "" : WebUtility.UrlEncode(LanguagePrimitives.ConvertTo<string>(field.Value));
            text.Append(text.Length == 0 ? "" : "&").Append(name).Append('=').Append(value);
        }

        return text.ToString();
    }
}
