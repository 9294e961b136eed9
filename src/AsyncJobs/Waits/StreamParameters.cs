using System.Management.Automation;

namespace AsyncJobs.Waits;

/// <summary>The common parameters of a suspending command that hold for what it writes when its wait is over, too.</summary>
internal static class StreamParameters
{
    private static readonly HashSet<string> Preferences = new(StringComparer.OrdinalIgnoreCase)
    {
        "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "Verbose", "Debug",
    };

    private static readonly HashSet<string> Variables = new(StringComparer.OrdinalIgnoreCase)
    {
        "OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable",
    };

    /// <summary>Whether there is one that collects what is written in a variable.</summary>
    public static bool NameVariables(IReadOnlyDictionary<string, object>? given) => given is not null && given.Keys.Any(Variables.Contains);

    /// <summary>Notes on a request those that its command was called with.</summary>
    public static void Give(WaitRequest? request, InvocationInfo invocation)
    {
        if (request is null || invocation.BoundParameters.Count == 0)
        {
            return;
        }

        foreach ((string name, object value) in invocation.BoundParameters)
        {
            // The command itself has begun the variable's list by then: what comes is added.
            object? kept = Preferences.Contains(name) ? value : Variables.Contains(name) ? $"+{((string)value).TrimStart('+')}" : null;
            if (kept is not null)
            {
                var given = (Dictionary<string, object>)(request.CommonParameters ??= new Dictionary<string, object>());
                given[name] = kept;
            }
        }
    }
}
