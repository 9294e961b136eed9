namespace AsyncJobs.Automation.Language;

/// <summary>What a command is given by name: <c>-Name value</c> and <c>-Name:value</c>.</summary>
internal static class NamedArguments
{
    /// <summary>Whether a command may be given others, which its text does not name: <c>@parameters</c>.</summary>
    public static bool AreSplatted(CommandAst command) =>
        command.CommandElements.Any(static element => element is VariableExpressionAst { Splatted: true });

    /// <summary>Each parameter, with what follows it; whether that is its value, or it is a switch, only the command knows.</summary>
    public static IEnumerable<NamedArgument> Of(CommandAst command)
    {
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is CommandParameterAst parameter)
            {
                yield return new(parameter.ParameterName, parameter.Argument ?? command.CommandElements.ElementAtOrDefault(i + 1));
            }
        }
    }
}
