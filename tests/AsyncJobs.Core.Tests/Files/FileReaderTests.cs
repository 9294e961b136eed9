using System.Text;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class FileReaderTests : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<Encoding> Marked => new(
        Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Marked))]
    public async Task ReadTextAsync_WithMark_TheMarkDecides(Encoding encoding)
    {
        File.WriteAllText(_directory["file"], "text äöü €", encoding);

        Assert.Equal("text äöü €", await FileReader.ReadTextAsync(_directory["file"], Encoding.ASCII, CancellationToken.None));
    }

    [Fact]
    public async Task ReadTextAsync_WithoutMark_TheEncodingDecides()
    {
        File.WriteAllText(_directory["file"], "äöü", Encoding.Latin1);

        Assert.Equal("äöü", await FileReader.ReadTextAsync(_directory["file"], Encoding.Latin1, CancellationToken.None));
    }

    [Fact]
    public async Task ReadTextAsync_EmptyFile_GivesAnEmptyString() =>
        Assert.Equal("", await FileReader.ReadTextAsync(_directory.WithFile("file", ""), Utf8, CancellationToken.None));

    [Fact]
    public async Task ReadBytesAsync_LargeFile_GivesAllOfIt()
    {
        byte[] bytes = new byte[(3 << 20) + 17];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_directory["file"], bytes);

        Assert.Equal(bytes, await FileReader.ReadBytesAsync(_directory["file"], CancellationToken.None));
    }

    [Fact]
    public async Task ReadBytesAsync_Directory_SaysSo() =>
        await Assert.ThrowsAsync<FileIsDirectoryException>(() => FileReader.ReadBytesAsync(_directory.Path, CancellationToken.None));

    [Fact]
    public async Task ReadBytesAsync_Cancelled_Ends() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => FileReader.ReadBytesAsync(_directory.WithFile("file", "x"), new CancellationToken(canceled: true)));

    [UnixFact]
    public async Task ReadTextAsync_LengthUnknown_ReadsToTheEnd()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Assert.Contains("Pid:", (string?)await FileReader.ReadTextAsync("/proc/self/status", Utf8, CancellationToken.None), StringComparison.Ordinal);
    }
}
