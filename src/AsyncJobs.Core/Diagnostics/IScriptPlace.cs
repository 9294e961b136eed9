namespace AsyncJobs;

/// <summary>A place in a script, told when somebody asks; from any thread.</summary>
internal interface IScriptPlace
{
    /// <summary>What stands there: the name of a command, or null.</summary>
    string? Command { get; }

    /// <summary>File and line, or the line alone.</summary>
    string? Position { get; }
}
