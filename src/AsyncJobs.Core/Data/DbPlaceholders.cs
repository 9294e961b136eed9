using System.Globalization;
using System.Text.RegularExpressions;

namespace AsyncJobs.Core.Data;

/// <summary>
/// The parameters that the text of a query has, as far as can be told without the server's own grammar. What the text is taken for
/// here changes no query: it says which values are sent, how their names are spelled, and what a message may add.
/// </summary>
internal sealed partial class DbPlaceholders
{
    private readonly string _sql;

    public DbPlaceholders(string sql)
    {
        _sql = sql;
        var names = new List<string>();
        foreach (Match match in Tokens().Matches(sql))
        {
            if (match.Groups["named"] is { Success: true } named)
            {
                if (!names.Exists(known => Bare(known).Equals(Bare(named.Value), StringComparison.OrdinalIgnoreCase)))
                {
                    names.Add(named.Value);
                }
            }
            else if (match.Groups["number"] is { Success: true } number)
            {
                Count = Math.Max(Count, int.Parse(number.Value, CultureInfo.InvariantCulture));
                NumberMark = match.Value[0];
            }
        }

        Names = names;
    }

    /// <summary>The named ones as they are spelled, outside of texts and comments.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The highest number of those that have one; 0 where there is none.</summary>
    public int Count { get; }

    /// <summary>What stands before the numbers: <c>$</c> or <c>?</c>.</summary>
    public char NumberMark { get; }

    /// <summary>A name without what it begins with in the text.</summary>
    public static string Bare(string name) => name.TrimStart('@', ':', '$');

    /// <summary>How the text spells a parameter; null where it has none of that name.</summary>
    public string? Find(string name)
    {
        string bare = Bare(name);
        return Names.FirstOrDefault(known => Bare(known).Equals(bare, StringComparison.OrdinalIgnoreCase))
            ?? (Regex.Match(_sql, $@"[@:$]{Regex.Escape(bare)}(?!\w)", RegexOptions.IgnoreCase) is { Success: true } found ? found.Value : null);
    }

    // Comments, texts, quoted names, texts in dollar signs, variables of the server and casts are none.
    [GeneratedRegex(
        """
        --[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]@:$?]*\]|\$(?<tag>\w*)\$.*?\$\k<tag>\$|@@\w+|::
        |(?<![\w@:$])(?<named>[@:$][\p{L}_]\w*)|(?<!\w)[$?](?<number>[1-9]\d{0,4})(?!\w)
        """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
