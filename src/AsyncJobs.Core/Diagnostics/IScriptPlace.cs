namespace AsyncJobs.Core.Diagnostics;

/// <summary>A place in a script, told when somebody asks; from any thread.</summary>
internal interface IScriptPlace
{
    /// <summary>The name of the command at the place, or null.</summary>
    string? Command { get; }

    /// <summary>The place's file and line, or the line alone.</summary>
    string? Position { get; }

    /// <summary>The same place, for those who keep it: it holds nothing of what runs there.</summary>
    IScriptPlace Bare => this;
}
