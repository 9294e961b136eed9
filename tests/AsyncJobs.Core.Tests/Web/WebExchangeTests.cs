using System.Net;
using AsyncJobs.Testing;
using Xunit;
using WebRequest = AsyncJobs.Core.Web.WebRequest;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebExchangeTests : WebTest
{
    [Fact]
    public async Task RunAsync_PlainAnswer_GivesStatusHeadersAndBody()
    {
        WebAnswer response = await SendAsync(Get("/ok"));

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("OK", response.StatusDescription);
        Assert.Equal("ok", response.Content);
        Assert.Equal("text/plain", response.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, response.RawContentLength);
        Assert.Equal(1, response.Attempts);
    }

    [Theory]
    [InlineData("/chunked", "first second")]
    [InlineData("/gzip", "compressed")]
    [InlineData("/redirect/ok", "ok")]
    public async Task RunAsync_OtherFraming_GivesTheSameText(string path, string expected) =>
        Assert.Equal(expected, (await SendAsync(Get(path))).Content);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public async Task RunAsync_BodyOfAnySize_ComesWhole(int size) =>
        Assert.Equal(size, (await SendAsync(Get($"/bytes/{size}"))).RawContentLength);

    [Fact]
    public async Task RunAsync_Redirected_NamesTheLastAddress() =>
        Assert.Equal("/ok", (await SendAsync(Get("/redirect/ok"))).RequestUri!.AbsolutePath);

    [Fact]
    public async Task RunAsync_OneAfterTheOther_UseOneConnection()
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(Get("/ok"));
        }

        Assert.Equal(1, Server.ConnectionCount);
    }

    [Fact]
    public async Task RunAsync_Headers_AreSent()
    {
        WebAnswer response = await SendAsync(Get("/headers") with { Headers = [new("X-One", "1")] });

        Assert.Contains("X-One: 1", response.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("not a url")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://host:notaport/")]
    public async Task RunAsync_NoWebAddress_FailsWithWebUriInvalid(string? address)
    {
        var error = await Assert.ThrowsAsync<WebUriException>(() => SendAsync(new WebRequest { Address = address }));
        Assert.Equal("WebUriInvalid", error.ErrorId);
        Assert.IsAssignableFrom<UriFormatException>(error);
    }

    [Fact]
    public async Task RunAsync_NoScheme_IsTakenForHttp() =>
        Assert.Equal("ok", (await SendAsync(new WebRequest { Address = Server.BaseUri["http://".Length..] + "/ok" })).Content);

    [Fact]
    public async Task RunAsync_ErrorStatus_FailsWithTheAnswerInTheException()
    {
        var error = await Assert.ThrowsAsync<WebStatusException>(() => SendAsync(Get("/status/404")));

        Assert.Equal("WebCmdletWebResponseException", error.ErrorId);
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.StartsWith("Response status code does not indicate success: 404 (NotFound).", error.Message, StringComparison.Ordinal);
        Assert.Equal("status 404", await error.Response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RunAsync_ErrorStatusAccepted_GivesTheAnswer() =>
        Assert.Equal(404, (await SendAsync(Get("/status/404") with { AcceptsAnyStatus = true })).StatusCode);

    [Theory]
    [InlineData("/close", "WebResponseEnded")]
    [InlineData("/drop", "WebResponseEnded")]
    [InlineData("/reset", "WebResponseEnded")]
    [InlineData("/garbage", "WebResponseInvalid")]
    public async Task RunAsync_ServerBreaksOff_FailsWithItsOwnId(string path, string errorId)
    {
        var error = await Assert.ThrowsAsync<WebRequestException>(() => SendAsync(Get(path)));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_FailsWithWebConnectionFailed()
    {
        var error = await Assert.ThrowsAsync<WebRequestException>(() => SendAsync(new WebRequest { Address = TestServer.GetRefusingUri() }));
        Assert.Equal("WebConnectionFailed", error.ErrorId);
    }

    [Fact]
    public async Task RunAsync_UnknownHost_FailsWithWebNameNotResolved()
    {
        var error = await Assert.ThrowsAsync<WebRequestException>(() => SendAsync(new WebRequest { Address = "http://no-such-host.invalid/" }));
        Assert.Equal("WebNameNotResolved", error.ErrorId);
    }

    [Fact]
    public async Task RunAsync_UntrustedCertificate_FailsUnlessTheCheckIsSkipped()
    {
        using var tls = TestServer.StartTls();
        var request = new WebRequest { Address = tls.BaseUri + "/ok" };

        var error = await Assert.ThrowsAsync<WebRequestException>(() => SendAsync(request));
        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
        Assert.Contains("RemoteCertificateNameMismatch", error.Message, StringComparison.Ordinal);
        Assert.Contains("CN=localhost; UntrustedRoot", error.Message, StringComparison.Ordinal);
        Assert.Equal("ok", (await SendAsync(request with { Connection = new() { SkipsCertificateCheck = true } })).Content);
    }

    [Fact]
    public async Task RunAsync_Stopped_AbortsTheRequest()
    {
        using var stop = new CancellationTokenSource();
        Task<WebAnswer> sending = SendAsync(Get("/hang"), stop.Token);
        Assert.True(Server.WaitForWaitingRequests(1));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(Server.WaitFor(server => server.OpenConnections == 0));
    }

    [Fact]
    public async Task CloseConnections_IdleOnes_AreClosedAndThePoolGoesOn()
    {
        await SendAsync(Get("/ok"));
        Pool.CloseConnections();

        Assert.True(Server.WaitFor(server => server.OpenConnections == 0));
        Assert.Equal("ok", (await SendAsync(Get("/ok"))).Content);
    }
}
