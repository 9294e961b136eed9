using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Tests.Network;

public sealed class TcpPortTestTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TcpPortTestTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task TestAsync_OpenPort_Connects()
    {
        var status = (TcpPortStatus)Assert.Single(await ResultsAsync(Detailed(Port)))!;

        Assert.True(status.Connected);
        Assert.Equal((1, "127.0.0.1", Port, SocketError.Success), (status.Id, status.Target, status.Port, status.Status));
    }

    [Fact]
    public async Task TestAsync_PortThatNobodyListensTo_IsRefused()
    {
        int port = Port;
        _listener.Stop();

        var status = (TcpPortStatus)Assert.Single(await ResultsAsync(Detailed(port)))!;

        Assert.Equal(SocketError.ConnectionRefused, status.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TestAsync_SeveralTimes_SaysWhetherAllConnected(bool isOpen)
    {
        int port = Port;
        if (!isOpen)
        {
            _listener.Stop();
        }

        // A day: the first that fails ends it.
        var test = new TcpPortTest
        {
            Port = port,
            Count = isOpen ? 3 : 2,
            Delay = isOpen ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromDays(1),
            Timeout = Limit.Span,
        };

        Assert.Equal([isOpen], await ResultsAsync(test));
    }

    [Fact]
    public async Task TestAsync_WithoutEnd_GoesOnUntilStopped()
    {
        var test = new TcpPortTest { Port = Port, Count = null, Delay = TimeSpan.FromMilliseconds(1), Timeout = Limit.Span };
        using var stop = new CancellationTokenSource();
        int count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (object? result in test.TestAsync("127.0.0.1", stop.Token))
            {
                Assert.Equal(true, result);
                if (++count == 3)
                {
                    stop.Cancel();
                }
            }
        }).Within();
        Assert.Equal(3, count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TestAsync_TargetWithoutSuchAddress_FailsUnlessQuiet(bool isQuiet)
    {
        TcpPortTest test = Detailed(Port) with { Family = AddressFamily.InterNetworkV6, IsQuiet = isQuiet };

        if (isQuiet)
        {
            Assert.Equal([false], await ResultsAsync(test));
        }
        else
        {
            ConnectionTestException failure = await Assert.ThrowsAsync<ConnectionTestException>(() => ResultsAsync(test));
            Assert.Equal(("127.0.0.1", "TestConnectionException"), (failure.TargetName, failure.ErrorId));
        }
    }

    private static TcpPortTest Detailed(int port) =>
        new() { Port = port, IsDetailed = true, Count = 1, Delay = TimeSpan.Zero, Timeout = Limit.Span };

    private static async Task<List<object?>> ResultsAsync(ConnectionTest test)
    {
        var results = new List<object?>();
        await foreach (object? result in test.TestAsync("127.0.0.1", CancellationToken.None))
        {
            results.Add(result);
        }

        return results;
    }
}
