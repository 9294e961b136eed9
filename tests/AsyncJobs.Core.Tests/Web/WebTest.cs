using AsyncJobs.Testing;

namespace AsyncJobs.Core.Tests.Web;

/// <summary>What the tests of the web engine share: a server, a pool and a clock.</summary>
public abstract class WebTest : IDisposable
{
    private protected WebTest() => Pool = new WebClientPool(Clock);

    private protected TestServer Server { get; } = TestServer.Start();

    private protected ManualTimeProvider Clock { get; } = new();

    private protected WebClientPool Pool { get; }

    public void Dispose()
    {
        Pool.Dispose();
        Server.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected WebRequest Get(string path) => new() { Address = Server.BaseUri + path };

    private protected Task<WebAnswer> SendAsync(WebRequest request, CancellationToken stop = default) => SendAsync(request, null, stop);

    private protected async Task<WebAnswer> SendAsync(WebRequest request, AsyncTask? task, CancellationToken stop) =>
        (WebAnswer)(await WebExchange.RunAsync(Pool, request, WebAnswer.Of, task, stop).Within())!;

    private protected static WebTimeouts Within(double? connect = null, double? headers = null, double? idle = null, double? total = null) => new(
        TimeSpan.FromSeconds(connect ?? 15),
        TimeSpan.FromSeconds(headers ?? 100),
        TimeSpan.FromSeconds(idle ?? 60),
        total is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
}
