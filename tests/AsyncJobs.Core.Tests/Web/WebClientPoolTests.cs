using System.Net;
using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebClientPoolTests : WebTest
{
    [Fact]
    public async Task SendAsync_EqualSettings_ShareAHandler()
    {
        for (int i = 0; i < 5; i++)
        {
            await SendAsync(Get("/ok") with { Connection = WithUser("one") });
        }

        Assert.Equal(1, Pool.SenderCount);
        Assert.Equal(1, Server.ConnectionCount);
        await SendAsync(Get("/ok") with { Connection = WithUser("two") });
        Assert.Equal(2, Pool.SenderCount);
    }

    [Fact]
    public async Task SendAsync_AnotherHandlerWhenSomeAreLongUnused_GivesTheseUp()
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(Get("/ok") with { Connection = new() { ConnectTimeout = TimeSpan.FromSeconds(100 + i) } });
        }

        Assert.Equal(20, Pool.SenderCount);
        Clock.Advance(TimeSpan.FromMinutes(3));
        await SendAsync(Get("/ok"));

        Assert.Equal(1, Pool.SenderCount);
        Assert.True(Server.WaitFor(server => server.OpenConnections == 1));
    }

    [Theory]
    [InlineData("user", "secret", "user", "secret", true)]
    [InlineData("user", "secret", "user", "other", false)]
    [InlineData("user", "secret", "other", "secret", false)]
    public void Equals_Credentials_AreComparedByWhatTheySay(string user, string password, string otherUser, string otherPassword, bool expected)
    {
        var one = Keyed.Of(new NetworkCredential(user, password));
        var other = Keyed.Of(new NetworkCredential(otherUser, otherPassword));
        Assert.Equal(expected, one!.Equals(other));
        Assert.Equal(
            expected,
            Keyed.Of(new WebProxy("http://p:1") { Credentials = one.Value })!.Equals(Keyed.Of(new WebProxy("http://p:1") { Credentials = other!.Value })));
    }

    [Fact]
    public void Equals_Proxies_AreComparedByTheirAddress()
    {
        Assert.Equal(Keyed.Of(new WebProxy("http://p:1")), Keyed.Of(new WebProxy("http://p:1")));
        Assert.NotEqual(Keyed.Of(new WebProxy("http://p:1")), Keyed.Of(new WebProxy("http://p:2")));
    }

    private static WebConnection WithUser(string name) => new() { Credentials = Keyed.Of(new NetworkCredential(name, "secret")) };
}
