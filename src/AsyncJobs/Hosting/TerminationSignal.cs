using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace AsyncJobs.Hosting;

/// <summary>
/// SIGTERM, by which service managers and containers end a process: sessions with coroutines are closed first, as at the end
/// of their scripts, so that what these do at their end is done. Without any, the process ends as it would.
/// </summary>
internal static class TerminationSignal
{
    // What a shell reports of a process that SIGTERM has ended.
    private const int ExitCode = 128 + 15;

    // A little more than what a session gives its coroutines.
    private static readonly TimeSpan Grace = StoppedCoroutines.Limit + TimeSpan.FromSeconds(2);

    private static PosixSignalRegistration? s_registration;

    /// <summary>Listens from now on; once in a process, for all its sessions.</summary>
    public static void Watch()
    {
        if (Volatile.Read(ref s_registration) is not null)
        {
            return;
        }

        PosixSignalRegistration made = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndSessions);
        if (Interlocked.CompareExchange(ref s_registration, made, null) is not null)
        {
            made.Dispose();
        }
    }

    private static void EndSessions(PosixSignalContext signal)
    {
        Runspace[] ending = [.. RunspaceLoop.All.Where(static pair => !pair.Session.IsWorker && pair.Session.Tasks.CoroutineCount > 0).Select(static pair => pair.Runspace)];
        if (ending.Length == 0 || signal.Cancel)
        {
            return;
        }

        // The process is to end by itself, and this thread is that of all signals.
        signal.Cancel = true;
        new Thread(() =>
        {
            Task.WaitAll(Array.ConvertAll(ending, static runspace => Task.Run(runspace.Close)), Grace);
            Environment.Exit(ExitCode);
        }).Start();
    }
}
