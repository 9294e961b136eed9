using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Runs something as at the top of a script: an error there ends its statement and no more, whatever <c>try</c> stands
/// around the command that runs it. PowerShell forgets such a try in one place only, a <c>clean</c> block.
/// </summary>
internal sealed class UntriedGround(AsyncSession session)
{
    private static readonly ScriptBlock Probe = OwnScript.Of($"$ErrorActionPreference = 'Ignore'; $args[0] # {ErrorList.ProbeVariable}");

    private static readonly ScriptBlock Ground = BlockWithin.Of("& { end { } clean { & $__asyncJobsRun } }");

    private static readonly ScriptBlock Piped = BlockWithin.Of("$(& $__asyncJobsRun) 2>&1");

    // PowerShell describes the whole stack for each new error, which is slow where turns are nested: so it is always the same.
    private readonly RuntimeException _error = new("A probe of AsyncJobs.");

    /// <summary>Whether a try stands around the command that runs now, so that errors would not end at their statement.</summary>
    public bool IsTried()
    {
        try
        {
            Probe.InvokeWithContext(BlockWithin.NoFunctions, [], new EnumeratedAction(() => throw _error));
            return false;
        }
        catch (RuntimeException)
        {
            return true;
        }
        finally
        {
            ErrorList.RemoveProbe(session.CurrentCommand?.SessionState);
        }
    }

    /// <summary>Runs an action there, and throws what it throws.</summary>
    /// <param name="command">It is running now, and has the action run.</param>
    /// <param name="action">The action.</param>
    public void Run(LoopCommand command, Action action) => session.Within.Run(Ground, [], () =>
    {
        if (IsTried())
        {
            RunPiped(command, action);
        }
        else
        {
            action();
        }
    });

    /// <summary>
    /// A block that .NET code calls, as <c>$list.ForEach({ })</c> does, has no stream that errors could be reported to, and
    /// so they end all. Here they get one, and come out when the action is over.
    /// </summary>
    private void RunPiped(LoopCommand command, Action action) => session.Within.Run(Piped, [], action, written =>
    {
        foreach (ErrorRecord record in written.Select(static item => item.Bare()).OfType<ErrorRecord>())
        {
            command.WriteError(ErrorPosition.Keep(record));
            ErrorList.RemoveTwin(command.SessionState);
        }
    });
}
