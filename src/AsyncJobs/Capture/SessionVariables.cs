using System.Management.Automation;

namespace AsyncJobs;

/// <summary>All the variables of a session that can be seen from where it is, other than PowerShell's own.</summary>
internal static class SessionVariables
{
    /// <summary>Those without private ones, which other scopes do not see.</summary>
    public static IEnumerable<PSVariable> Of(SessionState state) =>
        ((IEnumerable<PSVariable>)state.InvokeProvider.Item.Get(@"variable:\")[0].BaseObject)
            .Where(static variable => !AutomaticVariables.Contains(variable.Name) && !variable.Options.HasFlag(ScopedItemOptions.Private));
}
