using Microsoft.PowerShell.Commands;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// A <c>ForEach-Object</c> or <c>Where-Object</c> in a pipeline whose blocks can be a part of the coroutine: written there,
/// plain lists of statements, with no parameters beside them.
/// </summary>
/// <param name="Command">The command.</param>
/// <param name="IsFilter">Whether what runs for each object says whether it goes on.</param>
/// <param name="Begin">What runs before the first object, or null.</param>
/// <param name="Process">What runs for each.</param>
/// <param name="End">What runs after the last, or null.</param>
internal sealed record ForEachStage(CommandAst Command, bool IsFilter, ScriptBlockAst? Begin, IReadOnlyList<ScriptBlockAst> Process, ScriptBlockAst? End)
{
    /// <summary>All of its blocks.</summary>
    public IEnumerable<ScriptBlockAst> Blocks => new[] { Begin, End }.OfType<ScriptBlockAst>().Concat(Process);

    /// <summary>Whether one of its blocks suspends in its own statements.</summary>
    public bool Suspends(CommandNames names) => Blocks.Any(block => names.Cached(block, SuspensionPoints.IsIn));

    /// <summary>The stage that a command behind others is, or null.</summary>
    public static ForEachStage? Of(CommandBaseAst element, CommandNames names)
    {
        if (element is not CommandAst { Redirections.Count: 0, Parent: PipelineAst pipeline } command || ReferenceEquals(pipeline.PipelineElements[0], command)
            || !command.CommandElements.Any(static part => part is ScriptBlockExpressionAst or CommandParameterAst { Argument: ScriptBlockExpressionAst })
            || SuspensionPoints.NameOf(command) is not { } name)
        {
            return null;
        }

        bool isFilter = names.IsCmdlet(name, typeof(WhereObjectCommand));
        return (isFilter ? Filter(command) : Arrange(command)) is { } stage && stage.Blocks.All(IsPlain)
            && (isFilter || names.IsCmdlet(name, typeof(ForEachObjectCommand)))
            ? stage : null;
    }

    private static ForEachStage? Filter(CommandAst command) => command.CommandElements switch
    {
        [_, ScriptBlockExpressionAst block] => Filter(command, block),
        [_, CommandParameterAst { Argument: null } named, ScriptBlockExpressionAst block] when Is(named, "FilterScript") => Filter(command, block),
        [_, CommandParameterAst { Argument: ScriptBlockExpressionAst block } named] when Is(named, "FilterScript") => Filter(command, block),
        _ => null,
    };

    private static ForEachStage Filter(CommandAst command, ScriptBlockExpressionAst block) => new(command, IsFilter: true, Begin: null, [block.ScriptBlock], End: null);

    // As the cmdlet sorts its blocks: of several without names, the first comes before all, and of three or more the last after.
    private static ForEachStage? Arrange(CommandAst command)
    {
        ScriptBlockAst? begin = null, process = null, end = null;
        var others = new List<ScriptBlockAst>();
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            switch (command.CommandElements[i])
            {
                case ScriptBlockExpressionAst block:
                    others.Add(block.ScriptBlock);
                    break;
                case CommandParameterAst parameter when (parameter.Argument ?? command.CommandElements.ElementAtOrDefault(++i)) is ScriptBlockExpressionAst { ScriptBlock: var named }:
                    if (begin is null && Is(parameter, "Begin"))
                    {
                        begin = named;
                    }
                    else if (process is null && Is(parameter, "Process", "Parallel"))
                    {
                        process = named;
                    }
                    else if (end is null && Is(parameter, "End"))
                    {
                        end = named;
                    }
                    else
                    {
                        return null;
                    }

                    break;
                default:
                    return null;
            }
        }

        ScriptBlockAst[] all = [.. new[] { begin, process }.OfType<ScriptBlockAst>(), .. others];
        if (all.Length == (begin is null ? 0 : 1))
        {
            return null;
        }

        bool endsInLast = end is null && all.Length > 2;
        return new ForEachStage(command, IsFilter: false, all.Length > 1 ? all[0] : null, all[(all.Length > 1 ? 1 : 0)..(endsInLast ? ^1 : ^0)], endsInLast ? all[^1] : end);
    }

    private static bool Is(CommandParameterAst parameter, string name, params string[] others) =>
        BuiltInParameters.Means(parameter.ParameterName, name, others);

    /// <summary>Whether a block is a list of statements and no more: what is the block's alone in PowerShell would be the coroutine's here.</summary>
    public static bool IsPlain(ScriptBlockAst block) =>
        block.ParamBlock is null && block.BeginBlock is null && block.ProcessBlock is null && block.DynamicParamBlock is null && PowerShell7.CleanBlockOf(block) is null
        && block.EndBlock is { Unnamed: true }
        && BlockFacts.Of(block) is { AssignedAutomatic: null } facts
        && !facts.Variables.Any(static use => use.IsOwn && AutomaticVariables.Are(use.Path.UserPath, VariableKind.OfBlock));
}
