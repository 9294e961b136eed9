using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Network;

/// <summary>Connects to a port of a target.</summary>
internal sealed record TcpPortTest : RepeatedTest
{
    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>Whether each attempt's status is told.</summary>
    public bool IsDetailed { get; init; }

    /// <inheritdoc/>
    protected override bool GivesBoolean => !IsDetailed;

    /// <inheritdoc/>
    protected override async Task<(object Status, bool IsSuccess)> TestOnceAsync(HostTarget target, int number, CancellationToken stop)
    {
        (SocketError status, long latency) = await ConnectAsync(target, stop).ConfigureAwait(false);
        return (new TcpPortStatus(Source, target, Port, number, status, latency), status == SocketError.Success);
    }

    private async Task<(SocketError Status, long Latency)> ConnectAsync(HostTarget target, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Timeout);
        long started = Stopwatch.GetTimestamp();
        try
        {
            using var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(target.Address, Port), limit.Token).ConfigureAwait(false);
            return (SocketError.Success, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.TooManyOpenSockets)
        {
            // Says nothing of the target.
            throw new ConnectionTestException(
                target.Asked, "this process has as many sockets open as it may; a -ThrottleLimit keeps them fewer.", exception);
        }
        catch (SocketException exception)
        {
            return (exception.SocketErrorCode, 0);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (SocketError.TimedOut, 0);
        }
    }
}
