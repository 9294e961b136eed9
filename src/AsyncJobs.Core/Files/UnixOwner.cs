using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// Owner and group of a file. .NET has no way to them, and root that replaces a user's file must not take it away
/// from that user.
/// </summary>
internal readonly record struct UnixOwner(uint User, uint Group)
{
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Gives a file to this owner, as far as the process may: without privilege, to the group alone.</summary>
    /// <returns>Whom the file belongs to now, or null where the system does not tell.</returns>
    [SupportedOSPlatform("linux")]
    public UnixOwner? ApplyTo(SafeFileHandle file)
    {
        if (FChown(file, User, Group) != 0)
        {
            _ = FChown(file, Unchanged, Group);
        }

        return LinuxFileStatus.Of(file)?.Owner;
    }

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FChown(SafeFileHandle file, uint user, uint group);
#pragma warning restore SYSLIB1054
}
