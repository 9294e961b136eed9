using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>Makes server-sent events of lines, by the rules of the HTML standard: an empty line ends an event that has data.</summary>
internal sealed class WebEventReader
{
    private readonly StringBuilder _data = new();
    private bool _hasData;
    private string _type = "";
    private string _id = "";
    private TimeSpan? _interval;

    /// <summary>Takes a line, and gives the event that it ends.</summary>
    public bool TryRead(string line, [NotNullWhen(true)] out WebEvent? read)
    {
        read = null;
        if (line.Length > 0)
        {
            TakeField(line);
            return false;
        }

        if (_hasData)
        {
            read = new WebEvent(_type.Length == 0 ? "message" : _type, _data.ToString(), _id, _interval);
        }

        _data.Clear();
        _hasData = false;
        _type = "";
        return read is not null;
    }

    private void TakeField(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? line : line[..colon];
        string value = colon < 0 ? "" : line[(colon + 1)..];
        value = value.StartsWith(' ') ? value[1..] : value;
        switch (name)
        {
            case "data":
                _data.Append(_hasData ? "\n" : "").Append(value);
                _hasData = true;
                break;
            case "event":
                _type = value;
                break;
            case "id" when !value.Contains('\0', StringComparison.Ordinal):
                _id = value;
                break;
            case "retry" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds):
                _interval = TimeSpan.FromMilliseconds(milliseconds);
                break;
        }
    }
}
