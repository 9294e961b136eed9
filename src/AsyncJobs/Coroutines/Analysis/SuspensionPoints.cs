namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Which commands suspend, and what contains one in its own statements.</summary>
internal static class SuspensionPoints
{
    /// <summary>Whether a node suspends in its own statements.</summary>
    public static bool IsIn(Ast? node, CommandNames names) => OwnStatements.Any(node, inner => inner is CommandAst command && Suspends(command, names));

    /// <summary>
    /// Whether a block is to be a coroutine: whether it suspends in its own statements, other than by handing on what a
    /// command writes that itself does not, and so may block.
    /// </summary>
    public static bool MakeCoroutine(ScriptBlockAst block, CommandNames names) => EndlessIn(block, names) is null
        && OwnStatements.Any(block, inner => inner is CommandAst command && Suspends(command, names) && !IsBehindProducer(command, names));

    /// <summary>Whether a block suspends when it is called where it stands.</summary>
    public static bool IsBlockIn(ScriptBlockAst block, CommandNames names) =>
        names.Cached(block.Parent ?? block, (_, names) => IsIn(block, names) || names.IsAwaitingBlock(block));

    /// <summary>Whether a command is a call of what awaits, or may do, and such that it may run as a part of the coroutine.</summary>
    public static bool IsCall(CommandAst command, CommandNames names) => names.MayCall && MayBeCall(command, names)
        && (CallSite.NameOf(command) is { } name ? names.IsOfAwaitingFunction(name, () => CallSite.GivesAwaitingBlocks(command, names))
            : CallSite.BlockOf(command) is { } block ? IsBlockIn(block.ScriptBlock, names)
            : CallSite.IsOfValue(command) && names.MayAwait((ExpressionAst)command.CommandElements[0]));

    /// <summary>
    /// Whether a command is the call of something by its plain name, or of a block, that is given no variables for its
    /// streams, and whose output, if it goes to other commands, may go there when the call is over.
    /// </summary>
    private static bool MayBeCall(CommandAst command, CommandNames names) =>
        (CallSite.NameOf(command) is not { } name || CallSite.IsPlainName(name))
        && CallSite.IsFirst(command) && ForEachPipeline.MayFollow(((PipelineAst)command.Parent).PipelineElements.Skip(1), names)
        && !NamedArguments.Of(command).Any(static named => VariableNames.NamesStream(named.Parameter));

    /// <summary>
    /// A command that goes on writing for as long as others work, with commands behind it that would not get anything
    /// before it is over: what a coroutine's suspending command writes is collected first, but for ForEach-Object alone. Null if
    /// there is none.
    /// </summary>
    public static CommandAst? EndlessIn(Ast block, CommandNames names) => (CommandAst?)block.Find(
        node => node is CommandAst { Parent: PipelineAst pipeline } command
            && !ReferenceEquals(pipeline.PipelineElements[^1], command)
            && IsUnbounded(command, names)
            && !(ForEachPipeline.In(pipeline, names) is { } run && ReferenceEquals(pipeline.PipelineElements[run.First - 1], command) && (run.Limit is not null || run.First + run.Stages.Count == pipeline.PipelineElements.Count)),
        searchNestedScriptBlocks: false);

    private static bool Suspends(CommandAst command, CommandNames names) =>
        IsSuspension(command, names) || IsCall(command, names) || ForEachPipeline.Suspends(command, names);

    private static bool IsBehindProducer(CommandAst command, CommandNames names) => command.Parent is PipelineAst pipeline && Of(command, names) is { TakesInput: true }
        && pipeline.PipelineElements.TakeWhile(element => element != command).Select((element, place) => MayBlock(element, place, names)).Contains(true);

    // What looks at objects that it is given is none; a command that they come from is, whatever it is.
    private static bool MayBlock(CommandBaseAst element, int place, CommandNames names) => element is CommandAst command && !Suspends(command, names)
        && (command.Does(CommandEffect.ForEach) ? command.Find(node => node is CommandAst inner && inner != command && MayBlock(inner, 0, names), searchNestedScriptBlocks: true) is not null
            : place == 0 || !command.Does(CommandEffect.OnlyLooks));

    /// <summary>Whether a command goes on writing for as long as others work.</summary>
    public static bool IsUnbounded(CommandBaseAst element, CommandNames names) => WritingOf(element, names) is { IsUnbounded: true };

    /// <summary>Whether a command waits again and again, and writes in between.</summary>
    public static bool StreamsItems(CommandBaseAst element, CommandNames names) => WritingOf(element, names) is not null;

    public static bool IsSuspension(CommandAst command, CommandNames names) => Of(command, names) is not null;

    /// <summary>The cmdlet that a command suspends by, or null.</summary>
    public static SuspendingCommand? Of(CommandAst command, CommandNames names)
    {
        SuspendingCommand? known = NameOf(command) is not { } name ? null
            : Unqualified(name) is var bare && bare.Length < name.Length ? SuspendingCommands.Of(bare)
            : names.Resolve(name);

        // Where the body is not written there, the cmdlet runs it, and waits.
        return known is { HasBody: true } && BodyIn(command) is null ? null : known;
    }

    /// <summary>The block of a command that is part of the coroutine which it stands in, or null.</summary>
    public static ScriptBlockExpressionAst? BodyOf(CommandAst command, CommandNames names) => Of(command, names) is { HasBody: true } ? BodyIn(command) : null;

    private static KeepsWritingAttribute? WritingOf(CommandBaseAst element, CommandNames names) =>
        element is CommandAst command && Of(command, names)?.Writing is { } writing
        && (writing.With is null || command.IsGiven(writing.With)) ? writing : null;

    private static ScriptBlockExpressionAst? BodyIn(CommandAst command) => command.CommandElements
        .Select(static element => (element as CommandParameterAst)?.Argument ?? element)
        .OfType<ScriptBlockExpressionAst>()
        .FirstOrDefault();

    /// <summary>A name without that of our module before it.</summary>
    public static string Unqualified(string name) =>
        name.StartsWith("AsyncJobs\\", StringComparison.OrdinalIgnoreCase) ? name["AsyncJobs\\".Length..] : name;

    /// <summary>The name that a command is called by, where that is known before it runs.</summary>
    public static string? NameOf(CommandAst command) =>
        command.InvocationOperator == TokenKind.Unknown ? command.GetCommandName() : null;
}
