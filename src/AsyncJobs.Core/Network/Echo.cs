using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AsyncJobs.Core.Network;

/// <summary>What became of one ICMP echo request.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Latency">How long the answer took, in milliseconds.</param>
/// <param name="Responder">Who answered, the target or a router; null where nobody did.</param>
/// <param name="Reply">What .NET says; null where .NET has not sent it.</param>
internal readonly record struct Echo(IPStatus Status, long Latency, IPAddress? Responder, PingReply? Reply)
{
    /// <summary>How many bytes are sent where nothing is said.</summary>
    public const int DefaultSize = 32;

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="target">Whom it is for.</param>
    /// <param name="size">How many bytes it carries.</param>
    /// <param name="options">Its time to live, and whether it may be fragmented.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="ConnectionTestException">This computer cannot send it.</exception>
    public static async Task<Echo> SendAsync(HostTarget target, int size, PingOptions options, TimeSpan timeout, CancellationToken stop)
    {
        try
        {
            return EchoSocket.IsNeeded
                ? await EchoSocket.SendAsync(target.Address, BytesOf(size), options, timeout, stop).ConfigureAwait(false)
                : await PingAsync(target.Address, size, options, timeout, stop).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (Exception exception) when (exception is PingException or SocketException or PlatformNotSupportedException)
        {
            Exception cause = exception.InnerException ?? exception;
            return StatusOf(cause) is { } status
                ? new Echo(status, Latency: 0, Responder: null, Reply: null)
                : throw new ConnectionTestException(target.Asked, cause.Message, cause);
        }
    }

    private static async Task<Echo> PingAsync(IPAddress address, int size, PingOptions options, TimeSpan timeout, CancellationToken stop)
    {
        // .NET's own bytes where they do: a user who may open no socket for this can send no others.
        byte[]? bytes = size == DefaultSize ? null : BytesOf(size);
        using var ping = new Ping();
        long started = Stopwatch.GetTimestamp();
        PingReply reply = await ping.SendPingAsync(address, timeout, bytes, options, stop).ConfigureAwait(false);

        // A router's answer is not timed on every system.
        long latency = reply.Status == IPStatus.TtlExpired
            ? (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds
            : reply.RoundtripTime;
        bool isAnswered = !reply.Address.Equals(IPAddress.Any) && !reply.Address.Equals(IPAddress.IPv6Any);
        return new Echo(reply.Status, latency, isAnswered ? reply.Address : null, reply);
    }

    // What Windows answers with a status is an error of the socket elsewhere.
    private static IPStatus? StatusOf(Exception cause) => (cause as SocketException)?.SocketErrorCode switch
    {
        SocketError.NetworkUnreachable or SocketError.NetworkDown => IPStatus.DestinationNetworkUnreachable,
        SocketError.HostUnreachable or SocketError.HostDown => IPStatus.DestinationHostUnreachable,
        SocketError.MessageSize => IPStatus.PacketTooBig,
        _ => null,
    };

    private static byte[] BytesOf(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)('a' + (i % 23));
        }

        return bytes;
    }
}
