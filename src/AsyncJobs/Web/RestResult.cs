using System.Text;
using System.Xml;

namespace AsyncJobs.Web;

/// <summary>
/// What Start-AsyncRestMethod makes of an answer. Its Content-Type decides: JSON becomes objects, XML a document, a
/// feed its items, anything else text. An answer that names no type is looked at.
/// </summary>
internal static class RestResult
{
    // As many nodes as Invoke-RestMethod looks at for the root of a feed.
    private const int NodesToFeed = 10;

    private static readonly XmlReaderSettings ReaderSettings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    public static object? Of(WebReply reply)
    {
        WebContentType type = reply.ContentType;
        ReadOnlyMemory<byte> body = reply.Body;
        if (body.IsEmpty)
        {
            return "";
        }

        bool isUnnamed = type.MediaType.Length == 0;
        byte first = isUnnamed ? FirstByte(body.Span) : (byte)0;
        if ((type.IsJson || first is (byte)'{' or (byte)'[') && TryConvertJson(type, body, out object? json))
        {
            return json;
        }

        string text = reply.DecodeBody();
        return (type.IsXml || first == '<') && TryConvertXml(text, out object? xml) ? xml : text;
    }

    private static bool TryConvertJson(WebContentType type, ReadOnlyMemory<byte> body, out object? value) =>
        type.Charset is null or UTF8Encoding && !HasOtherBom(body.Span)
            ? JsonToPSObject.TryConvert(body, out value)
            : JsonToPSObject.TryConvert(type.Decode(body.Span), out value);

    private static bool HasOtherBom(ReadOnlySpan<byte> body) => body[0] is 0xFE or 0xFF or 0x00;

    private static byte FirstByte(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> text = body.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body;
        int index = text.IndexOfAnyExcept(" \t\r\n"u8);
        return index < 0 ? (byte)0 : text[index];
    }

    private static bool TryConvertXml(string text, out object? value)
    {
        try
        {
            value = FeedItems(text);
            if (value is null)
            {
                using var reader = XmlReader.Create(new StringReader(text), ReaderSettings);
                var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
                document.Load(reader);
                value = document;
            }

            return true;
        }
        catch (XmlException)
        {
            value = null;
            return false;
        }
    }

    /// <summary>The items of an RSS or Atom feed, each an object of the output; null for other XML.</summary>
    private static TaskOutput? FeedItems(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), ReaderSettings);
        bool isFeed = false;
        for (int nodes = 0; nodes < NodesToFeed && !isFeed && reader.Read(); nodes++)
        {
            isFeed = IsElement(reader, "rss") || IsElement(reader, "feed");
        }

        if (!isFeed)
        {
            return null;
        }

        var items = new List<object?>();
        var owner = new XmlDocument { XmlResolver = null };
        while (!reader.EOF)
        {
            if (IsElement(reader, "item") || IsElement(reader, "entry"))
            {
                // Moves the reader past the element.
                items.Add(owner.ReadNode(reader));
            }
            else
            {
                reader.Read();
            }
        }

        return new TaskOutput(items);
    }

    private static bool IsElement(XmlReader reader, string name) =>
        reader.NodeType == XmlNodeType.Element && reader.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
