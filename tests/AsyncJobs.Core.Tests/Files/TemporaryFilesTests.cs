using AsyncJobs.Core.Files;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

public sealed class TemporaryFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asyncjobs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Sweep_FileOfAKilledProcess_IsDeleted()
    {
        string left = Make(OwnName(), age: TimeSpan.FromHours(2));

        TemporaryFiles.Sweep(_folder, OwnUser());

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Sweep_FileThatIsWritten_Stays()
    {
        string path = Path.Combine(_folder, OwnName());
        using var writing = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));

        TemporaryFiles.Sweep(_folder, OwnUser());

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Sweep_YoungFile_Stays()
    {
        string path = Make(OwnName(), age: TimeSpan.Zero);

        TemporaryFiles.Sweep(_folder, OwnUser());

        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData(".notes.asyncjobs.tmp")]
    [InlineData(".0123456789abcdef0123456789ABCDEF.asyncjobs.tmp")]
    [InlineData("0123456789abcdef0123456789abcdef.asyncjobs.tmp")]
    [InlineData(".0123456789abcdef0123456789abcdef.asyncjobs.tmp.txt")]
    public void Sweep_OtherName_Stays(string name)
    {
        string path = Make(name, age: TimeSpan.FromHours(2));

        TemporaryFiles.Sweep(_folder, OwnUser());

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Sweep_FileOfAnotherUser_Stays()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string path = Make(OwnName(), age: TimeSpan.FromHours(2));

        TemporaryFiles.Sweep(_folder, OwnUser() + 1);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Sweep_Link_StaysAndSoDoesWhatItNames()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string target = Make("target", age: TimeSpan.FromHours(2));
        string link = Path.Combine(_folder, OwnName());
        File.CreateSymbolicLink(link, target);

        TemporaryFiles.Sweep(_folder, OwnUser());

        Assert.True(File.Exists(target));
        Assert.True(File.Exists(link));
    }

    [Fact]
    public async Task Create_InAFolderWithALeftFile_SweepsItAway()
    {
        string left = Make(OwnName(), age: TimeSpan.FromHours(2));

        await using (AtomicFile file = AtomicFile.Create(Path.Combine(_folder, "new")))
        {
            file.Commit(CancellationToken.None);
        }

        for (int i = 0; i < 3000 && File.Exists(left); i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(["new"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    private static string OwnName() => $".{Guid.NewGuid():N}.asyncjobs.tmp";

    private string Make(string name, TimeSpan age)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "left");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        return path;
    }

    private uint? OwnUser() => OperatingSystem.IsLinux() ? LinuxFileStatus.Of(_folder)?.Owner.User : null;
}
