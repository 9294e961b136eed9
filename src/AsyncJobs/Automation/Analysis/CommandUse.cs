namespace AsyncJobs.Automation.Analysis;

/// <summary>A place where a script calls a command.</summary>
/// <param name="Node">The call.</param>
/// <param name="IsOwn">Whether the place is in the block's own statements, not in those of a block, function or trap in it.</param>
internal sealed record CommandUse(CommandAst Node, bool IsOwn)
{
    /// <summary>The name that is written; null where it is computed, or a block is called.</summary>
    public string? Name { get; } = Node.GetCommandName();

    /// <summary>What PowerShell's command of that name does.</summary>
    public CommandEffect Effects { get; } = Node.GetCommandName() is { } name ? CommandEffects.Of(name) : CommandEffect.None;

    /// <summary>Whether the name is computed.</summary>
    public bool IsComputed => Name is null && Node.CommandElements[0] is not ScriptBlockExpressionAst;

    /// <summary>Whether the command does one of several things.</summary>
    public bool Does(CommandEffect any) => (Effects & any) != 0;
}
