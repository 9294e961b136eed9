using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>
/// What Linux keeps with a file beside its mode: the access control list, security labels, and whatever users attach. .NET has
/// no way to them.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ExtendedAttributes
{
    private const string AccessList = "system.posix_acl_access";

    // The most that the kernel gives, of names and of a value.
    private const int MaximumLength = 1 << 16;
    private const int NotSupported = 95;
    private const int OutOfRange = 34;

    // Made of the content, or given to it: the kernel takes them away when a file is written.
    private static readonly string[] OfContent = ["security.capability", "security.ima", "security.evm"];

    /// <summary>Gives a file the attributes of another, and takes away those that it has beside them.</summary>
    /// <returns>Whether it has them all.</returns>
    public static bool TryCarryOver(SafeFileHandle from, SafeFileHandle to)
    {
        if (NamesOf(from) is not { } wanted || NamesOf(to) is not { } present)
        {
            return false;
        }

        return wanted.Except(OfContent).All(name => TryCopy(name, from, to))
            && present.Except(wanted).All(name => RemoveAttribute(to, Encoded(name)) == 0);
    }

    /// <summary>The access control list of an open file; null if it has none but its mode.</summary>
    public static PosixAccessList? AccessListOf(SafeFileHandle file) =>
        Read(buffer => GetAttribute(file, Encoded(AccessList), buffer, buffer.Length)) is { } value ? new PosixAccessList(value) : null;

    /// <summary>The access control list of what stands at a path; null if it has none but its mode.</summary>
    public static PosixAccessList? AccessListOf(string path) =>
        Read(buffer => GetAttribute(Encoded(path), Encoded(AccessList), buffer, buffer.Length)) is { } value
            ? new PosixAccessList(value)
            : null;

    private static string[]? NamesOf(SafeFileHandle file)
    {
        byte[]? names = Read(buffer => ListAttributes(file, buffer, buffer.Length));
        return names is not null ? Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : Marshal.GetLastPInvokeError() == NotSupported ? []
            : null;
    }

    private static bool TryCopy(string name, SafeFileHandle from, SafeFileHandle to)
    {
        byte[] encoded = Encoded(name);
        return Read(buffer => GetAttribute(from, encoded, buffer, buffer.Length)) is { } value
            && ((Read(buffer => GetAttribute(to, encoded, buffer, buffer.Length)) is { } had && had.AsSpan().SequenceEqual(value))
                || SetAttribute(to, encoded, value, value.Length, 0) == 0);
    }

    private static byte[]? Read(Func<byte[], nint> read)
    {
        byte[] few = new byte[256];
        nint length = read(few);
        if (length < 0 && Marshal.GetLastPInvokeError() == OutOfRange)
        {
            few = new byte[MaximumLength];
            length = read(few);
        }

        return length < 0 ? null : few[..(int)length];
    }

    private static byte[] Encoded(string text) => Encoding.UTF8.GetBytes(text + '\0');

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ListAttributes(SafeFileHandle file, byte[] names, nint length);

    [DllImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetAttribute(SafeFileHandle file, byte[] name, byte[] value, nint length);

    [DllImport("libc", EntryPoint = "getxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetAttribute(byte[] path, byte[] name, byte[] value, nint length);

    [DllImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAttribute(SafeFileHandle file, byte[] name, byte[] value, nint length, int flags);

    [DllImport("libc", EntryPoint = "fremovexattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RemoveAttribute(SafeFileHandle file, byte[] name);
#pragma warning restore SYSLIB1054
}
