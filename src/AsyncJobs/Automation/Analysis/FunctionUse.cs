namespace AsyncJobs.Automation.Analysis;

/// <summary>A place where a script defines a function.</summary>
/// <param name="Node">The definition.</param>
/// <param name="IsOwn">Whether the place is in the block's own statements, not in those of a block, function or trap in it.</param>
internal sealed record FunctionUse(FunctionDefinitionAst Node, bool IsOwn);
