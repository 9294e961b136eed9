using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace AsyncJobsBenchmarks;

/// <summary>What one would write in C# to test many hosts, and the hosts.</summary>
public static class Hosts
{
    /// <summary>Takes every connection and closes it.</summary>
    public static async void Serve(Socket listener)
    {
        try
        {
            while (true)
            {
                (await listener.AcceptAsync()).Dispose();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>How many of the targets have the port open.</summary>
    public static int Connect(string[] targets, int[] ports, int limit, double seconds) => Run(targets, limit, async i =>
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(targets[i]), ports[i % ports.Length], timeout.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    });

    /// <summary>How many of the targets answer a ping.</summary>
    public static int Ping(string[] targets, int limit, double seconds) => Run(targets, limit, async i =>
    {
        using var ping = new Ping();
        PingReply reply = await ping.SendPingAsync(IPAddress.Parse(targets[i]), TimeSpan.FromSeconds(seconds));
        return reply.Status == IPStatus.Success;
    });

    private static int Run(string[] targets, int limit, Func<int, Task<bool>> test)
    {
        using var places = new SemaphoreSlim(limit);
        IEnumerable<Task<bool>> tests = targets.Select(async (_, i) =>
        {
            await places.WaitAsync();
            try
            {
                return await test(i);
            }
            finally
            {
                places.Release();
            }
        });
        return Task.WhenAll(tests).GetAwaiter().GetResult().Count(static answered => answered);
    }
}
