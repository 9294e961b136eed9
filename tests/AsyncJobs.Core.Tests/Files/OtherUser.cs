using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

/// <summary>
/// Works on files as a user without privileges. Linux keeps the identity that file access is checked against for each
/// thread, so the rest of the process remains root.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class OtherUser
{
    public static void Run(UnixOwner user, Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            _ = SetFSGid(user.Group);
            _ = SetFSUid(user.User);
            Assert.Equal(user, new UnixOwner((uint)SetFSUid(uint.MaxValue), (uint)SetFSGid(uint.MaxValue)));
            work();
        }));
        thread.IsBackground = true;
        thread.Start();
        Assert.True(thread.Join(Limit.Span), "the work did not end in time");
        Assert.Null(failure);
    }

    public static void Give(UnixOwner user, string path, UnixFileMode mode)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        Assert.Equal(user, user.ApplyTo(file));
        File.SetUnixFileMode(file, mode);
    }

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code.
    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFSUid(uint user);

    [DllImport("libc", EntryPoint = "setfsgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFSGid(uint group);
#pragma warning restore SYSLIB1054
}
