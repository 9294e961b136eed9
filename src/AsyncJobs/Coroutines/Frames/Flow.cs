namespace AsyncJobs.Coroutines.Frames;

/// <summary>How a statement ended.</summary>
internal enum FlowKind
{
    Next,
    Break,
    Continue,
    Return,

    /// <summary>Out of the whole coroutine.</summary>
    Exit,

    /// <summary>Out of the commands before one that has had enough.</summary>
    Enough,
}

/// <summary>How a statement ended, and which loop it jumps to.</summary>
internal readonly record struct Flow(FlowKind Kind, string? Label = null)
{
    public static Flow Next => default;

    public bool IsNext => Kind == FlowKind.Next;

    /// <summary>Whether a loop or switch of that label is what this jumps to.</summary>
    public bool Targets(string? label) =>
        Kind is FlowKind.Break or FlowKind.Continue
        && (string.IsNullOrEmpty(Label) || string.Equals(Label, label, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a break, continue or exit that came out of native script does; null for other exceptions.</summary>
    public static Flow? OfJump(FlowControlException exception)
    {
        string? label = exception.GetType().GetProperty("Label")?.GetValue(exception) as string;
        return exception.GetType().Name switch
        {
            "BreakException" => new Flow(FlowKind.Break, label),
            "ContinueException" => new Flow(FlowKind.Continue, label),
            "ExitException" => new Flow(FlowKind.Exit),
            _ => null,
        };
    }
}
