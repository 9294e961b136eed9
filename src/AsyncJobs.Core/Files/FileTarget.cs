using System.Formats.Tar;

namespace AsyncJobs.Core.Files;

/// <summary>What stands at the end of a path that is to be written, symbolic links followed.</summary>
internal readonly struct FileTarget
{
    private FileTarget(string path, FileTargetKind kind)
    {
        Path = path;
        Kind = kind;
        Rights = kind != FileTargetKind.File || OperatingSystem.IsWindows() ? null : UnixRights.Of(path);
    }

    /// <summary>The path to write: for a link, where it points to.</summary>
    public string Path { get; }

    public FileTargetKind Kind { get; }

    /// <summary>Only of a <see cref="FileTargetKind.File"/>, and not on Windows.</summary>
    public UnixRights? Rights { get; }

    public static FileTarget At(string path)
    {
        if (IsDevicePath(path))
        {
            return new FileTarget(path, FileTargetKind.Device);
        }

        path = FollowLinks(path);
        return new FileTarget(path, KindOf(new FileInfo(path)));
    }

    /// <summary>What takes the name itself: of a link, the link's.</summary>
    public static FileTarget AtName(string path) =>
        IsLink(path) ? new FileTarget(path, FileTargetKind.Missing) : At(path);

    /// <summary>Whether a path's end is a symbolic link, wherever that leads.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>Opens what is there to be written where it is.</summary>
    public FileStream OpenInPlace() =>
        new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>
    /// Fails where the file may not be written. To put another in its place asks only the directory for leave; the file has a
    /// say as well.
    /// </summary>
    public void CheckWritable() => OpenInPlace().Dispose();

    /// <summary>Where a link finally points to, whether or not that exists; any other path is given back.</summary>
    public static string FollowLinks(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    // Nothing can be renamed into these; and what links there lead to may have no path (/dev/stdout).
    private static bool IsDevicePath(string path) => OperatingSystem.IsWindows()
        ? path.StartsWith(@"\\.\", StringComparison.Ordinal)
        : path.StartsWith("/proc/", StringComparison.Ordinal)
            || path.StartsWith("/sys/", StringComparison.Ordinal)
            || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    private static FileTargetKind KindOf(FileInfo file)
    {
        if (!file.Exists)
        {
            return Directory.Exists(file.FullName) ? FileTargetKind.Directory : FileTargetKind.Missing;
        }

        return file.Length == 0 && !OperatingSystem.IsWindows() && IsDevice(file.FullName) ? FileTargetKind.Device : FileTargetKind.File;
    }

    /// <summary>
    /// Whether something without length is a device or a pipe: a rename would put a plain file in its place. The tar
    /// writer is the part of .NET that tells them apart.
    /// </summary>
    private static bool IsDevice(string path)
    {
        using var stream = new MemoryStream();
        try
        {
            using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            {
                writer.WriteEntry(path, "entry");
            }

            stream.Position = 0;
            using var reader = new TarReader(stream);
            return reader.GetNextEntry()?.EntryType is TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo;
        }
        catch (UnauthorizedAccessException)
        {
            // Plain files are opened, devices are not; this one may not be read.
            return false;
        }
        catch (IOException)
        {
            // A socket has no tar entry.
            return true;
        }
    }
}
