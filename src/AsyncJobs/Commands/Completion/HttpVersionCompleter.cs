using System.Collections;
using System.Net;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes a version of HTTP.</summary>
internal sealed class HttpVersionCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given) =>
        from version in (Version[])[HttpVersion.Version10, HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30]
        select ($"{version}", $"HTTP/{version}");
}
