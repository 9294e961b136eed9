namespace AsyncJobs.Coroutines.Starts;

/// <summary>What the coroutines that one command starts have in common.</summary>
/// <param name="Session">Where they run.</param>
/// <param name="Block">What they run.</param>
/// <param name="Preferences">The preferences that hold where they are started.</param>
/// <param name="Started">Where they are started, as a call of the block would have it: Write-Error and its like say so of their records.</param>
internal sealed record CoroutineOrigin(RunspaceLoop Session, CoroutineBlock Block, PreferenceSnapshot Preferences, InvocationInfo Started)
{
    /// <summary>What runs before the block, in the scope around it; null for nothing.</summary>
    public CoroutineBlock? Initialization { get; init; }

    public object?[] Arguments { get; init; } = [];

    /// <summary>The starter's functions and aliases that they call and that go with the starter's scope; null for none.</summary>
    public LocalCommands? Commands { get; init; }

    /// <summary>The place of a command as a call of a block there would have it.</summary>
    public static InvocationInfo CallAt(InvocationInfo command) => CallAt(command.ScriptName, command.ScriptLineNumber, command.OffsetInLine, command.Line);

    /// <inheritdoc cref="CallAt(InvocationInfo)"/>
    public static InvocationInfo CallAt(IScriptExtent command) =>
        CallAt(command.File ?? string.Empty, command.StartLineNumber, command.StartColumnNumber, command.StartScriptPosition.Line);

    private static InvocationInfo CallAt(string file, int line, int column, string text)
    {
        var at = new ScriptPosition(file, line, column, text);
        return InvocationInfo.Create(null, new ScriptExtent(at, at));
    }
}
