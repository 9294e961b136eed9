using System.IO.Compression;

namespace AsyncJobs.Core.Tests.Web;

public sealed class DecodedStreamTests
{
    private static readonly byte[] Text = Enumerable.Range(0, 600).SelectMany(n => System.Text.Encoding.ASCII.GetBytes($"line {n * 7919 % 1000}\n")).ToArray();
    private static readonly byte[] Noise = MakeNoise(3000);

    public static TheoryData<string, bool> Codings => new()
    {
        { "gzip", false },
        { "gzip", true },
        { "deflate", false },
        { "deflate", true },
        { "br", false },
        { "br", true },
        { "raw", false },
        { "raw", true },
    };

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Read_Whole_GivesAllOfIt(string coding, bool isNoise)
    {
        byte[] content = isNoise ? Noise : Text;
        foreach (int piece in new[] { 1, 7, 100, 100_000 })
        {
            Assert.Equal(content, await ReadAsync(Pack(coding, content), coding, piece));
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Read_BrokenOffAnywhere_Throws(string coding, bool isNoise)
    {
        byte[] packed = Pack(coding, isNoise ? Noise : Text);
        for (int length = 1; length < packed.Length; length += Math.Max(1, Math.Min(5, packed.Length - length - 12)))
        {
            var error = await Assert.ThrowsAsync<HttpIOException>(() => ReadAsync(packed[..length], coding, 1000));
            Assert.Equal(HttpRequestError.ResponseEnded, error.HttpRequestError);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Read_Nothing_IsNothing(string coding)
    {
        Assert.Empty(await ReadAsync([], coding, 10));
        Assert.Empty(await ReadAsync(Pack(coding, []), coding, 10));
    }

    [Fact]
    public async Task Read_SeveralMembers_GivesAllOfThem()
    {
        byte[] packed = [.. Pack("gzip", Text), .. Pack("gzip", Noise), .. Pack("gzip", [])];
        Assert.Equal(Text.Concat(Noise), await ReadAsync(packed, "gzip", 500));
        await Assert.ThrowsAsync<HttpIOException>(() => ReadAsync(packed[..(packed.Length - 1)], "gzip", 500));
    }

    [Fact]
    public async Task Read_SomethingBehindTheEnd_LeavesItOut() =>
        Assert.Equal(Text, await ReadAsync([.. Pack("gzip", Text), 0, 0, 0, 1, 2, 3], "gzip", 500));

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Read_SomethingElse_Throws(string coding) =>
        await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(Noise, coding, 500));

    [Fact]
    public async Task Read_WrongSum_Throws()
    {
        byte[] packed = Pack("gzip", Text);
        packed[^5] ^= 1;
        await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(packed, "gzip", 500));
    }

    private static async Task<byte[]> ReadAsync(byte[] packed, string coding, int piece)
    {
        await using var stream = new DecodedStream(new MemoryStream(packed), coding == "raw" ? "deflate" : coding);
        var all = new MemoryStream();
        byte[] buffer = new byte[piece];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        Assert.Equal(0, await stream.ReadAsync(buffer));
        return all.ToArray();
    }

    private static byte[] Pack(string coding, byte[] content)
    {
        var packed = new MemoryStream();
        using (Stream pack = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal),
            _ => new DeflateStream(packed, CompressionLevel.Optimal),
        })
        {
            pack.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] MakeNoise(int length)
    {
        byte[] noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
