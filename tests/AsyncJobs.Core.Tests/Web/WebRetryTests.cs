using AsyncJobs.Testing;
using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebRetryTests : WebTest
{
    private static readonly RetryPolicy Twice = new(2, TimeSpan.FromMilliseconds(40), BackoffKind.Exponential);

    [Fact]
    public async Task RunAsync_UnavailableThenWell_IsTriedAgain()
    {
        Task<WebAnswer> sending = SendAsync(Get("/fail/503/2") with { Retry = Twice });
        await AdvanceUntilDone(sending);

        Assert.Equal("recovered", (await sending).Content);
        Assert.Equal(3, (await sending).Attempts);
    }

    [Fact]
    public async Task RunAsync_NoRetriesAsked_FailsAtOnce()
    {
        await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(Get("/fail/503/1")));
        Assert.Equal(1, Server.RequestCount);
    }

    [Fact]
    public async Task RunAsync_AttemptsUsedUp_FailsWithTheLastError()
    {
        Task<WebAnswer> sending = SendAsync(Get("/fail/503/9") with { Retry = Twice });
        await AdvanceUntilDone(sending);

        await Assert.ThrowsAsync<WebStatusException>(() => sending);
        Assert.Equal(3, Server.RequestCount);
    }

    [Fact]
    public async Task RunAsync_OtherErrorStatus_IsNotTriedAgain()
    {
        await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(Get("/status/404") with { Retry = Twice }));
        Assert.Equal(1, Server.RequestCount);
    }

    [Fact]
    public async Task RunAsync_AnyStatusAccepted_StillTriesAgainFirst()
    {
        Task<WebAnswer> sending = SendAsync(Get("/fail/503/9") with { Retry = Twice, AcceptsAnyStatus = true });
        await AdvanceUntilDone(sending);

        Assert.Equal(503, (await sending).StatusCode);
        Assert.Equal(3, Server.RequestCount);
    }

    [Fact]
    public async Task RunAsync_Post_IsTriedAgainOnlyWhenAsked()
    {
        WebRequest post = Get("/fail/503/1") with { Method = HttpMethod.Post, Retry = Twice };
        await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(post));
        Assert.Equal(1, Server.RequestCount);

        Task<WebAnswer> asked = SendAsync(post with { Address = Server.BaseUri + "/fail/503/1?again", RetriesNonIdempotent = true });
        await AdvanceUntilDone(asked);
        Assert.Equal(2, (await asked).Attempts);
    }

    [Theory]
    [InlineData("/close")]
    [InlineData("/drop")]
    [InlineData("/reset")]
    public async Task RunAsync_ConnectionLost_IsTriedAgain(string path)
    {
        Task<WebAnswer> sending = SendAsync(Get(path) with { Retry = Twice });
        await AdvanceUntilDone(sending);

        await Assert.ThrowsAsync<WebRequestException>(() => sending);
        Assert.True(Server.VisitsTo(path) >= 3);
    }

    [Fact]
    public async Task RunAsync_ConnectionRefused_IsTriedAgainAndCounted()
    {
        var loop = new EventLoop(Clock);
        WebRequest request = new() { Address = TestServer.GetRefusingUri(), Retry = Twice };
        AsyncTask task = new TaskRunner(loop, null).Start(
            AsyncTaskKind.IO, (self, stop) => WebExchange.RunAsync(Pool, request, reply => null, self, stop), new TaskOptions());
        await AdvanceUntilDone(task.AsTask());

        Assert.IsType<WebRequestException>(task.Exception);
        Assert.Equal(3, task.Attempts);
    }

    // Pauses are told from the limits by their length: no limit is 40 or 90 seconds.
    [Theory]
    [InlineData("after=40", 40)]
    [InlineData("date=90", 90)]
    public async Task RunAsync_RetryAfter_WaitsAsLongAsToldInEitherForm(string asked, int seconds)
    {
        Task<WebAnswer> sending = SendAsync(Get("/fail/429/1?" + asked) with { Retry = Twice });
        await Clock.WhenSetFor(TimeSpan.FromSeconds(seconds)).Within();
        Assert.Equal(1, Server.RequestCount);

        Clock.Advance(TimeSpan.FromSeconds(seconds));
        await AdvanceUntilDone(sending);
        Assert.Equal("recovered", (await sending).Content);
    }

    [Fact]
    public async Task RunAsync_RetryAfterOfADay_FailsInsteadOfWaiting()
    {
        await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(Get("/fail/429/1?after=86400") with { Retry = Twice }));
        Assert.Equal("ok", (await SendAsync(Get("/ok"))).Content);
    }

    [Fact]
    public async Task RunAsync_TooManyRequests_PausesTheHostForOthersToo()
    {
        await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(Get("/fail/429/1?after=40")));

        Task<WebAnswer> other = SendAsync(Get("/ok"));
        await Clock.WhenSetFor(TimeSpan.FromSeconds(40)).Within();
        Assert.Equal(0, Server.VisitsTo("/ok"));
        using var elsewhere = TestServer.Start();
        Assert.Equal("ok", (await SendAsync(new WebRequest { Address = elsewhere.BaseUri + "/ok" })).Content);

        Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("ok", (await other).Content);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileWaiting_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        Task<WebAnswer> sending = SendAsync(Get("/fail/503/1?after=40") with { Retry = Twice }, stop.Token);
        await Clock.WhenSetFor(TimeSpan.FromSeconds(40)).Within();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    /// <summary>Moves the clock on whenever the request waits for its next attempt.</summary>
    private async Task AdvanceUntilDone(Task sending)
    {
        for (int i = 0; i < 10 && !sending.IsCompleted; i++)
        {
            await Task.WhenAny(sending, Clock.WhenSetFor(TimeSpan.FromMilliseconds(100)).Within());
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
