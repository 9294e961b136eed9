using System.Globalization;
using System.Management.Automation.Host;
using System.Text;

namespace AsyncJobs.Diagnostics.Watching;

/// <summary>
/// Lines at the end of what a terminal shows that are drawn again and again at the same place. Between one drawing and the
/// next the cursor stands in the line beneath them, so what is written then comes out behind them; before it is written
/// they are taken away, and drawn again behind it.
/// </summary>
internal sealed class ScreenArea : IDisposable
{
    private const string HideCursor = "\x1b[?25l";
    private const string ShowCursor = "\x1b[?25h";
    private const string ClearLine = "\x1b[K";
    private const string ClearBelow = "\x1b[J";
    private const string ClearScreen = "\x1b[H\x1b[2J";

    private readonly PSHostUserInterface _ui;
    private int _lineCount;
    private int _width;
    private bool _isHidden;

    private ScreenArea(PSHostUserInterface ui) => _ui = ui;

    /// <summary>The size of the window now.</summary>
    public Size Window => TryGetWindow(_ui, out Size window) ? window : new Size(80, 25);

    /// <summary>An area of the host's terminal; null where the host has none, or nothing that draws is wanted there.</summary>
    public static ScreenArea? Of(PSHost host)
    {
        bool isWanted = !Console.IsOutputRedirected && !IsSet("CI")
            && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.OrdinalIgnoreCase);
        return isWanted && host.UI is { SupportsVirtualTerminal: true } ui && TryGetWindow(ui, out _) ? new ScreenArea(ui) : null;
    }

    /// <summary>How many cells a text takes.</summary>
    public int WidthOf(string text) => text.All(static letter => letter is >= ' ' and < '\u0300') ? text.Length : _ui.RawUI.LengthInBufferCells(text);

    /// <summary>Draws lines in the place of the last ones.</summary>
    /// <param name="lines">The lines, none as wide as the window.</param>
    /// <param name="window">The size that they were made for.</param>
    public void Draw(IReadOnlyList<string> lines, Size window)
    {
        var text = new StringBuilder();
        if (!_isHidden)
        {
            _isHidden = true;
            text.Append(HideCursor);
        }

        if (window.Width < _width)
        {
            // Some terminals have wrapped the lines, some have cut them off.
            text.Append(ClearScreen);
        }
        else
        {
            text.Append(Up);
        }

        foreach (string line in lines)
        {
            text.Append(line).Append(ClearLine).Append("\r\n");
        }

        _ui.Write(text.Append(ClearBelow).ToString());
        (_lineCount, _width) = (lines.Count, window.Width);
    }

    /// <summary>Takes the lines away.</summary>
    public void Erase()
    {
        if (_lineCount > 0)
        {
            _ui.Write(Up + ClearBelow);
            _lineCount = 0;
        }
    }

    /// <summary>Leaves the lines on the screen, and gives the cursor back.</summary>
    public void Dispose()
    {
        if (_isHidden)
        {
            _isHidden = false;
            _ui.Write(ShowCursor);
        }
    }

    private string Up => _lineCount == 0 ? "\r" : string.Create(CultureInfo.InvariantCulture, $"\r\x1b[{_lineCount}A");

    private static bool IsSet(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static bool TryGetWindow(PSHostUserInterface ui, out Size window)
    {
        window = default;
        try
        {
            if (ui.RawUI is { } raw)
            {
                window = raw.WindowSize;
            }
        }
        catch (Exception exception) when (exception is HostException or NotImplementedException or NotSupportedException or IOException)
        {
            // A host without a screen.
        }

        return window is { Width: > 1, Height: > 1 };
    }
}
