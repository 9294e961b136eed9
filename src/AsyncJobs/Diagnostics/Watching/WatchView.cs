using System.Globalization;
using System.Management.Automation.Host;
using System.Text;

namespace AsyncJobs.Diagnostics.Watching;

/// <summary>Makes the lines of a watch, as many and as long as the window has room for.</summary>
/// <param name="style">The colours.</param>
/// <param name="widthOf">How many cells of the screen a text takes.</param>
internal sealed class WatchView(WatchStyle style, Func<string, int> widthOf)
{
    private const int NameWidth = 16;
    private const int HeadLines = 3;

    // That of the cursor beneath.
    private const int SpareLines = 1;

    /// <summary>How many tasks there is room for, with a line for the number of the others.</summary>
    public static int RowsIn(Size window) => Math.Max(0, window.Height - HeadLines - SpareLines - 1);

    /// <summary>The lines, none of which takes the window's last column, where terminals differ.</summary>
    /// <param name="sample">What was seen, with as many tasks as there is room for.</param>
    /// <param name="window">The window's size.</param>
    public IReadOnlyList<string> Draw(WatchSample sample, Size window)
    {
        int width = Math.Max(1, window.Width - 1);
        var text = new WatchText(KnownTasks.ByNumber());
        var lines = new List<string>(sample.Tasks.Count + HeadLines + 1)
        {
            Cut($"{WatchText.TimeOf(sample.Elapsed)}  {WatchText.SummaryOf(sample)}", width),
            Cut(sample.IsLast ? WatchText.RatesOf(sample) : $"{WatchText.RatesOf(sample)}  (Ctrl+C ends the watch, not the tasks)", width),
        };
        if (sample.Tasks.Count > 0)
        {
            lines.Add(Painted(style.Header, Cut($"{"Id",6} {"Name",-NameWidth} {"Kind",-9} {"State",-8} {"Time",9}  What it does", width)));
        }

        lines.AddRange(sample.Tasks.Select(task => Row(task, text, width)));
        if (sample.MoreCount > 0)
        {
            lines.Add(Cut(string.Create(CultureInfo.CurrentCulture, $"... and {sample.MoreCount:N0} more"), width));
        }

        int most = Math.Max(1, window.Height - SpareLines);
        return lines.Count <= most ? lines : lines[..most];
    }

    private string Row(WatchedTask watched, WatchText text, int width)
    {
        AsyncTask task = watched.Task;
        string line = $"{task.Id,6} {Fitted(task.Name ?? "", NameWidth)} {task.Kind,-9} {watched.State,-8} {WatchText.TimeOf(watched.Time),9}  {text.DoingOf(watched)}";
        string color = watched.State switch
        {
            WatchedState.Failed => style.Failure,
            WatchedState.Running => style.Accent,
            _ => "",
        };
        return Painted(color, Cut(line, width));
    }

    private string Painted(string color, string text) => color.Length == 0 ? text : color + text + style.Reset;

    private string Fitted(string text, int width)
    {
        string cut = Cut(text, width);
        return cut + new string(' ', Math.Max(0, width - widthOf(cut)));
    }

    /// <summary>The text without what would move the cursor, and no wider than it may be.</summary>
    private string Cut(string text, int width)
    {
        // Longer ones are cut in any case, and a block may be very long.
        string clean = string.Concat(text.Take(4 * width).Select(static letter => char.IsControl(letter) ? ' ' : letter));
        if (text.Length <= 4 * width && widthOf(clean) <= width)
        {
            return clean;
        }

        int used = 1;
        int length = 0;
        foreach (Rune rune in clean.EnumerateRunes())
        {
            used += widthOf(rune.ToString());
            if (used > width)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return clean[..length] + "\u2026";
    }
}
