using System.Net;

namespace AsyncJobs.Core.Web;

/// <summary>Files that take a body.</summary>
internal static class WebFile
{
    private static readonly char[] Invalid = Path.GetInvalidFileNameChars();

    /// <summary>The file for an answer; in a folder it has the name that the last address ends with. Null where none is wanted.</summary>
    public static string? PathFor(WebRequest request, HttpResponseMessage answer)
    {
        if (request.OutFile is not { } path || !Directory.Exists(path))
        {
            return request.OutFile;
        }

        string name = NameIn(answer.RequestMessage!.RequestUri!);
        return name.Length == 0 ? throw FileIsDirectoryException.For(path) : Path.Join(path, name);
    }

    /// <summary>The file's name that an address ends with; empty if it ends with none.</summary>
    public static string NameIn(Uri uri) => NameIn(WebUtility.UrlDecode(uri.Segments[^1]));

    /// <summary>The file's name at the end of what somebody else says; it may say "../../etc/passwd", and is a name only.</summary>
    public static string NameIn(string? path)
    {
        string name = Path.GetFileName((path ?? "").Replace('\\', '/'));
        return name is "." or ".." ? "" : string.Concat(name.Select(character => Array.IndexOf(Invalid, character) < 0 ? character : '_'));
    }

    /// <summary>Writes a body: under its name when it is whole, unless it goes on where the file ended.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answer">The head of the answer: tells a part from the whole.</param>
    /// <param name="resumes">Whether the file keeps what has come of it, so that another request can go on there.</param>
    /// <param name="copyTo">Gives the body to the function it gets.</param>
    /// <param name="stop">Looked at once, before the file takes its name.</param>
    public static async Task SaveAsync(
        string path,
        HttpResponseMessage answer,
        bool resumes,
        Func<Func<ReadOnlyMemory<byte>, ValueTask>, Task> copyTo,
        CancellationToken stop)
    {
        if (resumes)
        {
            FileMode mode = answer.StatusCode == HttpStatusCode.PartialContent ? FileMode.Append : FileMode.Create;
            var stream = new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await using (stream.ConfigureAwait(false))
            {
                CheckPlace(answer, stream);
                await copyTo(bytes => stream.WriteAsync(bytes)).ConfigureAwait(false);
            }

            return;
        }

        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await copyTo(bytes => WriteAsync(file, bytes)).ConfigureAwait(false);
            await file.CommitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Fails where the answer says that it is another part than the one that the file goes on with.</summary>
    private static void CheckPlace(HttpResponseMessage answer, FileStream stream)
    {
        if (answer.StatusCode == HttpStatusCode.PartialContent
            && answer.Content.Headers.ContentRange is { From: { } from } && from != stream.Length)
        {
            Uri uri = answer.RequestMessage!.RequestUri!;
            throw new WebRequestException(
                HttpRequestError.InvalidResponse,
                WebRequestException.ResponseInvalid,
                $"{answer.RequestMessage.Method} {WebAddress.Show(uri)}: the server sent the part from byte {from} on; the file has {stream.Length}.")
            {
                Uri = WebAddress.Bare(uri),
            };
        }
    }

    /// <summary>Writes to the file; a fault speaks of it by its final name.</summary>
    private static async ValueTask WriteAsync(AtomicFile file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.Stream.WriteAsync(bytes).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw file.WithTargetName(exception);
        }
    }
}
