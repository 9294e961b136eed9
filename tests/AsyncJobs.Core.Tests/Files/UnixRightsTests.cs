using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class UnixRightsTests : IDisposable
{
    private static readonly UnixOwner Owner = new(12345, 23456);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("7755", 12345, 23456, "7755")]
    [InlineData("7755", 12346, 23456, "755")]
    [InlineData("7755", 12345, 23457, "755")]
    [InlineData("660", 12346, 23456, "660")]
    [InlineData("664", 12345, 23457, "644")]
    [InlineData("640", 12346, 23457, "600")]
    [InlineData("604", 12345, 23457, "600")]
    [InlineData("757", 12346, 23457, "755")]
    public void ModeUnder_Owner_LetsNobodyDoMore(string mode, uint user, uint group, string expected) =>
        Assert.Equal(Mode(expected), new UnixRights(Mode(mode), Owner).ModeUnder(new UnixOwner(user, group), isPrivileged: true));

    [Fact]
    public void ModeUnder_WithoutPrivilege_HasNoSetIdBits() =>
        Assert.Equal(Mode("755"), new UnixRights(Mode("6755"), Owner).ModeUnder(Owner, isPrivileged: false));

    [Fact]
    public void ModeUnder_OwnerNobodyCanTell_HasNoSetIdBits()
    {
        Assert.Equal(Mode("664"), new UnixRights(Mode("6664"), Owner: null).ModeUnder(actual: null, isPrivileged: true));
        Assert.Equal(Mode("644"), new UnixRights(Mode("6664"), Owner).ModeUnder(actual: null, isPrivileged: true));
    }

    [Theory]
    [InlineData("755", "755")]
    [InlineData("500", "700")]
    [InlineData("6775", "775")]
    [InlineData("1777", "755")]
    public void OfDirectoryCopy_Mode_IsTheOwnersAndNoMoreForOthers(string source, string expected) =>
        Assert.Equal(Mode(expected), UnixRights.OfDirectoryCopy(Mode(source)));

    [UnixFact]
    public void Of_Path_KnowsPlainFilesAlone()
    {
        string path = _directory.WithFile("file", "");
        File.SetUnixFileMode(path, Mode("4751"));
        File.CreateSymbolicLink(_directory["link"], path);

        Assert.Equal(Mode("4751"), UnixRights.Of(path)!.Value.Mode);
        Assert.Null(UnixRights.Of(_directory["link"]));
        Assert.Null(UnixRights.Of(_directory["missing"]));
        Assert.Null(UnixRights.Of(_directory.Path));
    }

    [LinuxRootFact]
    public void ApplyTo_AnothersFile_GivesItWithItsSetIdBits()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string path = _directory.WithFile("file", "");
        var rights = new UnixRights(Mode("6751"), Owner);
        using (SafeFileHandle file = File.OpenHandle(path))
        {
            rights.ApplyTo(file);
        }

        Assert.Equal(rights, UnixRights.Of(path));
    }

    [LinuxRootFact]
    public void ApplyTo_OwnerThatMayNotBeGiven_LendsNobodyTheirs()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string path = _directory.WithFile("file", "");
        var giver = new UnixOwner(34567, 34567);
        File.SetUnixFileMode(_directory.Path, Mode("711"));
        OtherUser.Give(giver, path, Mode("600"));
        OtherUser.Run(giver, () =>
        {
            using SafeFileHandle file = File.OpenHandle(path);
            new UnixRights(Mode("6775"), Owner).ApplyTo(file);
        });

        Assert.Equal(new UnixRights(Mode("755"), giver), UnixRights.Of(path));
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
