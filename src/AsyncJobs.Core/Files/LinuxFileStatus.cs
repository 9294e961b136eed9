using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Owner, group, mode and kind of a file, all of one moment and of one file. .NET tells the mode alone; asked for one
/// after the other, they could be those of two files that take turns under one name.
/// </summary>
/// <param name="Owner">Owner and group.</param>
/// <param name="Mode">The mode.</param>
/// <param name="IsPlainFile">Whether it is neither a directory nor a link nor a device.</param>
/// <param name="Names">How many names it has.</param>
/// <param name="Identity">What no other file has at the same time.</param>
/// <param name="Mount">What all files share that can be moved to each other's places.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct LinuxFileStatus(
    UnixOwner Owner, UnixFileMode Mode, bool IsPlainFile, uint Names, (ulong Device, ulong Number) Identity, ulong Mount)
{
    private const int CurrentDirectory = -100;
    private const int LinkItself = 0x100;
    private const int HandleItself = 0x1000;
    private const uint Wanted = 0x11F;
    private const uint MountNumber = 0x1000;

    private const int KindMask = 0xF000;
    private const int PlainFile = 0x8000;

    /// <summary>The status of what stands at a path, be it a link, or null where the system does not tell.</summary>
    public static LinuxFileStatus? Of(string path)
    {
        byte[] status = new byte[256];
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        return Succeeds(() => StatX(CurrentDirectory, name, LinkItself, Wanted | MountNumber, status)) ? Read(status) : null;
    }

    /// <summary>The status of an open file, or null where the system does not tell.</summary>
    public static LinuxFileStatus? Of(SafeFileHandle file)
    {
        byte[] status = new byte[256];
        return Succeeds(() => StatX(file, [0], HandleItself, Wanted | MountNumber, status)) ? Read(status) : null;
    }

    private static bool Succeeds(Func<int> ask)
    {
        try
        {
            return ask() == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return false;
        }
    }

    // The kernel's struct statx is the same on every architecture. It begins with what the file system has filled in.
    private static LinuxFileStatus? Read(ReadOnlySpan<byte> status)
    {
        uint known = MemoryMarshal.Read<uint>(status);
        if ((known & Wanted) != Wanted)
        {
            return null;
        }

        // Kernels before 5.8 tell the device alone.
        ulong device = MemoryMarshal.Read<ulong>(status[136..]);
        ulong mount = (known & MountNumber) != 0 ? MemoryMarshal.Read<ulong>(status[144..]) : device;

        var owner = new UnixOwner(MemoryMarshal.Read<uint>(status[20..]), MemoryMarshal.Read<uint>(status[24..]));
        int kindAndMode = MemoryMarshal.Read<ushort>(status[28..]);
        return new LinuxFileStatus(
            owner,
            (UnixFileMode)(kindAndMode & ~KindMask),
            (kindAndMode & KindMask) == PlainFile,
            MemoryMarshal.Read<uint>(status[16..]),
            (device, MemoryMarshal.Read<ulong>(status[32..])),
            mount);
    }

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int directory, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(SafeFileHandle directory, byte[] path, int flags, uint mask, byte[] status);
#pragma warning restore SYSLIB1054
}
