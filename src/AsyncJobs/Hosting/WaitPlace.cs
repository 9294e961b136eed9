namespace AsyncJobs.Hosting;

/// <summary>The place of a cmdlet in a script.</summary>
internal sealed class WaitPlace(InvocationInfo invocation) : IScriptPlace
{
    public string? Command => invocation.MyCommand?.Name;

    public string? Position => Of(invocation);

    // An invocation has its arguments, such as tasks with their results.
    IScriptPlace IScriptPlace.Bare => new BarePlace(Command, invocation.ScriptName, invocation.ScriptLineNumber);

    /// <summary>File and line, or the line alone where it was typed.</summary>
    public static string Of(InvocationInfo invocation) => Of(invocation.ScriptName, invocation.ScriptLineNumber);

    private static string Of(string? script, int line) => string.IsNullOrEmpty(script) ? $"line {line}" : $"{script}:{line}";

    private sealed class BarePlace(string? command, string? script, int line) : IScriptPlace
    {
        public string? Command => command;

        public string? Position => Of(script, line);
    }
}
