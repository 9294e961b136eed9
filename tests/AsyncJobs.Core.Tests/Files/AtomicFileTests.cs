using System.Text;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task CommitAsync_NewFile_HasItsContentAndNothingBeside()
    {
        await using AtomicFile file = AtomicFile.Create(_directory["new"]);
        await file.Stream.WriteAsync("content"u8.ToArray());
        Assert.False(File.Exists(_directory["new"]));

        await file.CommitAsync(CancellationToken.None);

        Assert.Equal("content", File.ReadAllText(_directory["new"]));
        Assert.Equal(["new"], _directory.Names);
    }

    [Fact]
    public async Task DisposeAsync_WithoutCommit_LeavesTheOldFileAlone()
    {
        string path = _directory.WithFile("file", "old");
        await using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write("half of the"u8);
            Assert.Equal("old", File.ReadAllText(path));
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["file"], _directory.Names);
    }

    [Fact]
    public async Task CommitAsync_Cancelled_LeavesTheOldFileAlone()
    {
        string path = _directory.WithFile("file", "old");
        await using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write("new"u8);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.CommitAsync(new CancellationToken(canceled: true)));
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["file"], _directory.Names);
    }

    [Fact]
    public void Create_Directory_SaysSo()
    {
        var error = Assert.Throws<FileIsDirectoryException>(() => AtomicFile.Create(_directory.Path));

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal("FileIsDirectory", error.ErrorId);
        Assert.Empty(_directory.Names);
    }

    [Fact]
    public void Create_DirectoryMissing_NamesTheTarget()
    {
        string path = Path.Combine(_directory["missing"], "file");

        var error = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Create(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LongestName_HasRoomForTheTemporary()
    {
        string path = _directory[new string('n', 255)];
        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Commit(CancellationToken.None);
        }

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Create_NewOnlyAndThere_Refuses()
    {
        string path = _directory.WithFile("file", "old");

        Assert.Throws<FileExistsException>(() => AtomicFile.Create(path, force: false, newOnly: true));
    }

    [Fact]
    public void Commit_NewOnlyAndMadeMeanwhile_Refuses()
    {
        using (AtomicFile file = AtomicFile.Create(_directory["file"], force: false, newOnly: true))
        {
            _directory.WithFile("file", "theirs");
            Assert.Throws<FileExistsException>(() => file.Commit(CancellationToken.None));
        }

        Assert.Equal("theirs", File.ReadAllText(_directory["file"]));
        Assert.Equal(["file"], _directory.Names);
    }

    [UnixFact]
    public void Commit_Replacing_KeepsTheModeAndIsNeverWider()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite;
        string path = _directory.WithFile("file", "old");
        File.SetUnixFileMode(path, mode);
        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write("new"u8);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file.Stream.SafeFileHandle) & ~UnixRights.WhileWritten);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    [UnixFact]
    public void Commit_TargetClosedToOthersMeanwhile_StaysClosed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string path = _directory.WithFile("file", "old");
        using (AtomicFile file = AtomicFile.Create(path))
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(path));
    }

    [UnixFact]
    public void Commit_TargetGoneMeanwhile_HasTheModeThatItHad()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        string path = _directory.WithFile("file", "old");
        File.SetUnixFileMode(path, mode);
        using (AtomicFile file = AtomicFile.Create(path))
        {
            File.Delete(path);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    [UnixFact]
    public void Commit_NewFile_HasTheModeOfAnyNewFile()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (AtomicFile file = AtomicFile.Create(_directory["file"]))
        {
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(File.GetUnixFileMode(_directory.WithFile("other", "")), File.GetUnixFileMode(_directory["file"]));
    }

    [LinuxRootFact]
    public void Commit_ReplacingAnothersFile_LeavesItTheirsWithItsMode()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var owner = new UnixOwner(12345, 23456);
        const UnixFileMode mode = UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;
        string path = _directory.WithFile("file", "old");
        OtherUser.Give(owner, path, mode);

        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write("new"u8);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(new UnixRights(mode, owner), UnixRights.Of(path));
    }

    [LinuxRootFact]
    public void Commit_FileThatCannotBeGivenBack_IsWrittenInPlaceAndLosesItsSetIdBits()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var writer = new UnixOwner(34567, 34567);
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_111_111);
        string path = _directory.WithFile("file", "old");
        var owner = new UnixOwner(12345, 23456);
        OtherUser.Give(owner, path, (UnixFileMode)0b110_111_111_111);

        OtherUser.Run(writer, () =>
        {
            using AtomicFile file = AtomicFile.Create(path);
            file.Stream.Write("new"u8);
            file.Commit(CancellationToken.None);
        });

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(new UnixRights((UnixFileMode)0b111_111_111, owner), UnixRights.Of(path));
        Assert.Equal(["file"], _directory.Names);
    }

    [LinuxRootFact]
    public void Commit_CopyWhoseTargetAppearedMeanwhile_IsNotHandedToItsOwner()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using FileStream source = FileReader.Open(_directory.WithFile("source", "content"));
        File.SetUnixFileMode(source.SafeFileHandle, UnixRights.WhileWritten);
        using (AtomicFile file = AtomicFile.CreateCopy(_directory["copy"], source, force: false, isMove: false))
        {
            OtherUser.Give(new UnixOwner(12345, 23456), _directory.WithFile("copy", "theirs"), UnixRights.WhileWritten);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(new UnixRights(UnixRights.WhileWritten, new UnixOwner(0, 0)), UnixRights.Of(_directory["copy"]));
    }

    [UnixFact]
    public void Commit_ThroughLinks_ReplacesWhatTheyPointTo()
    {
        Directory.CreateDirectory(_directory["sub"]);
        string real = _directory.WithFile("sub/real", "old");
        File.CreateSymbolicLink(_directory["inner"], "sub/real");
        File.CreateSymbolicLink(_directory["outer"], "inner");

        using (AtomicFile file = AtomicFile.Create(_directory["outer"]))
        {
            file.Stream.Write("new"u8);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal("inner", new FileInfo(_directory["outer"]).LinkTarget);
    }

    [UnixFact]
    public void Commit_DanglingLink_MakesWhatItPointsTo()
    {
        File.CreateSymbolicLink(_directory["link"], "made");

        using (AtomicFile file = AtomicFile.Create(_directory["link"]))
        {
            file.Stream.Write("new"u8);
            file.Commit(CancellationToken.None);
        }

        Assert.Equal(["link", "made"], _directory.Names);
        Assert.Equal("new", File.ReadAllText(_directory["made"]));
    }

    [UnixFact]
    public void Create_Device_IsWrittenInPlace()
    {
        using AtomicFile file = AtomicFile.Create("/dev/null");
        Assert.True(file.IsInPlace);
        file.Stream.Write(Encoding.UTF8.GetBytes("gone"));
        file.Commit(CancellationToken.None);

        Assert.Equal("/dev/null", file.Stream.Name);
    }

    [UnixFact]
    public void At_Pipe_IsADevice()
    {
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_directory["pipe"]]))
        {
            Assert.True(make.WaitForExit(10_000));
        }

        Assert.Equal(FileTargetKind.Device, FileTarget.At(_directory["pipe"]).Kind);
        Assert.Equal(FileTargetKind.File, FileTarget.At(_directory.WithFile("empty", "")).Kind);
    }
}
