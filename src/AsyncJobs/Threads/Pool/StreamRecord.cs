using System.Management.Automation.Remoting.Internal;

namespace AsyncJobs.Threads.Pool;

/// <summary>One record of a stream other than output, on its way from a task to whoever waits for it.</summary>
/// <param name="Record">The record.</param>
/// <param name="IsDecided">
/// Whether it is of a coroutine, which sees the preferences of the session: those of variables have been asked by then.
/// </param>
internal sealed record StreamRecord(object Record, bool IsDecided)
{
    private static readonly ScriptBlock Within = ScriptFrame.Of("$__asyncJobsRun");

    /// <summary>Writes it as the cmdlet's own, under the cmdlet's preferences; on its pipeline thread only.</summary>
    public void WriteTo(PSCmdlet cmdlet)
    {
        switch (Record)
        {
            case ErrorRecord line when ProgramErrorLine.Is(line):
                Decided(cmdlet, "ErrorAction", "ErrorActionPreference", () => ProgramErrorLine.WriteTo(cmdlet, line));
                break;
            case ErrorRecord error:
                Decided(cmdlet, "ErrorAction", "ErrorActionPreference", () => WriteError(cmdlet, error));
                break;
            case WarningRecord warning:
                Decided(cmdlet, "WarningAction", "WarningPreference", () => cmdlet.WriteWarning(warning.Message));
                break;
            case VerboseRecord verbose:
                Decided(cmdlet, "Verbose", "VerbosePreference", () => cmdlet.WriteVerbose(verbose.Message));
                break;
            case DebugRecord debug:
                Decided(cmdlet, "Debug", "DebugPreference", () => cmdlet.WriteDebug(debug.Message));
                break;
            case InformationRecord text when HostText.Is(text):
                new StreamingHost(cmdlet.Host).TryWrite(text);
                break;
            case InformationRecord information:
                cmdlet.WriteInformation(information);
                break;
            case ProgressRecord progress:
                cmdlet.WriteProgress(progress);
                break;
        }
    }

    /// <summary>Writes an error that keeps its position and command, and is in <c>$Error</c> once.</summary>
    public static void WriteError(PSCmdlet cmdlet, ErrorRecord error)
    {
        ErrorList.Remove(cmdlet.SessionState, error);
        if (error.InvocationInfo is null or { DisplayScriptPosition: not null })
        {
            cmdlet.WriteError(error);
        }
        else
        {
            new PSStreamObject(PSStreamObjectType.Error, error).WriteStreamObject(cmdlet, overrideInquire: false);
        }
    }

    private void Decided(PSCmdlet cmdlet, string parameter, string variable, Action write)
    {
        // An error that did not end its task ends nothing else because the session's errors do.
        string preference = cmdlet.GetVariableValue(variable)?.ToString() ?? string.Empty;
        if (cmdlet.MyInvocation.BoundParameters.ContainsKey(parameter)
            || preference == "Continue"
            || (!IsDecided && (Record is not ErrorRecord || preference is "SilentlyContinue" or "Ignore")))
        {
            write();
            return;
        }

        var carried = new ExceptionRelay(write);
        Within.InvokeWithContext(
            ScriptFrame.NoFunctions, [new PSVariable(variable, ActionPreference.Continue)], carried);
        carried.Rethrow();
    }
}
