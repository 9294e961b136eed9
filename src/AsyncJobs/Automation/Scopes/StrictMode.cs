namespace AsyncJobs.Automation.Scopes;

/// <summary>The strict mode where a command is called. PowerShell does not tell it, so it is found out by what is an error there.</summary>
internal static class StrictMode
{
    // An element that is not there is an error from version 3 on, a property from 2, a variable from 1. The strictest goes
    // first, so that there is one error at most: errors take long.
    private static readonly ScriptBlock Probe = SharedScriptBlock.Of(
        $"try {{ $null = @()[1]; try {{ $null = ''.Nothing; try {{ $null = {ErrorList.ProbeVariable}; 0 }} "
        + "catch { 1 } } catch { 2 } } catch { 3 }");

    private static readonly ScriptBlock[] Settings =
    [
        SharedScriptBlock.Of(@"Microsoft.PowerShell.Core\Set-StrictMode -Off"),
        .. Enumerable.Range(1, 3).Select(
            static version => SharedScriptBlock.Of($@"Microsoft.PowerShell.Core\Set-StrictMode -Version {version}")),
    ];

    /// <summary>The version that holds in the scope that a command is called from, or that script runs in; 0 for none.</summary>
    /// <param name="state">The session state there.</param>
    public static int Of(SessionState state)
    {
        int version = Probe.InvokeWithContext(ScriptFrame.NoFunctions, []) is [var answer] && answer.Unwrap() is int found ? found : 0;
        if (version > 0)
        {
            ErrorList.RemoveProbe(state);
        }

        return version;
    }

    /// <summary>Makes a version hold in the scope that a command, or script, runs in.</summary>
    /// <param name="commands">Those of PowerShell, as the command has them or the script.</param>
    /// <param name="version">The version; 0 for none.</param>
    public static void Set(CommandInvocationIntrinsics commands, int version) =>
        commands.InvokeScript(useLocalScope: false, Settings[version], input: null);
}
