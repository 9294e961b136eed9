using System.Collections.ObjectModel;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The stages of a pipeline, one behind the other, that are <c>ForEach-Object</c> with blocks that are a part of the
/// coroutine, where one of them suspends, or what stands before waits again and again: each object goes through all of
/// them before the next.
/// </summary>
/// <param name="First">The place of the first of them in the pipeline.</param>
/// <param name="Stages">They; none where only a limit stands there.</param>
/// <param name="Limit">What behind them has had enough after so many objects; null where nothing has.</param>
internal sealed record ForEachPipeline(int First, IReadOnlyList<ForEachStage> Stages, EarlyStop? Limit = null)
{
    /// <summary>Whether a command is such a stage, and suspends.</summary>
    public static bool Suspends(CommandAst command, CommandNames names) => HasSuspension(command, names) && Of(command, names) is not null;

    /// <summary>The stage that a command is of such ones, or null.</summary>
    public static ForEachStage? Of(CommandAst command, CommandNames names) =>
        command.Parent is PipelineAst pipeline && In(pipeline, names) is { } run ? run.Stages.FirstOrDefault(stage => ReferenceEquals(stage.Command, command)) : null;

    /// <summary>The first such stages of a pipeline, or null.</summary>
    public static ForEachPipeline? In(PipelineAst pipeline, CommandNames names) => pipeline.PipelineElements.Count < 2 ? null : names.Cached(pipeline, FindIn);

    private static ForEachPipeline? FindIn(PipelineAst pipeline, CommandNames names)
    {
        ReadOnlyCollection<CommandBaseAst> elements = pipeline.PipelineElements;
        if (!elements.Any(element => element is CommandAst command && (HasSuspension(command, names) || SuspensionPoints.StreamsItems(command, names))) || PowerShell7.IsBackground(pipeline))
        {
            return null;
        }

        for (int first = 1; first < elements.Count; first++)
        {
            ForEachStage[] stages = [.. elements.Skip(first).Select(element => ForEachStage.Of(element, names)).TakeWhile(static stage => stage is not null).OfType<ForEachStage>()];
            int behind = first + stages.Length;

            // A statement of theirs comes to its end first, which is a difference, but the source may have none.
            if (behind < elements.Count && SuspensionPoints.StreamsItems(elements[first - 1], names)
                && StopsEarly(elements[behind], names) && EarlyStop.Of((CommandAst)elements[behind]) is { } limit)
            {
                return MayCollect(elements.Take(first), names) && IsGivenAll(elements[behind], names) && elements.Skip(behind + 1).All(element => MayGetAll(element, names))
                    ? new ForEachPipeline(first, stages, limit) : null;
            }

            // What only looks at the objects before all or behind all of them may have them all at once.
            int looking = stages.TakeWhile(stage => OnlyLooks(stage, names)).Count();
            if (looking > 0 && !SuspensionPoints.StreamsItems(elements[first - 1], names))
            {
                (first, stages) = (first + looking, stages[looking..]);
            }

            stages = stages[..(Array.FindLastIndex(stages, stage => !OnlyLooks(stage, names)) + 1)];
            if (stages.Any(stage => stage.Suspends(names)) || (stages.Length > 0 && SuspensionPoints.StreamsItems(elements[first - 1], names) && !SuspensionPoints.IsUnbounded(elements[first - 1], names)))
            {
                return MayCollect(elements.Take(first), names) && elements.Skip(first + stages.Length).All(element => MayGetAll(element, names)) ? new ForEachPipeline(first, stages) : null;
            }

            first += stages.Length;
        }

        return null;
    }

    // Cheap, and false for nearly all.
    private static bool HasSuspension(CommandAst command, CommandNames names) => command.CommandElements.Any(
        part => ((part as CommandParameterAst)?.Argument ?? part) is ScriptBlockExpressionAst block && names.Cached(block.ScriptBlock, SuspensionPoints.IsIn));

    /// <summary>
    /// Whether all that stages write may be taken before the first of it is handled. What a command that suspends writes is
    /// in any case; others must not do anything that could be seen.
    /// </summary>
    private static bool MayCollect(IEnumerable<CommandBaseAst> before, CommandNames names)
    {
        CommandBaseAst[] elements = [.. before];
        if (elements[0] is CommandAst first && SuspensionPoints.BodyOf(first, names) is not null)
        {
            return false;
        }

        return elements.Reverse().TakeWhile(element => !(element is CommandAst command && SuspensionPoints.IsSuspension(command, names))).All(element => OnlyLooks(element, names))
            && !elements.Any(static element => element is CommandAst command && VariableNames.NamesPipelineVariable(command));
    }

    private static bool OnlyLooks(ForEachStage stage, CommandNames names) => stage.IsFilter && OnlyLooks(stage.Command, names);

    private static bool OnlyLooks(CommandBaseAst element, CommandNames names) => element is not CommandAst command
        || (SuspensionPoints.NameOf(command) is { } name
            && !command.IsGiven("Wait")
            && command.CommandElements.All(static part => ((part as CommandParameterAst)?.Argument ?? part) is not ScriptBlockExpressionAst block || IsPure(block.ScriptBlock, block))
            && CommandEffects.Do(names.NameOfCommand(name), CommandEffect.OnlyLooks));

    /// <summary>Whether it cannot be seen of commands that the commands before them come to their end first.</summary>
    public static bool MayFollow(IEnumerable<CommandBaseAst> behind, CommandNames names) => behind.All(element =>
        (element is CommandAst command && (SuspensionPoints.IsSuspension(command, names) ? SuspensionPoints.BodyOf(command, names) is null : OnlyLooks(command, names))) && element.Redirections.Count == 0 && !StopsEarly(element, names));

    /// <summary>
    /// Whether a command may get all at once that it would get object by object: not script of the file itself, or what
    /// writes to the user, whose place among what the blocks do could be seen.
    /// </summary>
    private static bool MayGetAll(CommandBaseAst element, CommandNames names) => IsGivenAll(element, names) && !StopsEarly(element, names);

    private static bool IsGivenAll(CommandBaseAst element, CommandNames names) => element is CommandAst command
        && (SuspensionPoints.IsSuspension(command, names) || ForEachStage.Of(command, names) is not null
            || (SuspensionPoints.NameOf(command) is { } name && !names.IsOfScript(name) && !WritesToUser(names.NameOfCommand(name))
                && command.FindAll(static node => node is ScriptBlockExpressionAst, searchNestedScriptBlocks: false).Cast<ScriptBlockExpressionAst>().All(static block => IsPure(block.ScriptBlock, block))));

    private static bool WritesToUser(string? command) => command is not null
        && (CommandEffects.Of(command) & (CommandEffect.ShowsUser | CommandEffect.OnlyLooks)) == CommandEffect.ShowsUser;

    // A question about the object, and no more.
    private static bool IsPure(ScriptBlockAst block, Ast within)
    {
        Ast pipeline = within;
        while (pipeline is not PipelineAst)
        {
            pipeline = pipeline.Parent;
        }

        IReadOnlyCollection<string> assigned = BlockFacts.Of(pipeline).Assigned;
        return block.Find(
            node => node switch
            {
                CommandAst or InvokeMemberExpressionAst or ScriptBlockExpressionAst or UsingExpressionAst or RedirectionAst => true,
                VariableExpressionAst { VariablePath.UserPath: var name } => assigned.Contains(name, StringComparer.OrdinalIgnoreCase),
                UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } => true,
                StatementAst => node is not (PipelineAst or CommandBaseAst),
                _ => false,
            },
            searchNestedScriptBlocks: true) is null;
    }

    /// <summary>Whether a command may have seen enough before all has come: then what is left is not to be run.</summary>
    private static bool StopsEarly(CommandBaseAst element, CommandNames names) => element is CommandAst command
        && SuspensionPoints.NameOf(command) is { } name
        && CommandEffects.Do(names.NameOfCommand(name) ?? name, CommandEffect.StopsEarly)
        && (command.IsGiven("First") || command.IsGiven("Index", "InputObject")
            || NamedArguments.AreSplatted(command));
}
