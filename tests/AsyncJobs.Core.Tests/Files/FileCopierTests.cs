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
        TreeCopier.Copy(_directory[source], _directory[destination], recurse: true, force: false, CancellationToken.None);
}
