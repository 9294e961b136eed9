namespace AsyncJobs.Web;

/// <summary>Whether a text may be JSON: a look that costs nothing, where a reader that refuses it would throw.</summary>
internal static class JsonLikeness
{
    private const string OfNumbers = "+-.";
    private static readonly string[] Words = ["true", "false", "null", "undefined", "NaN", "Infinity"];

    /// <summary>Looks at how it begins, and for a value that is no object, array or string at the whole.</summary>
    public static bool MayBe(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t\r\n\uFEFF");
        if (text.IsEmpty)
        {
            return false;
        }

        char first = text[0];
        if ("{[\"'/".Contains(first))
        {
            return true;
        }

        if (char.IsAsciiDigit(first) || OfNumbers.Contains(first))
        {
            foreach (char character in text)
            {
                if (!char.IsAsciiLetterOrDigit(character) && !OfNumbers.Contains(character))
                {
                    return false;
                }
            }

            return true;
        }

        foreach (string word in Words)
        {
            if (text.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
