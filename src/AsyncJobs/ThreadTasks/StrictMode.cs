using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>The strict mode of a scope. PowerShell does not tell it, so it is found out by what is an error there.</summary>
internal static class StrictMode
{
    // A variable that is not there is an error from version 1 on, a property from 2, an element from 3.
    private static readonly Lazy<ScriptBlock> Probe = new(() => ScriptBlock.Create("""
        [System.Diagnostics.DebuggerHidden()] param()
        $version = 0
        try { $null = $__asyncJobsNothing } catch { $version = 1 }
        try { $null = ''.AsyncJobsNothing } catch { $version = 2 }
        try { $null = @()[1] } catch { $version = 3 }
        $version
        """));

    private static readonly Lazy<ScriptBlock[]> Settings = new(() =>
        [.. Enumerable.Range(1, 3).Select(static version => ScriptBlock.Create($@"Microsoft.PowerShell.Core\Set-StrictMode -Version {version}"))]);

    /// <summary>A script that sets what is in effect where a cmdlet is called; null where that is nothing.</summary>
    public static ScriptBlock? Of(PSCmdlet caller)
    {
        var version = (int)caller.InvokeCommand.InvokeScript(useLocalScope: true, Probe.Value, input: null)[0].BaseObject;
        if (version == 0)
        {
            return null;
        }

        // Each of them was caught, but the caller would find it in $Error.
        if (caller.SessionState.PSVariable.GetValue("global:Error") is ArrayList errors)
        {
            errors.RemoveRange(0, Math.Min(version, errors.Count));
        }

        return Settings.Value[version - 1];
    }
}
