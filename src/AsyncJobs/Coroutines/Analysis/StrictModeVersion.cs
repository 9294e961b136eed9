namespace AsyncJobs.Coroutines.Analysis;

/// <summary>The version that a call of Set-StrictMode sets.</summary>
internal static class StrictModeVersion
{
    /// <summary>The version of a statement that is no more than such a call, 0 for none; null where that cannot be seen.</summary>
    public static int? Of(StatementAst statement)
    {
        if (statement is not PipelineAst { PipelineElements: [CommandAst { Redirections.Count: 0 } command] }
            || !command.Does(CommandEffect.SetsStrictMode))
        {
            return null;
        }

        return command.CommandElements switch
        {
            [_, CommandParameterAst { Argument: null } off] when BuiltInParameters.Means(off.ParameterName, "Off") => 0,
            [_, CommandParameterAst { Argument: null } named, ConstantExpressionAst value] when BuiltInParameters.Means(named.ParameterName, "Version") =>
                value.Extent.Text.Trim('\'', '"') switch
                {
                    "1" or "1.0" => 1,
                    "2" or "2.0" => 2,
                    "3" or "3.0" => 3,
                    var latest when latest.Equals("Latest", StringComparison.OrdinalIgnoreCase) => 3,
                    _ => null,
                },
            _ => null,
        };
    }
}
