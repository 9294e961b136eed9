using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebTimeoutTests : WebTest
{
    [Fact]
    public async Task RunAsync_NoAnswer_NamesTheHeadersPhase()
    {
        Task<WebAnswer> sending = SendAsync(Get("/hang") with { Timeouts = Within(headers: 7) });
        Assert.True(Server.WaitForWaitingRequests(1));
        Clock.Advance(TimeSpan.FromSeconds(7));

        var error = await Assert.ThrowsAsync<WebTimeoutException>(() => sending);
        Assert.Equal(WebPhase.Headers, error.Phase);
        Assert.Equal("ConnectionTimeoutReached", error.ErrorId);
        Assert.Contains("7 s", error.Message, StringComparison.Ordinal);
        Assert.True(Server.WaitFor(server => server.OpenConnections == 0));
    }

    [Theory]
    [InlineData(0.2, null)]
    [InlineData(15.0, 0.2)]
    public async Task RunAsync_NoAnswerToTls_NamesTheConnectPhase(double connect, double? total)
    {
        // A server that does not speak TLS waits for the rest of what it takes for a request. The handler's own clock counts.
        using var pool = new WebClientPool(TimeProvider.System);
        WebRequest request = new()
        {
            Address = Server.BaseUri.Replace("http:", "https:", StringComparison.Ordinal),
            Timeouts = Within(connect: connect, total: total),
            Connection = new() { ConnectTimeout = TimeSpan.FromSeconds(connect) },
        };

        var error = await Assert.ThrowsAsync<WebTimeoutException>(() => WebExchange.RunAsync(pool, request, reply => null, null, default).Within());
        Assert.Equal(WebPhase.Connect, error.Phase);
        Assert.Equal(TimeSpan.FromSeconds(0.2), error.Limit);
    }

    [Fact]
    public async Task RunAsync_StalledBody_NamesTheBodyPhase()
    {
        Task<WebAnswer> sending = SendAsync(Get("/stall") with { Timeouts = Within(idle: 7) });
        Assert.True(Server.WaitForWaitingRequests(1));
        await Clock.WhenSetFor(TimeSpan.FromSeconds(7)).Within();
        Clock.Advance(TimeSpan.FromSeconds(7));

        var error = await Assert.ThrowsAsync<WebTimeoutException>(() => sending);
        Assert.Equal(WebPhase.Body, error.Phase);
        Assert.Equal(TimeSpan.FromSeconds(7), error.Limit);
    }

    [Fact]
    public async Task RunAsync_TotalPassedInTheBody_SaysThatItIsTheWhole()
    {
        Task<WebAnswer> sending = SendAsync(Get("/stall") with { Timeouts = Within(idle: 60, total: 9) });
        Assert.True(Server.WaitForWaitingRequests(1));
        Clock.Advance(TimeSpan.FromSeconds(9));

        var error = await Assert.ThrowsAsync<WebTimeoutException>(() => sending);
        Assert.Contains("9 s for the whole request", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AnswerInTime_LeavesNoLimitBehind()
    {
        await SendAsync(Get("/ok") with { Timeouts = Within(headers: 7) });

        // The first one's timer is still set; it must not end the second, which has a longer limit.
        Task<WebAnswer> second = SendAsync(Get("/hang") with { Timeouts = Within(headers: 30) });
        Assert.True(Server.WaitForWaitingRequests(1));
        Clock.Advance(TimeSpan.FromSeconds(8));
        await Clock.WhenSetFor(TimeSpan.FromSeconds(22)).Within();
        Assert.False(second.IsCompleted);

        Clock.Advance(TimeSpan.FromSeconds(22));
        await Assert.ThrowsAsync<WebTimeoutException>(() => second);
    }
}
