using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// A file that takes its final name in one step, when it is whole: written to a temporary beside the target, and put in the
/// target's place by a commit. Disposed without one, it leaves the target as it was. On Unix only its maker can open it until
/// the commit, unless it neither replaces a file nor copies one and so cannot be more open than that.
/// </summary>
internal sealed class AtomicFile : IAsyncDisposable, IDisposable
{
    private readonly FileTarget _target;
    private readonly bool _force;
    private readonly bool _isNewOnly;
    private readonly FileStream? _source;

    // Null where the target itself is written, a device or a pipe, and where the temporary has got the target's name.
    private string? _temporary;
    private bool _isMove;

    private AtomicFile(FileTarget target, string? temporary, FileStream? source, bool force, bool isNewOnly, FileStream stream)
    {
        _target = target;
        _temporary = temporary;
        _source = source;
        _force = force;
        _isNewOnly = isNewOnly;
        Stream = stream;
        IsInPlace = temporary is null;
    }

    /// <summary>The stream to write to. It has no buffer: give it large pieces.</summary>
    public FileStream Stream { get; }

    /// <summary>Whether the target itself is written, being a device or a pipe.</summary>
    public bool IsInPlace { get; }

    /// <summary>Begins a file that replaces the one at the path, or a new one.</summary>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    public static AtomicFile Create(string path) => Create(path, force: false, newOnly: false);

    /// <summary>Begins a file.</summary>
    /// <param name="path">The target; a link is followed.</param>
    /// <param name="force">Replaces the target even if it is read-only.</param>
    /// <param name="newOnly">Refuses to replace anything.</param>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    /// <exception cref="FileExistsException">The target exists, and only a new file was asked for.</exception>
    public static AtomicFile Create(string path, bool force, bool newOnly) =>
        Begin(path, FileTarget.At(path), source: null, force, newOnly);

    /// <summary>Begins a copy that replaces the file at the path, or is a new one.</summary>
    /// <param name="path">The target; a link is followed, but for a move, which takes its place.</param>
    /// <param name="source">What is copied, open until the commit. On Unix the copy gets its mode, without set-id and sticky bits.</param>
    /// <param name="force">Replaces the target even if it is read-only.</param>
    /// <param name="isMove">Whether a new file gets the owner and the attributes of the source, too.</param>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    public static AtomicFile CreateCopy(string path, FileStream source, bool force, bool isMove)
    {
        FileTarget target = isMove ? FileTarget.AtName(path) : FileTarget.At(path);
        AtomicFile file = Begin(path, target, source, force, newOnly: false);
        file._isMove = isMove;
        return file;
    }

    /// <summary>Gives the file its final name.</summary>
    /// <param name="cancellationToken">Looked at once, before the point of no return.</param>
    public Task CommitAsync(CancellationToken cancellationToken) => Task.Run(() => Commit(cancellationToken), cancellationToken);

    /// <summary>Gives the file its final name, on this thread.</summary>
    /// <param name="cancellationToken">Looked at once, before the point of no return.</param>
    public void Commit(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_temporary is null)
        {
            Stream.Dispose();
            return;
        }

        try
        {
            if (TakePlace())
            {
                TemporaryFiles.Remove(_temporary);
                _temporary = null;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WithTargetName(exception);
        }
    }

    /// <summary>Puts the target's name where an exception of <see cref="Stream"/> says that of the temporary.</summary>
    public Exception WithTargetName(Exception exception) =>
        _temporary is null ? exception : Renamed(exception, _temporary, _target.Path);

    /// <summary>Removes the temporary, unless it has got the target's name.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
            TemporaryFiles.Remove(_temporary);
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static AtomicFile Begin(string path, FileTarget target, FileStream? source, bool force, bool newOnly)
    {
        switch (target.Kind)
        {
            case FileTargetKind.Directory:
                throw FileIsDirectoryException.For(path);
            case FileTargetKind.File or FileTargetKind.Device when newOnly:
            case FileTargetKind.Missing when newOnly && FileTarget.IsLink(path):
                // A link is something that exists, and what it leads to is not what was asked for.
                throw FileExistsException.For(path);
            case FileTargetKind.Device:
                return new AtomicFile(target, temporary: null, source, force, newOnly, target.OpenInPlace());
            case FileTargetKind.File when !force:
                target.CheckWritable();
                break;
        }

        string temporary = TemporaryFiles.NameBeside(target.Path);
        bool isOpenToAll = target.Kind == FileTargetKind.Missing && source is null;
        try
        {
            return new AtomicFile(target, temporary, source, force, newOnly, OpenTemporary(temporary, isOpenToAll));
        }
        catch (UnauthorizedAccessException) when (target.Kind == FileTargetKind.File)
        {
            // The file may be written, its directory may not.
            temporary = TemporaryFiles.NameElsewhere();
            return new AtomicFile(target, temporary, source, force, newOnly, OpenTemporary(temporary, isOpenToAll: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Renamed(exception, temporary, target.Path);
        }
    }

    private static FileStream OpenTemporary(string temporary, bool isOpenToAll)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && !isOpenToAll)
        {
            options.UnixCreateMode = UnixRights.WhileWritten;
        }

        var stream = new FileStream(temporary, options);
        TemporaryFiles.Add(temporary, stream);
        return stream;
    }

    private static Exception Renamed(Exception exception, string temporary, string target) => exception switch
    {
        IHasErrorId => exception,
        DirectoryNotFoundException or FileNotFoundException =>
            new DirectoryNotFoundException($"Could not find a part of the path '{target}'.", exception),
        UnauthorizedAccessException => new UnauthorizedAccessException(
            $"Access to the path '{target}' is denied: a file is made in its directory, which must be writable.", exception),
        IOException => new IOException(exception.Message.Replace(temporary, target, StringComparison.Ordinal), exception.HResult),
        _ => exception,
    };

    /// <returns>Whether the temporary has got the target's name.</returns>
    private bool TakePlace()
    {
        if (_target.Kind == FileTargetKind.File)
        {
            return new FileReplacement(Stream, _target, _source?.SafeFileHandle, _force).TakePlace();
        }

        if (_source is not null && !OperatingSystem.IsWindows())
        {
            ApplyRightsOf(_source.SafeFileHandle);
        }

        // Windows moves no open file. Elsewhere it stays locked until it has its name, so that nobody takes it for left behind.
        if (OperatingSystem.IsWindows())
        {
            Stream.Dispose();
        }

        MoveToNew(_temporary!);
        Stream.Dispose();
        return true;
    }

    [UnsupportedOSPlatform("windows")]
    private void ApplyRightsOf(SafeFileHandle source)
    {
        if (_isMove && OperatingSystem.IsLinux())
        {
            FileMover.CarryOver(source, Stream.SafeFileHandle);
        }
        else
        {
            File.SetUnixFileMode(Stream.SafeFileHandle, UnixRights.OfCopy(source));
        }
    }

    private void MoveToNew(string temporary)
    {
        try
        {
            File.Move(temporary, _target.Path, overwrite: !_isNewOnly);
        }
        catch (IOException) when (_isNewOnly && File.Exists(_target.Path))
        {
            // Somebody made it since we looked.
            throw FileExistsException.For(_target.Path);
        }
    }
}
