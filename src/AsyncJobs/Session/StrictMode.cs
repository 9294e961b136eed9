using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Whether Set-StrictMode holds where a command is called. PowerShell says so by an error only.</summary>
internal static class StrictMode
{
    private static readonly ScriptBlock Probe = OwnScript.Of($"try {{ $null = {ErrorList.ProbeVariable}; $false }} catch {{ $true }}");

    /// <summary>Asks, in the scope that a command is called from.</summary>
    public static bool HoldsFor(PSCmdlet command)
    {
        bool holds = Probe.InvokeWithContext(BlockWithin.NoFunctions, []) is [var answer] && answer.Bare() is true;
        if (holds)
        {
            ErrorList.RemoveProbe(command.SessionState);
        }

        return holds;
    }
}
