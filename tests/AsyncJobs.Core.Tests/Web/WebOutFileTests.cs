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
        WebAnswer response = await SendAsync(Get("/ok") with { OutFile = Target, KeepsBody = true });

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
        Task<WebAnswer> sending = SendAsync(Get("/stall") with { OutFile = Target }, stop.Token);
        Assert.True(Server.WaitForWaitingRequests(1));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task RunAsync_OutFileIsADirectory_TakesTheNameOfTheLastAddress()
    {
        WebAnswer response = await SendAsync(Get("/redirect/some%20name.txt") with { OutFile = _directory.FullName });

        Assert.Equal(Path.Combine(_directory.FullName, "some name.txt"), response.OutFile);
        Assert.Equal("ok", await File.ReadAllTextAsync(response.OutFile!));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a/%2e%2e%2f")]
    public async Task RunAsync_DirectoryAndNoName_FailsWithTheDirectory(string path)
    {
        await Assert.ThrowsAsync<FileIsDirectoryException>(() => SendAsync(Get(path) with { OutFile = _directory.FullName }));
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task RunAsync_NameThatLeavesTheDirectory_IsTheLastOfItOnly()
    {
        await SendAsync(Get("/a/..%2f..%2fescaped") with { OutFile = _directory.FullName });

        Assert.Equal("escaped", Assert.Single(_directory.GetFiles()).Name);
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
