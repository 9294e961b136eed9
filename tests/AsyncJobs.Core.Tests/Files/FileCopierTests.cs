using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class FileCopierTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Copy_File_KeepsContentAndTime()
    {
        string source = _directory.WithFile("source", "content");
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(source, time);

        string copy = Copy(source, _directory["copy"]);

        Assert.Equal("content", File.ReadAllText(copy));
        Assert.Equal(time, File.GetLastWriteTimeUtc(copy));
        Assert.Equal(["copy", "source"], _directory.Names);
    }

    [UnixFact]
    public void Copy_File_KeepsTheModeOfTheSource()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string source = _directory.WithFile("source", "content");
        _directory.WithFile("copy", "old");
        File.SetUnixFileMode(source, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(File.GetUnixFileMode(source), File.GetUnixFileMode(Copy(source, _directory["copy"])));
    }

    [UnixFact]
    public void Copy_SetIdFile_LeavesTheBitsBehind()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string source = _directory.WithFile("source", "content");
        foreach (UnixFileMode bit in new[] { UnixFileMode.SetUser, UnixFileMode.SetGroup, UnixFileMode.StickyBit })
        {
            const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(source, mode | bit);
            string existing = _directory.WithFile($"existing-{bit}", "old");
            File.SetUnixFileMode(existing, UnixFileMode.UserRead | UnixFileMode.UserWrite | bit);

            Assert.Equal(mode, File.GetUnixFileMode(Copy(source, _directory[$"new-{bit}"])));
            Assert.Equal(mode & ~UnixFileMode.OtherExecute, File.GetUnixFileMode(Copy(source, existing)));
        }
    }

    [LinuxRootFact]
    public void Copy_AnothersSetIdFile_LendsNobodyTheCopiersIdentity()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const UnixFileMode mode = (UnixFileMode)0b111_101_101;
        string source = _directory.WithFile("source", "content");
        string ours = _directory.WithFile("ours", "old");
        string theirs = _directory.WithFile("theirs", "old");
        OtherUser.Give(new UnixOwner(12345, 23456), source, mode | UnixFileMode.SetUser | UnixFileMode.SetGroup);
        OtherUser.Give(new UnixOwner(0, 0), ours, mode | UnixFileMode.SetUser);
        OtherUser.Give(new UnixOwner(34567, 45678), theirs, mode | UnixFileMode.SetUser);

        Assert.Equal(new UnixRights(mode, new UnixOwner(0, 0)), UnixRights.Of(Copy(source, _directory["new"])));
        Assert.Equal(new UnixRights(mode, new UnixOwner(0, 0)), UnixRights.Of(Copy(source, ours)));
        Assert.Equal(new UnixRights(mode, new UnixOwner(34567, 45678)), UnixRights.Of(Copy(source, theirs)));
    }

    [LinuxRootFact]
    public void Copy_RootsSetIdFileByAUser_LeavesTheBitsBehind()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const UnixFileMode mode = (UnixFileMode)0b111_101_101;
        var user = new UnixOwner(12345, 23456);
        string source = _directory.WithFile("source", "content");
        File.SetUnixFileMode(source, mode | UnixFileMode.SetUser | UnixFileMode.SetGroup);
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_111_111);

        OtherUser.Run(user, () => Copy(source, _directory["copy"]));

        Assert.Equal(new UnixRights(mode, user), UnixRights.Of(_directory["copy"]));
    }

    [UnixFact]
    public async Task Copy_HalfMade_IsOpenToNobodyElse()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode wide = (UnixFileMode)0b110_110_110;
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        Directory.CreateDirectory(_directory["to"]);
        foreach (string name in new[] { "new", "existing" })
        {
            Task copying;
            using (var pipe = new HeldPipe(_directory[name], mode))
            {
                if (name == "existing")
                {
                    File.SetUnixFileMode(_directory.WithFile("to/existing", "old"), wide);
                }

                copying = Task.Run(() => Copy(_directory[name], _directory[$"to/{name}"]));
                string half = HeldPipe.AwaitHalfMade(_directory["to"]);
                Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(half) & ~UnixRights.WhileWritten);
            }

            await copying.Within();
            Assert.Equal("half", File.ReadAllText(_directory[$"to/{name}"]));
            Assert.Equal(mode, File.GetUnixFileMode(_directory[$"to/{name}"]));
        }
    }

    [UnixFact]
    public async Task CopyTree_HalfMade_LetsNobodyDoWhatTheSourceDoesNot()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(_directory["a"], closed);
        Directory.CreateDirectory(_directory["a/sub"], closed | UnixFileMode.GroupExecute);
        Task copying;
        using (var pipe = new HeldPipe(_directory["a/sub/pipe"], UnixFileMode.UserRead))
        {
            copying = Task.Run(() => CopyTree("a", "b"));
            Limit.Until(() => Directory.Exists(_directory["b/sub"]));
            Assert.Equal(closed, File.GetUnixFileMode(_directory["b"]));
            HeldPipe.AwaitHalfMade(_directory["b/sub"]);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_directory["b/sub"]) & ~(closed | UnixFileMode.GroupExecute));
        }

        await copying.Within();
        Assert.Equal("half", File.ReadAllText(_directory["b/sub/pipe"]));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_directory["b/sub/pipe"]));
        Assert.Equal(closed, File.GetUnixFileMode(_directory["b"]));
    }

    [UnixFact]
    public void CopyTree_IntoADirectoryThatExists_LeavesItsMode()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode mode = (UnixFileMode)0b111_101_000;
        Directory.CreateDirectory(_directory["a"]);
        Directory.CreateDirectory(_directory["b"], mode);

        CopyTree("a", "b");

        Assert.Equal(mode, File.GetUnixFileMode(_directory["b"]));
    }

    [UnixFact]
    public void CopyTree_ReadOnlyDirectory_CanBeFilled()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_directory["a"]);
        _directory.WithFile("a/1", "1");
        File.SetUnixFileMode(_directory["a"], UnixFileMode.UserRead | UnixFileMode.UserExecute);

        CopyTree("a", "b");

        Assert.Equal("1", File.ReadAllText(_directory["b/1"]));
        File.SetUnixFileMode(_directory["a"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void TargetFor_Directory_TakesTheNameAlong()
    {
        Assert.Equal(_directory["source"], FileCopier.TargetFor("/somewhere/source", _directory.Path));
        Assert.Equal(_directory["copy"], FileCopier.TargetFor("/somewhere/source", _directory["copy"]));
    }

    [Fact]
    public void Copy_OntoItself_Refuses()
    {
        string source = _directory.WithFile("source", "content");

        Assert.Throws<IOException>(() => Copy(source, source));
        Assert.Equal("content", File.ReadAllText(source));
    }

    [Fact]
    public void Copy_Cancelled_LeavesTheDestination()
    {
        string source = _directory.WithFile("source", "content");
        string destination = _directory.WithFile("copy", "old");

        Assert.ThrowsAny<OperationCanceledException>(
            () => FileCopier.Copy(source, destination, force: false, new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(destination));
        Assert.Equal(["copy", "source"], _directory.Names);
    }

    [Fact]
    public void CopyTree_IntoItself_Refuses()
    {
        Directory.CreateDirectory(_directory["a"]);

        Assert.Throws<IOException>(() => CopyTree("a", "a/b"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory["a"]));
    }

    [Fact]
    public void CopyTree_OneItemFails_CopiesTheOthers()
    {
        Directory.CreateDirectory(_directory["a"]);
        _directory.WithFile("a/1", "1");
        _directory.WithFile("a/2", "2");
        Directory.CreateDirectory(_directory["b/1"]);

        Assert.Throws<FileIsDirectoryException>(() => CopyTree("a", "b"));

        Assert.Equal("2", File.ReadAllText(_directory["b/2"]));
    }

    [UnixFact]
    public void CopyTree_LinkToAParent_EndsWithAnError()
    {
        Directory.CreateDirectory(_directory["a"]);
        _directory.WithFile("a/1", "1");
        Directory.CreateSymbolicLink(_directory["a/up"], _directory["a"]);

        Assert.Throws<IOException>(() => CopyTree("a", "b"));

        Assert.Equal("1", File.ReadAllText(_directory["b/1"]));
    }

    private static string Copy(string source, string destination)
    {
        FileCopier.Copy(source, destination, force: false, CancellationToken.None);
        return destination;
    }

    private IReadOnlyList<FileSystemInfo> CopyTree(string source, string destination) =>
        TreeCopier.Copy(_directory[source], _directory[destination], recurse: true, force: false, static _ => true, flattens: false, CancellationToken.None);
}
