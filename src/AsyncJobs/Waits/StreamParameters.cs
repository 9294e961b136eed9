namespace AsyncJobs.Waits;

/// <summary>The common parameters of a suspending command that hold for what it writes when its wait is over, too.</summary>
internal static class StreamParameters
{
    /// <summary>Whether there is one that collects what is written in a variable.</summary>
    public static bool NameVariables(IReadOnlyDictionary<string, object>? given) => given is not null && given.Keys.Any(static name => BuiltInParameters.Named(name)?.Use == CommonParameterUse.Collecting);

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
            object? kept = BuiltInParameters.Named(name)?.Use switch
            {
                CommonParameterUse.Stream => value,
                CommonParameterUse.Collecting => $"+{((string)value).TrimStart('+')}",
                _ => null,
            };
            if (kept is not null)
            {
                var given = (Dictionary<string, object>)(request.CommonParameters ??= new Dictionary<string, object>());
                given[name] = kept;
            }
        }
    }
}
