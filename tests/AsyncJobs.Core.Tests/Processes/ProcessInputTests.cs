namespace AsyncJobs.Core.Tests;

public class ProcessInputTests
{
    [Fact]
    public async Task WriteToAsync_Parts_ComeInOrderAndAreDisposed()
    {
        var first = new MemoryStream("a"u8.ToArray());
        var input = new ProcessInput();
        input.Add(() => first);
        input.Add(_ => Task.FromResult(Of("b"u8.ToArray(), "c"u8.ToArray())));
        input.Add(() => new MemoryStream(new byte[200_000]));
        var program = new MemoryStream();

        await input.WriteToAsync(program, CancellationToken.None);

        byte[] written = program.ToArray();
        Assert.Equal("abc"u8.ToArray(), written[..3]);
        Assert.Equal(200_003, written.Length);
        Assert.False(first.CanRead);
        Assert.False(program.CanWrite);
    }

    [Fact]
    public async Task WriteToAsync_ProgramReadsNoMore_EndsAndOpensNothingElse()
    {
        var input = new ProcessInput();
        input.Add(_ => Task.FromResult(Of("a"u8.ToArray())));
        input.Add(() => throw new InvalidOperationException("not to be opened"));

        await input.WriteToAsync(new ClosedPipe(), CancellationToken.None);
    }

    [Fact]
    public async Task WriteToAsync_PartCannotBeOpened_FailsAndClosesTheInput()
    {
        var input = new ProcessInput();
        input.Add(() => throw new FileNotFoundException());
        var program = new MemoryStream();

        await Assert.ThrowsAsync<FileNotFoundException>(() => input.WriteToAsync(program, CancellationToken.None));

        Assert.False(program.CanWrite);
    }

    private static ProcessInput Of(params byte[][] parts)
    {
        var input = new ProcessInput();
        Array.ForEach(parts, part => input.Add(() => new MemoryStream(part)));
        return input;
    }

    private sealed class ClosedPipe : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Broken pipe");
    }
}
