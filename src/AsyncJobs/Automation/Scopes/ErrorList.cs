using System.Collections;

namespace AsyncJobs.Automation.Scopes;

/// <summary>What PowerShell notes errors in: <c>$Error</c> of the global scope, which a module does not see under that name.</summary>
internal static class ErrorList
{
    /// <summary>A variable that does not exist, for the script of a probe: the error it makes is known by it.</summary>
    public const string ProbeVariable = "$__asyncJobsProbe";

    /// <summary>The list of a session, or null.</summary>
    public static IList? Of(SessionState? state) => state?.PSVariable.GetValue("global:Error") as IList;

    /// <summary>What takes out again an error that is noted once more, though others have come since.</summary>
    public static Action Forgetting(IList? errors)
    {
        object? first = errors is { Count: > 0 } ? errors[0] : null;
        return () =>
        {
            if (errors is [{ } added, ..] && !ReferenceEquals(added, first))
            {
                errors.RemoveAt(0);
            }
        };
    }

    /// <summary>Takes an error out.</summary>
    public static void Remove(SessionState state, ErrorRecord error)
    {
        if (Of(state) is { } errors)
        {
            for (int i = errors.Count - 1; i >= 0; i--)
            {
                if (ReferenceEquals(errors[i].Unwrap(), error))
                {
                    errors.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Takes out the error of a probe of ours, if there was one: it is nobody's business.</summary>
    public static void RemoveProbe(SessionState? state)
    {
        // The action of an event has a list of its own.
        foreach (IList? errors in new[] { Of(state), state?.PSVariable.GetValue("EventError") as IList })
        {
            if (errors is [ErrorRecord { InvocationInfo.Line: { } line }, ..] && line.Contains(ProbeVariable, StringComparison.Ordinal))
            {
                errors.RemoveAt(0);
            }
        }
    }
}
