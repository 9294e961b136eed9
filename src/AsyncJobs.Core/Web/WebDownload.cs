using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>
/// A file that is fetched, with what has come of it kept beside it until it is whole. Each attempt, and each later
/// download of the same, goes on where the last one ended, if the server confirms that its file is still the same.
/// </summary>
/// <param name="address">The address as it was given.</param>
/// <param name="destination">The full path of the file, or of the folder for it.</param>
/// <param name="taken">The files that others of the same command write.</param>
internal sealed class WebDownload(string? address, string destination, ConcurrentDictionary<string, object> taken)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _part = PartFor(address, destination);
    private string _validator = "";
    private long _offset;
    private bool _isConditional;

    /// <summary>Whether the file is named as the server says, where it says so.</summary>
    public bool UsesServerName { get; init; }

    /// <summary>Whether a file that is there is fetched again without asking whether it has changed.</summary>
    public bool IsForced { get; init; }

    /// <summary>What the whole is to hash to; null for anything.</summary>
    public FileDigest? Digest { get; init; }

    /// <summary>Told with each piece how much there is, and how much is expected in all; null where that is not known.</summary>
    public Action<long, long?> OnProgress { get; init; } = static (_, _) => { };

    private string Note => _part + ".note";

    private bool IsFolder => Directory.Exists(destination);

    /// <summary>The file, where it is there already and is known to be the right one without asking.</summary>
    public async Task<DownloadedFile?> FindWholeAsync(Uri uri, CancellationToken stop)
    {
        string path = IsFolder ? Path.Join(destination, WebFile.NameIn(uri)) : destination;
        return !IsForced && Digest is not null && File.Exists(path) && await Digest.IsThatOfAsync(path, stop).ConfigureAwait(false)
            ? new DownloadedFile(uri, path, new FileInfo(path).Length, ReceivedLength: 0, IsResumed: false, IsUnchanged: true)
            : null;
    }

    /// <summary>Asks only for what is missing.</summary>
    public void Prepare(HttpRequestMessage message)
    {
        // A link would lead somewhere else.
        var part = new FileInfo(_part);
        _validator = part.Exists && part.LinkTarget is null && File.Exists(Note) ? File.ReadAllText(Note) : "";
        _offset = _validator.Length > 0 ? part.Length : 0;
        _isConditional = false;
        if (_offset > 0)
        {
            message.Headers.TryAddWithoutValidation("Range", FormattableString.Invariant($"bytes={_offset}-"));
            message.Headers.TryAddWithoutValidation("If-Range", _validator);
            return;
        }

        var whole = new FileInfo(IsFolder && !UsesServerName ? Path.Join(destination, WebFile.NameIn(message.RequestUri!)) : destination);
        if (!IsForced && Digest is null && whole.Exists)
        {
            _isConditional = true;
            message.Headers.IfModifiedSince = whole.LastWriteTimeUtc;
        }
    }

    /// <summary>Whether an answer is one of those that a download has a use for.</summary>
    public bool Accepts(HttpResponseMessage answer) => answer.IsSuccessStatusCode
        || (answer.StatusCode == HttpStatusCode.NotModified && _isConditional)
        || HasAll(answer);

    /// <summary>Whether the server has no such part: it is asked for the whole then.</summary>
    public bool IsToBeSentWhole(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable || _offset == 0 || HasAll(answer))
        {
            return false;
        }

        Discard();
        return true;
    }

    /// <summary>Takes an answer: writes what it brings, and gives the file its name once it is whole and right.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="copyTo">Gives the body to the function it gets.</param>
    /// <param name="stop">Looked at before the file takes its name.</param>
    public async Task<DownloadedFile> TakeAsync(
        HttpResponseMessage answer, Func<Func<ReadOnlyMemory<byte>, ValueTask>, Task> copyTo, CancellationToken stop)
    {
        Uri uri = answer.RequestMessage!.RequestUri!;
        string path = IsFolder ? Path.Join(destination, NameOf(answer, uri)) : destination;
        if (taken.GetOrAdd(path, this) != this)
        {
            throw FileExistsException.ForTwo(path);
        }

        if (answer.StatusCode == HttpStatusCode.NotModified)
        {
            return new DownloadedFile(uri, path, new FileInfo(path).Length, ReceivedLength: 0, IsResumed: false, IsUnchanged: true);
        }

        long offset = HasAll(answer) || IsRest(answer) ? _offset : 0;
        long received = 0;
        FileStream stream = OpenPart(path, append: offset > 0);
        await using (stream.ConfigureAwait(false))
        {
            if (offset == 0)
            {
                KeepValidator(answer);
            }

            long? total = answer.Content.Headers.ContentLength is { } rest ? offset + rest : null;
            OnProgress(offset, total);
            if (!HasAll(answer))
            {
                await copyTo(async bytes =>
                {
                    await stream.WriteAsync(bytes).ConfigureAwait(false);
                    received += bytes.Length;
                    OnProgress(offset + received, total);
                }).ConfigureAwait(false);
            }

            await CheckAsync(stop).ConfigureAwait(false);
            if (answer.Content.Headers.LastModified is { } date)
            {
                File.SetLastWriteTimeUtc(stream.SafeFileHandle, date.UtcDateTime);
            }

            stop.ThrowIfCancellationRequested();
            await Task.Run(() => TakePlace(path, stream), CancellationToken.None).ConfigureAwait(false);
        }

        Discard();
        return new DownloadedFile(uri, path, offset + received, received, IsResumed: offset > 0, IsUnchanged: false);
    }

    /// <summary>Takes away what has come, where nothing could confirm later that it still belongs to the rest.</summary>
    public void DiscardUnlessResumable()
    {
        if (!File.Exists(Note))
        {
            Discard();
        }
    }

    // Neither a name that others may have, nor an address in plain text: it may have a secret in it.
    private static string PartFor(string? address, string destination)
    {
        string code = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{address}\n{destination}")))[..24].ToLowerInvariant();
        string folder = Directory.Exists(destination) ? destination : Path.GetDirectoryName(destination)!;
        return Path.Join(folder, $".{code}.asyncjobs.part");
    }

    private string NameOf(HttpResponseMessage answer, Uri uri)
    {
        string? given = UsesServerName && answer.Content.Headers.ContentDisposition is { } disposition
            ? disposition.FileNameStar ?? FromUtf8(disposition.FileName?.Trim('"'))
            : null;
        string name = WebFile.NameIn(given) is { Length: > 0 } served ? served : WebFile.NameIn(uri);
        return name.Length > 0 ? name : throw FileIsDirectoryException.For(destination);
    }

    // A name that is not encoded comes as its bytes, which most servers mean as UTF-8.
    private static string? FromUtf8(string? name)
    {
        if (name is null || name.All(char.IsAscii) || name.Any(static character => character > '\xff'))
        {
            return name;
        }

        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(name));
        }
        catch (DecoderFallbackException)
        {
            return name;
        }
    }

    private bool HasAll(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
        && _offset > 0 && answer.Content.Headers.ContentRange?.Length == _offset;

    /// <summary>Whether the answer goes on where the part ends, and is of the same file.</summary>
    private bool IsRest(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.PartialContent)
        {
            return false;
        }

        string? validator = ValidatorOf(answer);
        if (_offset > 0 && answer.Content.Headers.ContentRange?.From == _offset && (validator is null || validator == _validator))
        {
            return true;
        }

        Discard();
        throw new WebRequestException(
            HttpRequestError.InvalidResponse,
            WebRequestException.ResponseInvalid,
            $"GET {WebAddress.Show(answer.RequestMessage!.RequestUri!)}: the server sent another part than was asked for, "
                + "or a part of another file.");
    }

    private void KeepValidator(HttpResponseMessage answer)
    {
        File.Delete(Note);
        if (ValidatorOf(answer) is { } validator)
        {
            using var note = new StreamWriter(new FileStream(Note, FileMode.CreateNew));
            note.Write(validator);
        }
    }

    /// <summary>By what a later request can ask whether the file is the same: a strong tag, else the date.</summary>
    private static string? ValidatorOf(HttpResponseMessage answer) => answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag
        : answer.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    private FileStream OpenPart(string path, bool append)
    {
        FileTarget target = FileTarget.At(path);
        if (target.Kind == FileTargetKind.File)
        {
            target.CheckWritable();
        }

        var options = new FileStreamOptions
        {
            Mode = append ? FileMode.Open : FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (append)
        {
            var rest = new FileStream(_part, options);
            rest.Seek(0, SeekOrigin.End);
            return rest;
        }

        if (!OperatingSystem.IsWindows() && target.Kind != FileTargetKind.Missing)
        {
            // It will be as open as what it replaces, and until then it is nobody's.
            options.UnixCreateMode = UnixRights.WhileWritten;
        }

        File.Delete(_part);
        return new FileStream(_part, options);
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        if (Digest is not null && !await Digest.IsThatOfAsync(_part, stop).ConfigureAwait(false))
        {
            Discard();
            throw new DownloadHashException(Digest, destination);
        }
    }

    private static void TakePlace(string path, FileStream stream)
    {
        FileTarget target = FileTarget.At(path);
        if (target.Kind != FileTargetKind.Missing)
        {
            new FileReplacement(stream, target, copied: null, force: false).TakePlace();
            return;
        }

        stream.Dispose();
        File.Move(stream.Name, target.Path, overwrite: true);
    }

    private void Discard()
    {
        File.Delete(Note);
        File.Delete(_part);
    }
}
