using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs;

/// <summary>
/// Owner and group of a file. .NET has no way to them, and root that replaces a user's file must not take it away
/// from that user.
/// </summary>
[SupportedOSPlatform("linux")]
internal readonly record struct UnixOwner(uint User, uint Group)
{
    private const int CurrentDirectory = -100;
    private const uint OwnerAndGroup = 0x18;
    private const uint Unchanged = uint.MaxValue;

    /// <summary>The owner of a file, or null where the system does not tell.</summary>
    public static UnixOwner? Of(string path)
    {
        // The kernel's struct statx is the same on every architecture: owner at 20, group at 24.
        byte[] status = new byte[256];
        try
        {
            return StatX(CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0, OwnerAndGroup, status) == 0
                ? new UnixOwner(MemoryMarshal.Read<uint>(status.AsSpan(20)), MemoryMarshal.Read<uint>(status.AsSpan(24)))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return null;
        }
    }

    /// <summary>Gives a file to this owner, as far as the process may: without privilege, to the group alone.</summary>
    public void ApplyTo(SafeFileHandle file)
    {
        if (FChown(file, User, Group) != 0)
        {
            _ = FChown(file, Unchanged, Group);
        }
    }

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int directory, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FChown(SafeFileHandle file, uint user, uint group);
#pragma warning restore SYSLIB1054
}
