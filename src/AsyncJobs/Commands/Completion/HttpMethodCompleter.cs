using System.Collections;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a method of a request that -Method has not.</summary>
internal sealed class HttpMethodCompleter : WordCompleter
{
    private static readonly (string, string)[] Methods =
    [
        ("QUERY", "a safe request with a body"), ("PURGE", "of caches: forgets the resource"),
        ("PROPFIND", "of WebDAV: reads properties"), ("PROPPATCH", "of WebDAV: writes properties"),
        ("MKCOL", "of WebDAV: makes a folder"), ("COPY", "of WebDAV"), ("MOVE", "of WebDAV"), ("LOCK", "of WebDAV"), ("UNLOCK", "of WebDAV"),
        ("REPORT", "of WebDAV: asks for a report"), ("SEARCH", "of WebDAV: searches"), ("LINK", "links to another resource"),
        ("UNLINK", "takes a link away"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given) => Methods;
}
