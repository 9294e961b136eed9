namespace AsyncJobs.Commands.Completion;

/// <summary>Text as it stands on a command line.</summary>
internal static class ArgumentText
{
    /// <summary>The text as one word: in quotes where it would be something else without.</summary>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '+')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>What begins with the word that has been typed by now, in quotes or without.</summary>
    public static WildcardPattern Beginning(string? word) =>
        new(WildcardPattern.Escape((word ?? "").Trim('\'', '"')) + "*", WildcardOptions.IgnoreCase);
}
