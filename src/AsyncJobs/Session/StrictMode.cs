using System.Management.Automation;

namespace AsyncJobs;

/// <summary>The strict mode where a command is called. PowerShell does not tell it, so it is found out by what is an error there.</summary>
internal static class StrictMode
{
    private static readonly ScriptBlock Probe = OwnScript.Of($"try {{ $null = {ErrorList.ProbeVariable}; $false }} catch {{ $true }}");

    // A property that is not there is an error from version 2 on, an element from 3.
    private static readonly Lazy<ScriptBlock[]> Later = new(() =>
    [
        OwnScript.Of($"try {{ $null = ''.Nothing; $false }} catch {{ $true }} # {ErrorList.ProbeVariable}"),
        OwnScript.Of($"try {{ $null = @()[1]; $false }} catch {{ $true }} # {ErrorList.ProbeVariable}"),
    ]);

    private static readonly Lazy<ScriptBlock[]> Settings = new(() =>
        [.. Enumerable.Range(1, 3).Select(static version => ScriptBlock.Create($@"Microsoft.PowerShell.Core\Set-StrictMode -Version {version}"))]);

    /// <summary>Whether any holds, in the scope that a command is called from.</summary>
    public static bool HoldsFor(PSCmdlet command) => Fails(Probe, command);

    /// <summary>A script that sets what holds there; null where none does.</summary>
    public static ScriptBlock? SettingFor(PSCmdlet command) =>
        HoldsFor(command) ? Settings.Value[Later.Value.Count(probe => Fails(probe, command))] : null;

    private static bool Fails(ScriptBlock probe, PSCmdlet command)
    {
        bool fails = probe.InvokeWithContext(BlockWithin.NoFunctions, []) is [var answer] && answer.Bare() is true;
        if (fails)
        {
            ErrorList.RemoveProbe(command.SessionState);
        }

        return fails;
    }
}
