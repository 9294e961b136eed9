using System.Diagnostics;

namespace AsyncJobs.Core.Files;

/// <summary>
/// A file that takes its final name in one step, when it is whole: written to a temporary beside the target and moved
/// over it by a commit. Disposed without one, it leaves the target as it was. On Unix only its maker can open it until
/// the commit, unless it neither replaces a file nor copies one and so cannot be more open than that.
/// </summary>
internal sealed class AtomicFile : IAsyncDisposable, IDisposable
{
    private readonly FileTarget _target;
    private readonly bool _isNewOnly;
    private readonly FileStream? _source;

    // Null where the target itself is written: a device or a pipe.
    private readonly string? _temporary;
    private bool _isCommitted;

    private AtomicFile(FileTarget target, string? temporary, FileStream? source, bool isNewOnly, FileStream stream)
    {
        _target = target;
        _temporary = temporary;
        _source = source;
        _isNewOnly = isNewOnly;
        Stream = stream;
    }

    /// <summary>The stream to write to. It has no buffer: give it large pieces.</summary>
    public FileStream Stream { get; }

    /// <summary>Whether the target is written in place, being a device or a pipe.</summary>
    public bool IsInPlace => _temporary is null;

    /// <summary>Begins a file that replaces the one at the path, or a new one.</summary>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    public static AtomicFile Create(string path) => Create(path, force: false, newOnly: false);

    /// <summary>Begins a file.</summary>
    /// <param name="path">The target; a link is followed.</param>
    /// <param name="force">Replaces the target even if it is read-only.</param>
    /// <param name="newOnly">Refuses to replace anything.</param>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    /// <exception cref="FileExistsException">The target exists, and only a new file was asked for.</exception>
    public static AtomicFile Create(string path, bool force, bool newOnly) => Begin(path, source: null, force, newOnly);

    /// <summary>Begins a copy that replaces the file at the path, or is a new one.</summary>
    /// <param name="path">The target; a link is followed.</param>
    /// <param name="source">What is copied, open until the commit. On Unix the copy gets its mode, without set-id and sticky bits.</param>
    /// <param name="force">Replaces the target even if it is read-only.</param>
    /// <exception cref="FileIsDirectoryException">The path is a directory.</exception>
    public static AtomicFile CreateCopy(string path, FileStream source, bool force) => Begin(path, source, force, newOnly: false);

    /// <summary>Gives the file its final name.</summary>
    /// <param name="cancellationToken">Looked at once, before the point of no return.</param>
    public Task CommitAsync(CancellationToken cancellationToken) => Task.Run(() => Commit(cancellationToken), cancellationToken);

    /// <summary>Gives the file its final name, on this thread.</summary>
    /// <param name="cancellationToken">Looked at once, before the point of no return.</param>
    public void Commit(CancellationToken cancellationToken)
    {
        Debug.Assert(!_isCommitted, "committed once");
        cancellationToken.ThrowIfCancellationRequested();
        if (_temporary is null)
        {
            Stream.Dispose();
        }
        else
        {
            try
            {
                TakeFinalName(_temporary);
                TemporaryFiles.Remove(_temporary);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw WithTargetName(exception);
            }
        }

        _isCommitted = true;
    }

    /// <summary>Puts the target's name where an exception of <see cref="Stream"/> says that of the temporary.</summary>
    public Exception WithTargetName(Exception exception) =>
        _temporary is null ? exception : Renamed(exception, _temporary, _target.Path);

    /// <summary>Removes the temporary, unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is not null && !_isCommitted)
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

    private static AtomicFile Begin(string path, FileStream? source, bool force, bool newOnly)
    {
        FileTarget target = FileTarget.At(path);
        switch (target.Kind)
        {
            case FileTargetKind.Directory:
                throw FileIsDirectoryException.For(path);
            case FileTargetKind.File or FileTargetKind.Device when newOnly:
                throw FileExistsException.For(path);
            case FileTargetKind.Device:
                return new AtomicFile(target, temporary: null, source, newOnly, OpenInPlace(target.Path));
            case FileTargetKind.File when !force:
                // A rename asks only the directory for leave; the file has a say as well.
                OpenInPlace(target.Path).Dispose();
                break;
        }

        string temporary = TemporaryFiles.NameBeside(target.Path);
        try
        {
            bool isOpenToAll = target.Kind == FileTargetKind.Missing && source is null;
            return new AtomicFile(target, temporary, source, newOnly, OpenTemporary(temporary, isOpenToAll));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Renamed(exception, temporary, target.Path);
        }
    }

    private static FileStream OpenInPlace(string path) =>
        new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static FileStream OpenTemporary(string temporary, bool isOpenToAll)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
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
            $"Access to the path '{target}' is denied: it is replaced as a whole, so its directory must be writable.", exception),
        IOException => new IOException(exception.Message.Replace(temporary, target, StringComparison.Ordinal), exception.HResult),
        _ => exception,
    };

    private void TakeFinalName(string temporary)
    {
        ApplyRights();

        // What the disk has of the old content must not be given up for what it does not have yet.
        Stream.Flush(flushToDisk: _target.Kind == FileTargetKind.File);
        Stream.Dispose();
        MoveOverTarget(temporary);
    }

    /// <summary>Opens the file, now that it is whole, to those who at this moment may open what it replaces or copies.</summary>
    private void ApplyRights()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A file that only appeared since the beginning is nobody's to hand this one to.
        UnixRights? replaced = _target.Rights is { } before ? UnixRights.Of(_target.Path) ?? before : null;
        UnixRights? rights = _source is null ? replaced : UnixRights.OfCopy(_source.SafeFileHandle, replaced?.Owner);
        rights?.ApplyTo(Stream.SafeFileHandle);
    }

    private void MoveOverTarget(string temporary)
    {
        if (OperatingSystem.IsWindows() && _target.Kind == FileTargetKind.File)
        {
            ReplaceOnWindows(temporary);
        }
        else if (_isNewOnly)
        {
            MoveToNew(temporary);
        }
        else
        {
            File.Move(temporary, _target.Path, overwrite: true);
        }
    }

    private void MoveToNew(string temporary)
    {
        try
        {
            File.Move(temporary, _target.Path, overwrite: false);
        }
        catch (IOException) when (File.Exists(_target.Path))
        {
            // Somebody made it since we looked.
            throw FileExistsException.For(_target.Path);
        }
    }

    /// <summary>
    /// Replaces a file on Windows: Replace, unlike Move, keeps access rights and attributes there, and fails on a read-only
    /// file.
    /// </summary>
    private void ReplaceOnWindows(string temporary)
    {
        bool isReadOnly = _target.Attributes.HasFlag(FileAttributes.ReadOnly);
        if (isReadOnly)
        {
            File.SetAttributes(_target.Path, _target.Attributes & ~FileAttributes.ReadOnly);
        }

        try
        {
            File.Replace(temporary, _target.Path, destinationBackupFileName: null, ignoreMetadataErrors: true);
        }
        finally
        {
            if (isReadOnly)
            {
                File.SetAttributes(_target.Path, _target.Attributes);
            }
        }
    }
}
