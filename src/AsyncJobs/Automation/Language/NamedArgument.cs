namespace AsyncJobs.Automation.Language;

/// <summary>A parameter by its name, as a command's text has it.</summary>
/// <param name="Parameter">The name, which may be short for it.</param>
/// <param name="Value">What follows it; null where nothing does.</param>
internal sealed record NamedArgument(string Parameter, Ast? Value);
