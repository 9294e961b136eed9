using System.Text;

namespace AsyncJobs.Core.Tests;

public class ProcessOutputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\n\nb", "a", "", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("a\rb\r\rc\n\r", "a", "b", "", "c", "")]
    [InlineData("ä€😀\nß", "ä€😀", "ß")]
    public async Task ReadAsync_Lines_AreTheSameWhereverReadsEnd(string text, params string[] lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int length = 1; length <= Math.Max(bytes.Length, 1); length++)
        {
            var output = new ProcessOutput(ProcessOutputKind.Lines, Encoding.UTF8, static _ => { });

            await output.ReadAsync(new Chunks(bytes.Chunk(length)));

            Assert.Equal(lines, output.Close());
        }
    }

    [Fact]
    public async Task ToResult_Lines_CollapsesAsAnAssignmentDoes()
    {
        Assert.Null(await Read(ProcessOutputKind.Lines));
        Assert.Equal("one", await Read(ProcessOutputKind.Lines, "one\n"));
        Assert.Equal(["one", "two"], (string[])(await Read(ProcessOutputKind.Lines, "one\ntw", "o"))!);
    }

    [Fact]
    public async Task ToResult_TextAndBytes_AreAsWritten()
    {
        Assert.Equal(string.Empty, await Read(ProcessOutputKind.Text));
        Assert.Equal("a\r\n\nb\r", await Read(ProcessOutputKind.Text, "a\r", "\n\nb\r"));
        Assert.Equal(Array.Empty<byte>(), await Read(ProcessOutputKind.Bytes));
        Assert.Equal("a\r\nb"u8.ToArray(), await Read(ProcessOutputKind.Bytes, "a\r", "\nb"));
    }

    [Fact]
    public async Task ReadAsync_InvalidBytes_BecomeReplacementCharacters()
    {
        var output = new ProcessOutput(ProcessOutputKind.Text, Encoding.UTF8, static _ => { });

        await output.ReadAsync(new Chunks([[0x61, 0xff, 0xe2, 0x82]]));

        Assert.Equal("a\ufffd\ufffd", output.ToResult());
    }

    [Fact]
    public async Task ReadAsync_MuchAtOnce_TakesLargerPieces()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        var output = new ProcessOutput(ProcessOutputKind.Bytes, Encoding.UTF8, static _ => { });

        await output.ReadAsync(new MemoryStream(bytes));

        Assert.Equal(bytes, output.ToResult());
        Assert.InRange(output.Close().Count, 2, 40);
    }

    [Fact]
    public async Task Close_WhileReading_TakesTheLastLineAndDropsTheRest()
    {
        var written = new List<int>();
        var output = new ProcessOutput(ProcessOutputKind.Lines, Encoding.UTF8, pieces => written.Add(pieces.Count));
        var stream = new Chunks(["a\nb"u8.ToArray(), "c\nd"u8.ToArray()]) { AfterFirst = () => output.Close() };

        await output.ReadAsync(stream);

        Assert.Equal(["a", "b"], (string[])output.ToResult()!);
        Assert.Equal([1, 2], written);
        Assert.True(stream.IsDisposed);
    }

    private static async Task<object?> Read(ProcessOutputKind kind, params string[] chunks)
    {
        var output = new ProcessOutput(kind, Encoding.UTF8, static _ => { });
        await output.ReadAsync(new Chunks(chunks.Select(Encoding.UTF8.GetBytes)));
        return output.ToResult();
    }

    /// <summary>A stream that gives a chunk for each read.</summary>
    private sealed class Chunks(IEnumerable<byte[]> chunks) : MemoryStream
    {
        private readonly Queue<byte[]> _chunks = new(chunks);
        private int _count;

        public Action? AfterFirst { get; init; }

        public bool IsDisposed { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_count++ == 1)
            {
                AfterFirst?.Invoke();
            }

            _chunks.TryDequeue(out byte[]? chunk);
            chunk?.CopyTo(buffer);
            return ValueTask.FromResult(chunk?.Length ?? 0);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
