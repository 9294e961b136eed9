using System.Buffers;

namespace AsyncJobs.Core.Web;

/// <summary>Reads bodies: into memory that is rented, or piece by piece.</summary>
internal static class WebBody
{
    private const int FirstBuffer = 16 * 1024;

    // What a header promises is believed up to here; beyond it the buffer grows with what has really come.
    private const int LargestFirstBuffer = 1024 * 1024;
    private const int FileBuffer = 128 * 1024;

    /// <summary>Reads the body to its end.</summary>
    /// <returns>Rented from the shared array pool; the caller gives the array back.</returns>
    public static async ValueTask<ArraySegment<byte>> ReadAsync(HttpContent content, PhaseWatch watch)
    {
        long? length = content.Headers.ContentLength;
        if (length == 0)
        {
            return ArraySegment<byte>.Empty;
        }

        Stream stream = content.ReadAsStream(watch.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length ?? FirstBuffer, LargestFirstBuffer));
        int count = 0;
        try
        {
            // With a length, the last byte ends it: one read less for most answers.
            while (count != length)
            {
                if (count == buffer.Length)
                {
                    buffer = Grow(buffer, count);
                }

                watch.Enter(WebPhase.Body);
                int read = await stream.ReadAsync(buffer.AsMemory(count), watch.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                count += read;
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        return new ArraySegment<byte>(buffer, 0, count);
    }

    /// <summary>Gives the body away as it comes.</summary>
    /// <param name="content">The body.</param>
    /// <param name="watch">Watches the reads.</param>
    /// <param name="write">Takes the bytes; its exceptions are thrown as they are.</param>
    /// <exception cref="WebBodyException">A read failed.</exception>
    public static async Task CopyAsync(HttpContent content, PhaseWatch watch, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FileBuffer);
        try
        {
            int read;
            Stream stream = content.ReadAsStream(watch.Token);
            while ((read = await ReadAsync(stream, buffer, watch).ConfigureAwait(false)) > 0)
            {
                await write(buffer.AsMemory(0, read)).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, PhaseWatch watch)
    {
        try
        {
            watch.Enter(WebPhase.Body);
            int read = await stream.ReadAsync(buffer, watch.Token).ConfigureAwait(false);
            watch.Rest();
            return read;
        }
        catch (Exception exception)
        {
            throw new WebBodyException(exception);
        }
    }

    private static byte[] Grow(byte[] buffer, int count)
    {
        if (count == Array.MaxLength)
        {
            throw new HttpRequestException(
                HttpRequestError.ConfigurationLimitExceeded,
                "The body is larger than 2 GB, more than memory takes in one piece. Have it written to an OutFile.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(count * 2L, Array.MaxLength));
        buffer.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
