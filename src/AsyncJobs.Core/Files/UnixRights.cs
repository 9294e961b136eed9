using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// What the owner of a file, its group and all others may do with it. The mode says nothing without the owner: the
/// same bits under another owner or group let others do more than before, and set-id bits lend them a new identity.
/// </summary>
/// <param name="Mode">The mode.</param>
/// <param name="Owner">Whom the mode was made for; null where a file keeps the owner it was made with, or nobody can tell.</param>
internal readonly record struct UnixRights(UnixFileMode Mode, UnixOwner? Owner)
{
    /// <summary>The mode of a file while it is written: it is opened to others at the end, when all else is done.</summary>
    public const UnixFileMode WhileWritten = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode of a directory while it is filled.</summary>
    public const UnixFileMode WhileFilled = OwnersPart;

    private const UnixFileMode OwnersPart = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPart = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode WriteOfMany = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode ReadOrWriteOfMany = WriteOfMany | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ExecuteOfMany = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int GroupShift = 3;
    private const int ReadToExecute = 2;

    /// <summary>A mode without its set-user-ID, set-group-ID and sticky bits.</summary>
    private const UnixFileMode Permissions = OwnersPart | (UnixFileMode)((int)OthersPart << GroupShift) | OthersPart;

    /// <summary>The rights of the plain file at a path that is no link; null if there is none.</summary>
    [UnsupportedOSPlatform("windows")]
    public static UnixRights? Of(string path)
    {
        if (OperatingSystem.IsLinux() && LinuxFileStatus.Of(path) is { } status)
        {
            return status.IsPlainFile ? new UnixRights(status.Mode, status.Owner) : null;
        }

        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null ? new UnixRights(file.UnixFileMode, Owner: null) : null;
    }

    /// <summary>The mode of a new copy: that of the source, but for the bits that go with the source's owner.</summary>
    [UnsupportedOSPlatform("windows")]
    public static UnixFileMode OfCopy(SafeFileHandle source) => WithoutAccessList(
        File.GetUnixFileMode(source) & Permissions, OperatingSystem.IsLinux() ? ExtendedAttributes.AccessListOf(source) : null);

    /// <summary>
    /// The mode of a copy that replaces a file: nobody but its owner gets to read or write it who could not read or write
    /// both before. Who may read it may run it, where that could be done with the source.
    /// </summary>
    /// <param name="source">The mode of a new copy.</param>
    /// <param name="target">The mode of what is replaced.</param>
    public static UnixFileMode OfCopyOver(UnixFileMode source, UnixFileMode target)
    {
        UnixFileMode opened = source & target & ReadOrWriteOfMany;
        return (source & OwnersPart) | opened | (source & ExecuteOfMany & (target | (UnixFileMode)((int)opened >> ReadToExecute)));
    }

    /// <summary>
    /// The mode to make the copy of a directory with. Who makes it may fill it; all others may do what they may in the
    /// source. Where the sticky bit keeps them there from what is not theirs, they may not write.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    public static UnixFileMode OfDirectoryCopy(string source) => OfDirectoryCopy(WithoutAccessList(
        File.GetUnixFileMode(source), OperatingSystem.IsLinux() ? ExtendedAttributes.AccessListOf(source) : null));

    internal static UnixFileMode OfDirectoryCopy(UnixFileMode source)
    {
        UnixFileMode mode = OwnersPart | (source & Permissions);
        return source.HasFlag(UnixFileMode.StickyBit) ? mode & ~WriteOfMany : mode;
    }

    /// <summary>Gives a file these rights: the owner first, and then the mode that it can have under the owner it got.</summary>
    [UnsupportedOSPlatform("windows")]
    public void ApplyTo(SafeFileHandle file)
    {
        UnixOwner? actual = OperatingSystem.IsLinux() ? Owner?.ApplyTo(file) : null;
        File.SetUnixFileMode(file, ModeUnder(actual, Environment.IsPrivilegedProcess));
    }

    /// <summary>As much of the mode as lets nobody do more than it let him under the owner it was made for.</summary>
    /// <param name="actual">Whom the file belongs to; null if nobody can tell.</param>
    /// <param name="isPrivileged">Whether set-id bits may stay on changed content, which the kernel grants to root alone.</param>
    internal UnixFileMode ModeUnder(UnixOwner? actual, bool isPrivileged)
    {
        if (Owner is not { } owner)
        {
            return Mode & Permissions;
        }

        if (actual == owner)
        {
            return isPrivileged ? Mode : Mode & Permissions;
        }

        return actual?.Group == owner.Group ? Mode & Permissions : WithoutItsGroup(Mode);
    }

    /// <summary>With an access control list, the group's bits are what the list lets anybody in it do, not what the group may.</summary>
    private static UnixFileMode WithoutAccessList(UnixFileMode mode, PosixAccessList? list) => list is null
        ? mode
        : mode & ~(UnixFileMode)((int)OthersPart << GroupShift) | (UnixFileMode)(list.GroupsPart << GroupShift);

    /// <summary>
    /// Under another group, its members were among the others, and the members of the old one are so now: each gets
    /// only what both had.
    /// </summary>
    private static UnixFileMode WithoutItsGroup(UnixFileMode mode)
    {
        UnixFileMode both = mode & (UnixFileMode)((int)mode >> GroupShift) & OthersPart;
        return (mode & OwnersPart) | (UnixFileMode)((int)both << GroupShift) | both;
    }
}
