namespace AsyncJobs.Core.Processes;

/// <summary>What a program reads from its standard input, part by part.</summary>
internal sealed class ProcessInput
{
    private const int PieceSize = 64 * 1024;

    private readonly List<Func<Stream, CancellationToken, Task<bool>>> _parts = [];

    /// <summary>Adds a stream, which is opened when its turn has come and disposed when it has been read.</summary>
    public void Add(Func<Stream> open) => _parts.Add((input, end) => TryCopyAsync(open(), input, end));

    /// <summary>Adds what is known only when its turn has come, or later.</summary>
    public void Add(Func<CancellationToken, Task<ProcessInput>> make) => _parts.Add(async (input, end) =>
    {
        ProcessInput made = await make(end).ConfigureAwait(false);
        return await made.TryWriteToAsync(input, end).ConfigureAwait(false);
    });

    /// <summary>Writes all parts, and closes the input; ends without an error where the program reads no more.</summary>
    /// <param name="input">The program's input.</param>
    /// <param name="end">Cancelled when nobody is to read any more.</param>
    public async Task WriteToAsync(Stream input, CancellationToken end)
    {
        await using (input.ConfigureAwait(false))
        {
            await TryWriteToAsync(input, end).ConfigureAwait(false);
        }
    }

    private static async Task<bool> TryCopyAsync(Stream part, Stream input, CancellationToken end)
    {
        await using (part.ConfigureAwait(false))
        {
            byte[] piece = new byte[part.CanSeek ? Math.Clamp(part.Length - part.Position, 1, PieceSize) : PieceSize];
            int read;
            while ((read = await part.ReadAsync(piece, end).ConfigureAwait(false)) > 0)
            {
                try
                {
                    await input.WriteAsync(piece.AsMemory(0, read), end).ConfigureAwait(false);
                }
                catch (IOException)
                {
                    // The program has closed its input, or has ended.
                    return false;
                }
            }

            return true;
        }
    }

    private async Task<bool> TryWriteToAsync(Stream input, CancellationToken end)
    {
        foreach (Func<Stream, CancellationToken, Task<bool>> write in _parts)
        {
            if (!await write(input, end).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }
}
