using Xunit;

namespace AsyncJobs.Core.Tests.Web;

public sealed class WebOutFileTests : WebTest, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("AsyncJobs");

    private string Target => Path.Combine(_directory.FullName, "body.txt");

    [Fact]
    public async Task RunAsync_OutFile_HoldsTheBody()
    {
        await SendAsync(Get("/bytes/300000") with { OutFile = Target });

        Assert.Equal(300_000, new FileInfo(Target).Length);
        Assert.Single(_directory.GetFiles());
    }

    [Fact]
    public async Task RunAsync_OutFileAndBodyKept_GivesBoth()
    {
        WebResponse response = await SendAsync(Get("/ok") with { OutFile = Target, KeepsBody = true });

        Assert.Equal("ok", response.Content);
        Assert.Equal("ok", await File.ReadAllTextAsync(Target));
    }

    [Theory]
    [InlineData("/close")]
    [InlineData("/status/404")]
    public async Task RunAsync_Fails_LeavesTheOldFileAndNothingElse(string path)
    {
        await File.WriteAllTextAsync(Target, "old");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(Get(path) with { OutFile = Target }));

        Assert.Equal("old", await File.ReadAllTextAsync(Target));
        Assert.Single(_directory.GetFiles());
    }

    [Fact]
    public async Task RunAsync_StoppedInTheBody_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        Task<WebResponse> sending = SendAsync(Get("/stall") with { OutFile = Target }, stop.Token);
        Assert.True(Server.WaitForWaitingRequests(1));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task RunAsync_OutFileIsADirectory_FailsBeforeAsking()
    {
        await Assert.ThrowsAsync<FileIsDirectoryException>(() => SendAsync(Get("/ok") with { OutFile = _directory.FullName }));
        Assert.Equal(0, Server.RequestCount);
    }

    [Fact]
    public async Task RunAsync_NoSuchDirectory_FailsAsTheFileSystemSays() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => SendAsync(Get("/ok") with { OutFile = Path.Combine(_directory.FullName, "none", "a") }));

    void IDisposable.Dispose()
    {
        Dispose();
        _directory.Delete(recursive: true);
    }
}
