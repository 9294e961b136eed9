using System.Collections.ObjectModel;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The stages of a pipeline, one behind the other, that are <c>ForEach-Object</c> with blocks that are a part of the
/// coroutine, where one of them suspends, or what stands before waits again and again: each object goes through all of
/// them before the next.
/// </summary>
/// <param name="First">The place of the first of them in the pipeline.</param>
/// <param name="Stages">They.</param>
internal sealed record ForEachPipeline(int First, IReadOnlyList<ForEachStage> Stages)
{
    /// <summary>Whether a command is such a stage, and suspends.</summary>
    public static bool Suspends(CommandAst command) => HasSuspension(command) && Of(command) is not null;

    /// <summary>The stage that a command is of such ones, or null.</summary>
    public static ForEachStage? Of(CommandAst command) =>
        command.Parent is PipelineAst pipeline && In(pipeline) is { } run ? run.Stages.FirstOrDefault(stage => ReferenceEquals(stage.Command, command)) : null;

    /// <summary>The first such stages of a pipeline, or null.</summary>
    public static ForEachPipeline? In(PipelineAst pipeline) => pipeline.PipelineElements.Count < 2 ? null : CommandNames.Cached(pipeline, FindIn);

    private static ForEachPipeline? FindIn(PipelineAst pipeline)
    {
        ReadOnlyCollection<CommandBaseAst> elements = pipeline.PipelineElements;
        if (!elements.Any(static element => element is CommandAst command && (HasSuspension(command) || SuspensionPoints.StreamsItems(command))) || PowerShell7.IsBackground(pipeline))
        {
            return null;
        }

        for (int first = 1; first < elements.Count; first++)
        {
            ForEachStage[] stages = [.. elements.Skip(first).Select(ForEachStage.Of).TakeWhile(static stage => stage is not null).OfType<ForEachStage>()];

            // What only looks at the objects before all or behind all of them may have them all at once.
            int looking = stages.TakeWhile(OnlyLooks).Count();
            if (looking > 0 && !SuspensionPoints.StreamsItems(elements[first - 1]))
            {
                (first, stages) = (first + looking, stages[looking..]);
            }

            stages = stages[..(Array.FindLastIndex(stages, static stage => !OnlyLooks(stage)) + 1)];
            if (stages.Any(static stage => stage.Suspends) || (stages.Length > 0 && SuspensionPoints.StreamsItems(elements[first - 1]) && !SuspensionPoints.IsUnbounded(elements[first - 1])))
            {
                return MayCollect(elements.Take(first)) && elements.Skip(first + stages.Length).All(MayGetAll) ? new ForEachPipeline(first, stages) : null;
            }

            first += stages.Length;
        }

        return null;
    }

    // Cheap, and false for nearly all.
    private static bool HasSuspension(CommandAst command) => command.CommandElements.Any(
        static part => ((part as CommandParameterAst)?.Argument ?? part) is ScriptBlockExpressionAst block && CommandNames.Cached(block.ScriptBlock, SuspensionPoints.IsIn));

    /// <summary>
    /// Whether all that stages write may be taken before the first of it is handled. What a command that suspends writes is
    /// in any case; others must not do anything that could be seen.
    /// </summary>
    private static bool MayCollect(IEnumerable<CommandBaseAst> before)
    {
        CommandBaseAst[] elements = [.. before];
        if (elements[0] is CommandAst first && SuspensionPoints.BodyOf(first) is not null)
        {
            return false;
        }

        return elements.Reverse().TakeWhile(static element => !(element is CommandAst command && SuspensionPoints.IsSuspension(command))).All(OnlyLooks)
            && !elements.Any(static element => element is CommandAst command && VariableNames.NamesPipelineVariable(command));
    }

    private static bool OnlyLooks(ForEachStage stage) => stage.IsFilter && OnlyLooks(stage.Command);

    private static bool OnlyLooks(CommandBaseAst element) => element is not CommandAst command
        || (SuspensionPoints.NameOf(command) is { } name
            && !command.IsGiven("Wait")
            && command.CommandElements.All(static part => ((part as CommandParameterAst)?.Argument ?? part) is not ScriptBlockExpressionAst block || IsPure(block.ScriptBlock, block))
            && CommandEffects.Do(CommandNames.NameOfCommand(name), CommandEffect.OnlyLooks));

    /// <summary>Whether it cannot be seen of commands that the commands before them come to their end first.</summary>
    public static bool MayFollow(IEnumerable<CommandBaseAst> behind) => behind.All(static element =>
        (element is CommandAst command && (SuspensionPoints.IsSuspension(command) ? SuspensionPoints.BodyOf(command) is null : OnlyLooks(command))) && element.Redirections.Count == 0 && !StopsEarly(element));

    /// <summary>
    /// Whether a command may get all at once that it would get object by object: not script of the file itself, or what
    /// writes to the user, whose place among what the blocks do could be seen.
    /// </summary>
    private static bool MayGetAll(CommandBaseAst element) => element is CommandAst command
        && !StopsEarly(command)
        && (SuspensionPoints.IsSuspension(command) || ForEachStage.Of(command) is not null
            || (SuspensionPoints.NameOf(command) is { } name && !CommandNames.IsOfScript(name) && !WritesToUser(CommandNames.NameOfCommand(name))
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
    private static bool StopsEarly(CommandBaseAst element) => element is CommandAst command
        && SuspensionPoints.NameOf(command) is { } name
        && CommandEffects.Do(CommandNames.NameOfCommand(name) ?? name, CommandEffect.StopsEarly)
        && (command.IsGiven("First") || command.IsGiven("Index", "InputObject")
            || command.CommandElements.Any(static part => part is VariableExpressionAst { Splatted: true }));
}
