using System.Text;

namespace AsyncJobs.Core.Files;

/// <summary>Splits text that comes piece by piece into lines, without their ends.</summary>
/// <param name="delimiter">What ends a line; null for CR, LF or both.</param>
internal sealed class LineSplitter(string? delimiter = null)
{
    private readonly StringBuilder _rest = new();

    // Of two characters that end one line, the second may come later than the first.
    private bool _hasReturned;

    /// <summary>How many characters there are behind the last line end.</summary>
    public int RestLength => _rest.Length;

    /// <summary>Splits the next piece.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="onLine">Gets each line that ends in it.</param>
    public void Split(ReadOnlySpan<char> text, Action<string> onLine)
    {
        if (delimiter is null)
        {
            SplitAtEnds(text, onLine);
        }
        else
        {
            SplitAtDelimiter(text, delimiter, onLine);
        }
    }

    /// <summary>Takes the text behind the last line end, if there is some, for a line.</summary>
    public void TakeRest(Action<string> onLine)
    {
        if (_rest.Length > 0)
        {
            onLine(Take([]));
        }
    }

    /// <summary>Begins anew: what comes next is the start of another text.</summary>
    public void Reset()
    {
        _rest.Clear();
        _hasReturned = false;
    }

    private void SplitAtEnds(ReadOnlySpan<char> text, Action<string> onLine)
    {
        while (text.Length > 0)
        {
            if (_hasReturned && text[0] == '\n')
            {
                text = text[1..];
            }

            _hasReturned = false;
            int length = text.IndexOfAny('\r', '\n');
            if (length < 0)
            {
                _rest.Append(text);
                return;
            }

            _hasReturned = text[length] == '\r';
            onLine(Take(text[..length]));
            text = text[(length + 1)..];
        }
    }

    private void SplitAtDelimiter(ReadOnlySpan<char> text, string delimiter, Action<string> onLine)
    {
        // The delimiter may begin in what was left.
        int from = Math.Max(0, _rest.Length - delimiter.Length + 1);
        string all = _rest.Append(text).ToString(from, _rest.Length - from);
        int start = 0;
        for (int end; (end = all.IndexOf(delimiter, start, StringComparison.Ordinal)) >= 0; start = end + delimiter.Length)
        {
            onLine(_rest.ToString(0, from) + all[start..end]);
            from = 0;
        }

        if (start > 0)
        {
            _rest.Clear().Append(all, start, all.Length - start);
        }
    }

    private string Take(ReadOnlySpan<char> end)
    {
        if (_rest.Length == 0)
        {
            return end.ToString();
        }

        string line = _rest.Append(end).ToString();
        _rest.Clear();
        return line;
    }
}
