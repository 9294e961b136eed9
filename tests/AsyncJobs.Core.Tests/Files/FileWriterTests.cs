using System.Text;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class FileWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WriteAsync_LongText_ArrivesWhole()
    {
        // Longer than a chunk, with pairs of characters that a border would split.
        string text = string.Concat(Enumerable.Repeat("a😀", 100_000));

        await WriteAsync("file", FileContent.OfText([text], endsLines: false, encoding: null));

        Assert.Equal(text, File.ReadAllText(_directory["file"]));
    }

    [Fact]
    public async Task WriteAsync_FaultMidway_LeavesTheOldFile()
    {
        _directory.WithFile("file", "old");

        await Assert.ThrowsAsync<IOException>(() => WriteAsync("file", new BrokenContent()));

        Assert.Equal("old", File.ReadAllText(_directory["file"]));
        Assert.Equal(["file"], _directory.Names);
    }

    [Fact]
    public async Task WriteAsync_FaultMidway_NamesTheTarget()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => WriteAsync("file", new BrokenContent()));

        Assert.Equal($"broken: '{_directory["file"]}'", error.Message);
        Assert.Equal(28, error.HResult);
    }

    [Fact]
    public async Task AppendAsync_FaultMidway_TakesBackWhatItAdded()
    {
        _directory.WithFile("file", "old");

        await Assert.ThrowsAsync<IOException>(() => AppendAsync("file", new BrokenContent()));

        Assert.Equal("old", File.ReadAllText(_directory["file"]));
    }

    [Fact]
    public async Task AppendAsync_FaultMidwayInNewFile_LeavesNone()
    {
        await Assert.ThrowsAsync<IOException>(() => AppendAsync("file", new BrokenContent()));

        Assert.Empty(_directory.Names);
    }

    [Fact]
    public async Task AppendAsync_MarkedFile_KeepsItsEncoding()
    {
        File.WriteAllText(_directory["file"], "a", Encoding.Unicode);

        await AppendAsync("file", FileContent.OfText(["ä"], endsLines: false, encoding: null));

        Assert.Equal([0xFF, 0xFE, 0x61, 0, 0xE4, 0], File.ReadAllBytes(_directory["file"]));
    }

    [Fact]
    public async Task AppendAsync_ThousandAtOnce_KeepsLinesWholeAndInOrder()
    {
        string[] lines = Enumerable.Range(0, 1000).Select(i => $"{i} {new string('x', i)}").ToArray();

        await Task.WhenAll(lines.Select(line => AppendAsync("file", FileContent.OfText([line], endsLines: true, encoding: null))));

        Assert.Equal(lines, File.ReadAllLines(_directory["file"]));
    }

    [UnixFact]
    public async Task AppendAsync_ByTwoNames_KeepsLinesWhole()
    {
        _directory.WithFile("file", "");
        File.CreateSymbolicLink(_directory["link"], "file");

        await Task.WhenAll(Enumerable.Range(0, 500).Select(
            i => AppendAsync(i % 2 == 0 ? "file" : "link", FileContent.OfText([$"{i}"], endsLines: true, encoding: null))));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), File.ReadAllLines(_directory["file"]));
    }

    [Fact]
    public async Task WriteAsync_SameFileTwice_TheLaterStartedStays()
    {
        for (int round = 0; round < 50; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => WriteAsync("file", FileContent.OfText([$"{i}"], endsLines: false, encoding: null))));

            Assert.Equal("4", File.ReadAllText(_directory["file"]));
        }
    }

    private Task WriteAsync(string name, FileContent content) =>
        FileWriter.WriteAsync(_directory[name], content, force: false, newOnly: false, CancellationToken.None);

    private Task AppendAsync(string name, FileContent content) =>
        FileWriter.AppendAsync(_directory[name], content, force: false, CancellationToken.None);

    /// <summary>Fails as a full disk does, after a part was written.</summary>
    private sealed class BrokenContent : FileContent
    {
        public override void WriteTo(Stream stream, ReadOnlySpan<byte> existing, CancellationToken cancellationToken)
        {
            stream.Write("half"u8);
            throw new IOException($"broken: '{(stream as FileStream)?.Name}'", 28);
        }
    }
}
