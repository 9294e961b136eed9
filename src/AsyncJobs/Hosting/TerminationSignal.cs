using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace AsyncJobs.Hosting;

/// <summary>
/// SIGTERM, by which service managers and containers end a process: sessions with coroutines or thread tasks are closed first,
/// as at the end of their scripts, so that what these do at their end is done. Without any, the process ends as it would.
/// </summary>
internal static class TerminationSignal
{
    // What a shell reports of a process that SIGTERM has ended.
    private const int ExitCode = 128 + 15;

    // A little more than what a session gives its coroutines.
    private static readonly TimeSpan Grace = StoppedCoroutines.Limit + TimeSpan.FromSeconds(2);

    // For a statement of script to end, or a step.
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(2);

    // For a prompt to come to its idle event.
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(500);

    // For programs to end with the script, before they are asked to.
    private static readonly TimeSpan ProgramGrace = TimeSpan.FromSeconds(1);

    // For the finally blocks of a script that the console has stopped.
    private static readonly TimeSpan ScriptGrace = TimeSpan.FromSeconds(5);

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
        (Runspace Runspace, RunspaceLoop Session)[] ending =
            [.. RunspaceLoop.All.Where(static pair => !pair.Session.IsWorker && pair.Session.HasScriptToEnd)];
        if (ending.Length == 0 || signal.Cancel)
        {
            // A process that the signal itself ends tells nobody.
            TemporaryFiles.DeleteOpen();
            ProcessTree.KillAll();
            return;
        }

        // The process is to end by itself, and this thread is that of all signals.
        signal.Cancel = true;
        new Thread(() =>
        {
            Task.WaitAll(Array.ConvertAll(ending, static pair => Task.Run(() => End(pair.Runspace, pair.Session))), Grace);
            if (OperatingSystem.IsWindows())
            {
                Environment.Exit(ExitCode);
            }
            else
            {
                UnixProcess.Exit(ExitCode);
            }
        }).Start();
    }

    // By the session's own thread: at its prompt, with the script that it runs, which the console stops as at Ctrl+C, or else
    // where it turns the loop or runs script. A session that runs nothing is closed.
    private static void End(Runspace runspace, RunspaceLoop session)
    {
        var termination = new SessionTermination(() => RunspaceLoop.EndAndClose(runspace));
        session.Termination = termination;
        if (session.IsOfConsole && !OperatingSystem.IsWindows() && StopScript(session, termination))
        {
            termination.WaitForEnd(Grace);
            return;
        }

        session.Loop.Post(termination.Run);
        session.IdleTurns?.Ask(termination.Run);
        if (!termination.WaitForBegin(Arrival))
        {
            // It comes to the end of the session, and not back: the host has its own exit code for a session that is closed.
            new Thread(runspace.Close) { IsBackground = true }.Start();
        }

        termination.WaitForEnd(Grace);
    }

    private static bool StopScript(RunspaceLoop session, SessionTermination termination)
    {
        // PowerShell comes to what is asked for late at the end of a script, too, while the host ends the session on its thread.
        bool isPrompt = true;
        session.IdleTurns?.AskPrompt(() =>
        {
            if (Volatile.Read(ref isPrompt))
            {
                termination.Run();
            }
        });
        if (termination.WaitForBegin(Prompt))
        {
            return true;
        }

        Volatile.Write(ref isPrompt, false);

        HashSet<int> programs = UnixProcess.FindPrograms();
        UnixProcess.RaiseInterrupt();
        if (termination.WaitForBegin(ProgramGrace))
        {
            return true;
        }

        // PowerShell leaves a program that has the terminal to the terminal's Ctrl+C, and waits for its end.
        UnixProcess.EndPrograms(programs);
        return termination.WaitForBegin(ScriptGrace);
    }
}
