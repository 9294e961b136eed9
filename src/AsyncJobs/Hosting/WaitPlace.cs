namespace AsyncJobs.Hosting;

/// <summary>The place of a cmdlet in a script.</summary>
internal sealed class WaitPlace(InvocationInfo invocation) : IScriptPlace
{
    public string? Command => invocation.MyCommand?.Name;

    public string? Position => Of(invocation);

    /// <summary>File and line, or the line alone where it was typed.</summary>
    public static string Of(InvocationInfo invocation) => string.IsNullOrEmpty(invocation.ScriptName)
        ? $"line {invocation.ScriptLineNumber}"
        : $"{invocation.ScriptName}:{invocation.ScriptLineNumber}";
}
