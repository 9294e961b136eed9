using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AsyncJobs.Core.Files;

/// <summary>A directory that is open: it stays the same one whatever happens to its name. .NET opens files alone.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxDirectory
{
    private const int CloseOnExecute = 0x80000;

    // The two kinds of processors differ.
    private static readonly (int Directory, int NoLink) Only =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le
            ? (0x4000, 0x8000)
            : (0x10000, 0x20000);

    /// <summary>Opens a directory, and no link to one.</summary>
    public static SafeFileHandle Open(string path)
    {
        int directory = Open(Encoding.UTF8.GetBytes(path + '\0'), Only.Directory | Only.NoLink | CloseOnExecute);
        if (directory < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            string message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
            throw error is 1 or 13 ? new UnauthorizedAccessException(message) : new IOException(message, error);
        }

        return new SafeFileHandle(directory, ownsHandle: true);
    }

    /// <summary>A path to an open directory, by which what is in it can be reached.</summary>
    public static string PathOf(SafeFileHandle directory) => $"/proc/self/fd/{directory.DangerousGetHandle()}";

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
#pragma warning restore SYSLIB1054
}
