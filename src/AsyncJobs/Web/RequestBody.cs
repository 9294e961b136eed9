using System.Collections;
using System.Net;
using System.Text;
using System.Xml;

namespace AsyncJobs.Web;

/// <summary>What -Body becomes: bytes with a type, or part of the query. Made once for all requests of a command.</summary>
internal sealed class RequestBody
{
    private const string FormType = "application/x-www-form-urlencoded";
    private readonly byte[] _bytes = [];
    private readonly string? _contentType;

    private RequestBody(byte[] bytes, string? contentType)
    {
        _bytes = bytes;
        _contentType = contentType;
    }

    private RequestBody(string query) => Query = query;

    /// <summary>What goes into the address; empty where it is a body.</summary>
    public string Query { get; } = "";

    /// <summary>Makes the content of one attempt; null where there is none.</summary>
    public Func<HttpContent>? CreateContent => Query.Length > 0 ? null : () =>
    {
        var content = new ByteArrayContent(_bytes);
        if (_contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", _contentType);
        }

        return content;
    };

    /// <summary>Reads -Body and -ContentType as Invoke-RestMethod does.</summary>
    /// <param name="body">String, bytes, dictionary, stream, XML; anything else by its text. Null for none.</param>
    /// <param name="contentType">What the user said of it.</param>
    /// <param name="method">A dictionary is the query of a GET and the form of anything else.</param>
    public static RequestBody? Of(object? body, string? contentType, HttpMethod method)
    {
        object? bare = body.Unwrap();
        string? ifPost = contentType ?? (method == HttpMethod.Post ? FormType : null);
        Encoding encoding = contentType is null ? Encoding.UTF8 : WebContentType.Of(contentType).Charset ?? Encoding.UTF8;
        switch (bare)
        {
            case null:
                // A POST without a body still says that it has none.
                return method == HttpMethod.Post || contentType is not null ? new RequestBody([], ifPost) : null;
            case IDictionary fields when method == HttpMethod.Get:
                return new RequestBody(Encode(fields));
            case IDictionary fields:
                return new RequestBody(encoding.GetBytes(Encode(fields)), contentType ?? FormType);
            case byte[] bytes:
                return new RequestBody(bytes, ifPost);
            case Stream stream:
                using (var copy = new MemoryStream())
                {
                    stream.CopyTo(copy);
                    return new RequestBody(copy.ToArray(), ifPost);
                }

            case XmlNode xml:
                return new RequestBody(encoding.GetBytes(xml.OuterXml), contentType ?? "application/xml");
            default:
                return new RequestBody(encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(body)), ifPost);
        }
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
