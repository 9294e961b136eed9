namespace AsyncJobs.Core.Web;

/// <summary>A message that knows whether a connection is being made for it, so that a time-out can name its phase.</summary>
internal sealed class WebMessage(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    private volatile bool _isConnecting;
    private volatile bool _hasConnected;

    public bool IsConnecting
    {
        get => _isConnecting;
        set
        {
            _isConnecting = value;
            _hasConnected = true;
        }
    }

    /// <summary>Whether a connection was made for this message; otherwise it went over one that had been kept.</summary>
    public bool HasConnected => _hasConnected;
}
