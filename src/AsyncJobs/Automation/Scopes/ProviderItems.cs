namespace AsyncJobs.Automation.Scopes;

/// <summary>The variables, functions or aliases that are seen from a session state, read as a whole.</summary>
internal static class ProviderItems
{
    // A provider's table is that of the session state in which it is asked for.
    private static readonly Lazy<ScriptBlock> Reader = new(() => ScriptBlock.Create(@"Microsoft.PowerShell.Management\Get-Item $args[0]"));

    /// <summary>The items of a drive.</summary>
    /// <param name="caller">The cmdlet that starts a task.</param>
    /// <param name="state">Where from; the cmdlet's own or another.</param>
    /// <param name="drive">The drive's root.</param>
    public static IEnumerable<T> Read<T>(PSCmdlet caller, SessionState state, string drive) => state.Module == caller.SessionState.Module
        ? (IEnumerable<T>)caller.InvokeProvider.Item.Get(drive)[0].BaseObject
        : caller.InvokeCommand.InvokeScript(state, Reader.Value, drive).Select(static item => item.BaseObject).OfType<T>();

    /// <summary>All the variables of scripts, other than PowerShell's own; without private ones, which other scopes do not see.</summary>
    public static IEnumerable<PSVariable> Variables(PSCmdlet caller, SessionState state) => Read<PSVariable>(caller, state, @"variable:\")
        .Where(static variable => !AutomaticVariables.Are(variable.Name, VariableKind.Everywhere) && !OwnNames.Are(variable.Name)
            && !variable.Options.HasFlag(ScopedItemOptions.Private));
}
