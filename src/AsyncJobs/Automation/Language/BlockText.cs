namespace AsyncJobs.Automation.Language;

/// <summary>A block's text in one line, for people.</summary>
internal static class BlockText
{
    private const int Most = 200;

    /// <summary>All of it; the beginning of a long one.</summary>
    public static string Of(ScriptBlock block)
    {
        string text = string.Join(' ', block.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= Most ? text : text[..Most] + "...";
    }
}
