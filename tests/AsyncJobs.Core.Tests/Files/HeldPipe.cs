using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace AsyncJobs.Core.Tests.Files;

/// <summary>A named pipe to copy from. The copy stands still half-made until the pipe is disposed, which ends its content.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HeldPipe : IDisposable
{
    private readonly FileStream _stream;

    public HeldPipe(string path, UnixFileMode mode)
    {
        using (Process make = Process.Start("mkfifo", [path]))
        {
            Assert.True(make.WaitForExit(Limit.Span));
        }

        // Both ends, so that neither this nor the copy waits for the other to open it.
        _stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        File.SetUnixFileMode(path, mode);
        _stream.Write("half"u8);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Waits for the file that a copy is made in.</summary>
    /// <returns>Its path; the half is in it.</returns>
    public static string AwaitHalfMade(string directory)
    {
        string? path = null;
        Limit.Until(() =>
        {
            path = Directory.EnumerateFiles(directory, ".*.asyncjobs.tmp").SingleOrDefault();
            return path is not null && new FileInfo(path).Length > 0;
        });
        return path!;
    }
}
