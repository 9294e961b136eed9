using System.Management.Automation;

namespace AsyncJobs;

/// <summary>The common parameters that say how something is written; those that name variables are refused by the compiler.</summary>
internal static class StreamParameters
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "Verbose", "Debug",
    };

    /// <summary>Notes on a request those that its command was called with.</summary>
    public static void Give(WaitRequest? request, InvocationInfo invocation)
    {
        if (request is null || invocation.BoundParameters.Count == 0)
        {
            return;
        }

        foreach ((string name, object value) in invocation.BoundParameters)
        {
            if (Names.Contains(name))
            {
                var given = (Dictionary<string, object>)(request.CommonParameters ??= new Dictionary<string, object>());
                given[name] = value;
            }
        }
    }
}
