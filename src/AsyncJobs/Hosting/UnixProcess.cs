using System.Runtime.InteropServices;

namespace AsyncJobs.Hosting;

/// <summary>What Ctrl+C at a terminal does to a process and its programs, by the process itself.</summary>
internal static class UnixProcess
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    // No platform's struct sigaction is larger.
    private const int ActionSize = 512;

    /// <summary>Raises SIGINT, at which PowerShell's console stops the pipeline. Something has to be registered for SIGTERM.</summary>
    public static void RaiseInterrupt()
    {
        // What a shell starts in the background ignores SIGINT, and .NET leaves that so; its handler is one for all signals.
        byte[] action = new byte[ActionSize];
        if (SetAction(Terminate, null, action) == 0)
        {
            _ = SetAction(Interrupt, action, null);
        }

        LinuxProcess.Signal(Environment.ProcessId, Interrupt);
    }

    /// <summary>The programs of this process that would get a terminal's Ctrl+C with it, and theirs; none where there is no /proc.</summary>
    public static HashSet<int> FindPrograms()
    {
        var found = new HashSet<int>();
        if (LinuxProcess.Self is { } own)
        {
            List<LinuxProcess> all = LinuxProcess.All();
            while (all.RemoveAll(one => one.Group == own.Group && (one.Parent == own.Id || found.Contains(one.Parent)) && found.Add(one.Id)) > 0)
            {
            }
        }

        return found;
    }

    /// <summary>Asks those of some programs to end that still run.</summary>
    public static void EndPrograms(HashSet<int> programs)
    {
        foreach (int program in FindPrograms().Intersect(programs))
        {
            LinuxProcess.Signal(program, Terminate);
        }
    }

    /// <summary>
    /// Ends this process with an exit code. That of .NET's own exit is lost where the thread of Main returns meanwhile, with one
    /// of its own.
    /// </summary>
    public static void Exit(int code)
    {
        // The last of all that is to be done at the end of the process.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ExitNow(code);
        Environment.Exit(code);
    }

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is next to nothing to marshal here.
    [DllImport("libc", EntryPoint = "sigaction")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAction(int signal, byte[]? action, [Out] byte[]? previous);

    [DllImport("libc", EntryPoint = "exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitNow(int code);
#pragma warning restore SYSLIB1054
}
