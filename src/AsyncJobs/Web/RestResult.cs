using System.Xml;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs.Web;

/// <summary>
/// What Start-AsyncRestMethod makes of an answer, as Invoke-RestMethod does: the items of a feed, objects of JSON, a
/// document of XML, whatever type the answer says it has; the type only says what is tried first. Anything else is text.
/// </summary>
internal static class RestResult
{
    // As many nodes as Invoke-RestMethod looks at for the root of a feed.
    private const int NodesToFeed = 10;

    private const int LineShown = 60;

    private static readonly XmlReaderSettings ReaderSettings = new()
    {
        CheckCharacters = false,
        DtdProcessing = DtdProcessing.Ignore,
        IgnoreProcessingInstructions = true,
        MaxCharactersFromEntities = 1024,
        XmlResolver = null,
    };

    public static object? Of(WebReply reply)
    {
        if (reply.Body.IsEmpty)
        {
            return "";
        }

        WebContentType type = reply.ContentType;
        object? value;
        if (type.IsJson && JsonToPSObject.TryConvert(type, reply.Body, out value))
        {
            return value;
        }

        string text = reply.DecodeBody();
        return TryConvertXml(text, out value) || TryConvertJson(text, out value) ? value : text;
    }

    /// <summary>What a line of JSON becomes.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static object? OfLine(string line) => TryConvertJson(line, out object? value) ? value
        : throw new InvalidDataException($"A line of it is no JSON: '{BriefText.Cut(line, LineShown)}'. Without -Stream an answer is read as a whole.");

    private static bool TryConvertJson(string text, out object? value)
    {
        value = null;
        if (!JsonLikeness.MayBe(text))
        {
            return false;
        }

        return JsonToPSObject.TryConvert(text, out value) || TryConvertLoosely(text, out value);
    }

    /// <summary>What ConvertFrom-Json makes of it: it takes more than JSON is.</summary>
    private static bool TryConvertLoosely(string text, out object? value)
    {
        try
        {
            value = JsonObject.ConvertFromJson(text, out ErrorRecord? error);
            return error is null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            value = null;
            return false;
        }
    }

    private static bool TryConvertXml(string text, out object? value)
    {
        value = null;
        if (!text.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal))
        {
            return false;
        }

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
