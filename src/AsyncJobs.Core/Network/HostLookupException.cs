using System.Net.Sockets;

namespace AsyncJobs;

/// <summary>A name has no address, an address has no name, or nobody could tell.</summary>
public sealed class HostLookupException : SocketException, IHasErrorId
{
    internal const string NotFound = "HostNotFound";

    internal HostLookupException(string host, SocketError error, string reason)
        : base((int)error, $"'{host}' cannot be looked up: {reason}")
    {
        HostName = host;
        Reason = reason;
    }

    /// <summary>What was looked up.</summary>
    public string HostName { get; }

    /// <summary>Why, without what.</summary>
    internal string Reason { get; }

    /// <summary><c>HostNotFound</c> where the answer was that there is none; <c>HostLookupFailed</c> where there was no answer.</summary>
    public string ErrorId => SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? NotFound : "HostLookupFailed";

    /// <summary>For what the resolver threw.</summary>
    internal static HostLookupException For(string host, Exception cause) =>
        cause is SocketException socket ? new(host, socket.SocketErrorCode, socket.Message)
        : new(host, SocketError.HostNotFound, "it is no name or address of a host.");
}
