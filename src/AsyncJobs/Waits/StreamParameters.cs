namespace AsyncJobs.Waits;

/// <summary>The common parameters of a suspending command that hold for what it writes when its wait is over, too.</summary>
internal static class StreamParameters
{
    /// <summary>Whether there is one that collects what is written in a variable.</summary>
    public static bool NameVariables(IReadOnlyDictionary<string, object>? given) => given is not null && given.Keys.Any(static name => BuiltInParameters.Named(name)?.Use == CommonParameterUse.Collecting);

    /// <summary>Whether a command was called with any, or with a redirection of other streams than the output.</summary>
    public static bool AreGiven(InvocationInfo invocation) =>
        invocation.BoundParameters.Keys.Any(static name =>
            BuiltInParameters.Named(name)?.Use is CommonParameterUse.Stream or CommonParameterUse.Collecting)
        || IsRedirected(invocation, "23456*");

    /// <summary>Whether a command was called with any that say something of information records, or with their redirection.</summary>
    public static bool AreGivenForInformation(InvocationInfo invocation) =>
        invocation.BoundParameters.ContainsKey("InformationAction") || invocation.BoundParameters.ContainsKey("InformationVariable")
        || IsRedirected(invocation, "6*");

    /// <summary>Whether a command was called with any that say something of errors.</summary>
    public static bool AreGivenForErrors(InvocationInfo invocation) =>
        invocation.BoundParameters.ContainsKey("ErrorAction") || invocation.BoundParameters.ContainsKey("ErrorVariable");

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

    // What looks like one costs a little time and no more.
    private static bool IsRedirected(InvocationInfo invocation, string streams)
    {
        string statement = PowerShell7.StatementOf(invocation);
        for (int at = statement.IndexOf('>'); at >= 0; at = statement.IndexOf('>', at + 1))
        {
            if (at > 0 && streams.Contains(statement[at - 1]))
            {
                return true;
            }
        }

        return false;
    }
}
