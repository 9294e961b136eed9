namespace AsyncJobs.Core.Web;

/// <summary>A message that knows whether a connection is being made for it, so that a time-out can name its phase.</summary>
internal sealed class WebMessage(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    private volatile bool _isConnecting;
    private volatile bool _hasConnected;

    /// <summary>Notes what the message comes through; null where nobody does.</summary>
    public PhaseWatch? Watch { get; init; }

    public bool IsConnecting
    {
        get => _isConnecting;
        set
        {
            _isConnecting = value;
            _hasConnected = true;
            Watch?.NoteConnecting(isOver: !value);
        }
    }

    /// <summary>Whether a connection was made for this message; otherwise it went over one that had been kept.</summary>
    public bool HasConnected => _hasConnected;
}
