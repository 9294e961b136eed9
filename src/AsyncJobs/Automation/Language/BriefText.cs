namespace AsyncJobs.Automation.Language;

/// <summary>The beginning of a long text, for people.</summary>
internal static class BriefText
{
    private const int MostOfBlock = 200;

    /// <summary>A block's text in one line.</summary>
    public static string Of(ScriptBlock block) => InLine(block.ToString(), MostOfBlock);

    /// <summary>A text in one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters of it are shown.</param>
    public static string InLine(string text, int most) =>
        Cut(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), most);

    /// <summary>A text as it is.</summary>
    /// <inheritdoc cref="InLine"/>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..most] + "...";
}
