using System.Text.RegularExpressions;

namespace AsyncJobs.Core.Web;

/// <summary>The links to other pages that an answer names in its headers (RFC 8288).</summary>
internal static partial class WebLinks
{
    /// <summary>The addresses by relation, in any case of letters; of two with one relation the first.</summary>
    public static Dictionary<string, string> Of(HttpResponseMessage answer)
    {
        var links = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!answer.Headers.NonValidated.TryGetValues("Link", out var values))
        {
            return links;
        }

        foreach (Match link in values.SelectMany(value => Link().Matches(value)))
        {
            string relation = Relation().Match(link.Groups["parameters"].Value).Groups["relation"].Value;
            if (relation.Length > 0 && Uri.TryCreate(answer.RequestMessage!.RequestUri, link.Groups["address"].Value, out Uri? target))
            {
                links.TryAdd(relation, target.AbsoluteUri);
            }
        }

        return links;
    }

    [GeneratedRegex("<(?<address>[^>]+)>(?<parameters>[^<]*)")]
    private static partial Regex Link();

    [GeneratedRegex("(^|[;\\s])rel\\s*=\\s*(\"(?<relation>[^\"]*)\"|(?<relation>[^\\s;,\"]+))", RegexOptions.IgnoreCase)]
    private static partial Regex Relation();
}
