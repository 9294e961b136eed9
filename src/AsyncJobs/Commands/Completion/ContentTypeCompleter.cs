using System.Collections;
using System.Net.Mime;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the media type of a request's body.</summary>
internal sealed class ContentTypeCompleter : WordCompleter
{
    private static readonly string[] Types =
    [
        MediaTypeNames.Application.Json, MediaTypeNames.Application.JsonPatch, "application/merge-patch+json", "application/x-ndjson",
        MediaTypeNames.Application.FormUrlEncoded, MediaTypeNames.Multipart.FormData, MediaTypeNames.Application.Xml,
        MediaTypeNames.Application.Soap, MediaTypeNames.Application.Octet, MediaTypeNames.Application.Pdf, MediaTypeNames.Application.Zip,
        "application/graphql", MediaTypeNames.Text.Plain, MediaTypeNames.Text.Html, MediaTypeNames.Text.Csv, MediaTypeNames.Text.Xml,
        MediaTypeNames.Image.Png, MediaTypeNames.Image.Jpeg,
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given) => Types.Select(static type => (type, type));
}
