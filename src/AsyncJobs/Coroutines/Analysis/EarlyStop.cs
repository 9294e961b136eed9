namespace AsyncJobs.Coroutines.Analysis;

/// <summary>A <c>Select-Object</c> that has had enough after the first objects, and then stops the commands before it.</summary>
/// <param name="First">How many it passes on.</param>
/// <param name="Skip">How many it leaves out before them; null for none.</param>
internal sealed record EarlyStop(ExpressionAst First, ExpressionAst? Skip)
{
    // Those of the others with which it still looks at the first objects alone.
    private static readonly string[] Harmless = ["Property", "ExcludeProperty", "ExpandProperty", "Unique", "CaseInsensitive"];

    /// <summary>What a command is of it; null where its text does not say that it is one.</summary>
    /// <param name="command">A Select-Object.</param>
    public static EarlyStop? Of(CommandAst command)
    {
        ExpressionAst? first = null, skip = null;
        bool isKnown = command.Redirections.Count == 0 && !NamedArguments.AreSplatted(command);
        foreach ((string parameter, Ast? value) in NamedArguments.Of(command))
        {
            if (BuiltInParameters.Means(parameter, nameof(First)))
            {
                first = value as ExpressionAst;
            }
            else if (parameter.Equals(nameof(Skip), StringComparison.OrdinalIgnoreCase))
            {
                skip = value as ExpressionAst;
            }
            else
            {
                isKnown &= BuiltInParameters.Find(parameter) is not null || Harmless.Any(other => BuiltInParameters.Means(parameter, other));
            }
        }

        return isKnown && first is not null ? new EarlyStop(first, skip) : null;
    }
}
