using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;

namespace AsyncJobs.Core.Web;

/// <summary>A body in memory: it can be read any number of times, and after its connection is gone.</summary>
internal sealed partial class WebBodyContent : ByteArrayContent
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly WebContentType _type;

    public WebBodyContent(HttpContent original, byte[] body)
        : base(body)
    {
        _type = WebContentType.Of(original);
        Bytes = body;
        foreach (var header in original.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string>)header.Value);
        }
    }

    public byte[] Bytes { get; }

    /// <summary>The body as text.</summary>
    public override string ToString() => _type.Decode(Bytes, out _);

    /// <summary>The text of an error's body to be read by people, as Invoke-RestMethod shows it: indented, or without its tags.</summary>
    public string Describe()
    {
        string text = ToString();
        try
        {
            if (_type.IsXml)
            {
                return Environment.NewLine + IndentXml(text);
            }

            if (_type.IsJson && JsonNode.Parse(text) is { } json)
            {
                return Environment.NewLine + json.ToJsonString(Indented);
            }
        }
        catch (Exception exception) when (exception is XmlException or JsonException)
        {
            // Not what its type says; shown as it is.
        }

        return Tag().Replace(text, "");
    }

    private static string IndentXml(string text)
    {
        var document = new XmlDocument { XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        document.Load(reader);
        var shown = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, NewLineOnAttributes = true, OmitXmlDeclaration = true };
        using (var writer = XmlWriter.Create(shown, settings))
        {
            document.Save(writer);
        }

        return shown.ToString();
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
