namespace AsyncJobs.Coroutines.Analysis;

/// <summary>How a command says what it calls: by a name, with or without <c>&amp;</c> or <c>.</c> in front, by a block written there, or by a value.</summary>
internal static class CallSite
{
    /// <summary>The name that it calls something by, where it says one.</summary>
    public static string? NameOf(CommandAst command) => (command.CommandElements[0] as StringConstantExpressionAst)?.Value;

    /// <summary>Whether a name is one by which functions are called as they are seen, and no path.</summary>
    public static bool IsPlainName(string name) => name.Length > 0 && name.IndexOfAny(['\\', '/', ':', '.']) < 0;

    /// <summary>The block that it calls on the spot, or null.</summary>
    public static ScriptBlockExpressionAst? BlockOf(CommandAst command) => command.CommandElements[0] as ScriptBlockExpressionAst;

    /// <summary>Whether it calls what an expression gives: a block, the name of something, or what Get-Command has found.</summary>
    public static bool IsOfValue(CommandAst command) => command.CommandElements[0] is ExpressionAst and not (ConstantExpressionAst or ScriptBlockExpressionAst);

    /// <summary>Whether it stands at the head of a pipeline, where it gets no input.</summary>
    public static bool IsFirst(CommandAst command) =>
        command.Parent is PipelineAst pipeline && ReferenceEquals(pipeline.PipelineElements[0], command) && !PowerShell7.IsBackground(pipeline);

    /// <summary>Whether it runs what it calls in the scope of its own.</summary>
    public static bool IsDotted(CommandAst command) => command.InvocationOperator == TokenKind.Dot;

    /// <summary>
    /// The statements of a block that is dotted on the spot, given nothing, and that are no more than statements: these are
    /// as the statements around them. Null where it is another call.
    /// </summary>
    public static ScriptBlockAst? StatementsOf(CommandAst command) =>
        IsDotted(command) && command.CommandElements is [ScriptBlockExpressionAst { ScriptBlock: var block }] && ForEachStage.IsPlain(block) ? block : null;

    /// <summary>Whether it gives blocks that await to what it calls, or what may be such.</summary>
    public static bool GivesAwaitingBlocks(CommandAst command, CommandNames names) => command.CommandElements.Skip(1).Select(static element => (element as CommandParameterAst)?.Argument ?? element).Any(given =>
        given is ScriptBlockExpressionAst { ScriptBlock: var block } ? SuspensionPoints.IsBlockIn(block, names)
            : given is VariableExpressionAst or UsingExpressionAst && names.MayAwait((ExpressionAst)given));
}
