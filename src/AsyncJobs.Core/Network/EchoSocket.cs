using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AsyncJobs.Core.Network;

/// <summary>
/// Sends echo requests where this process may open no raw socket: .NET would start a program for each, while Linux has
/// sockets for just this that most users may open (<c>net.ipv4.ping_group_range</c>).
/// </summary>
internal static class EchoSocket
{
    private const int HeaderSize = 8;
    private const byte Request = 8;
    private const byte RequestV6 = 128;

    private static readonly Lazy<bool> Needed = new(
        static () => OperatingSystem.IsLinux() && !CanOpen(SocketType.Raw) && CanOpen(SocketType.Dgram));

    /// <summary>Whether this is the way to send one here.</summary>
    public static bool IsNeeded => Needed.Value;

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="address">Whom it is for.</param>
    /// <param name="content">What it carries.</param>
    /// <param name="options">Its time to live, and whether it may be fragmented.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<Echo> SendAsync(
        IPAddress address, ReadOnlyMemory<byte> content, PingOptions options, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        using Socket socket = Open(SocketType.Dgram, address.AddressFamily);
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        socket.Ttl = (short)options.Ttl;
        if (!isV6)
        {
            // Packets of IPv6 are divided by no router.
            socket.DontFragment = options.DontFragment;
        }

        // The kernel fills in identifier and checksum, and hands on nothing but answers to this socket's requests.
        byte[] message = new byte[HeaderSize + content.Length];
        message[0] = isV6 ? RequestV6 : Request;
        content.CopyTo(message.AsMemory(HeaderSize));
        long started = Stopwatch.GetTimestamp();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, 0), limit.Token).ConfigureAwait(false);
            await socket.SendAsync(message, limit.Token).ConfigureAwait(false);
            await socket.ReceiveAsync(message, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Echo(IPStatus.TimedOut, Latency: 0, Responder: null, Reply: null);
        }

        return new Echo(IPStatus.Success, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, address, Reply: null);
    }

    private static bool CanOpen(SocketType type)
    {
        try
        {
            Open(type, AddressFamily.InterNetwork).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket Open(SocketType type, AddressFamily family) =>
        new(family, type, family == AddressFamily.InterNetworkV6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp);
}
