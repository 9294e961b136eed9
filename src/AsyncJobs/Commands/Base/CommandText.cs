namespace AsyncJobs.Commands.Base;

/// <summary>
/// A command's name where a value belongs, as in <c>await Start-AsyncSleep 1</c>: what Python takes for a call is a text to
/// PowerShell.
/// </summary>
internal static class CommandText
{
    /// <summary>Whether a value is the name of a command that the cmdlet's script can call.</summary>
    /// <param name="cmdlet">The cmdlet that was given the value.</param>
    /// <param name="value">The value.</param>
    public static bool IsCommand(PSCmdlet cmdlet, object? value) =>
        value.Unwrap() is string { Length: > 0 } name
        && !WildcardPattern.ContainsWildcardCharacters(name)
        && cmdlet.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias) is not null;

    /// <summary>Says how the command is awaited.</summary>
    /// <param name="cmdlet">The cmdlet that was given the name.</param>
    /// <param name="name">The name.</param>
    /// <param name="arguments">What stood behind the name.</param>
    public static ErrorRecord NotAwaited(PSCmdlet cmdlet, object? name, object?[]? arguments)
    {
        string call = string.Join(' ', [name, .. arguments ?? []]);
        return new ErrorRecord(
            new ArgumentException(
                $"'{name}' is a command, and its name alone cannot be awaited. "
                + $"Put the command in parentheses: {cmdlet.MyInvocation.InvocationName} ({call})"),
            ErrorIds.NotAwaitable,
            ErrorCategory.InvalidArgument,
            name);
    }
}
