namespace AsyncJobs.Coroutines.Frames;

/// <summary>
/// The functions and blocks that a coroutine calls and that run as a part of it: how a call is bound, and what is dotted, which
/// runs in the caller's frame.
/// </summary>
/// <param name="frame">The caller's.</param>
internal sealed class FrameCalls(CoroutineFrame frame)
{
    /// <summary>What is called, while its call is being bound, and whether it is dotted.</summary>
    public (ScriptBlock Function, bool IsDotted) Calling { get; private set; }

    /// <summary>What came of that.</summary>
    public BoundCall? Bound { get; set; }

    /// <summary>What a cmdlet of the engine takes out of a scope that is about to go.</summary>
    public List<PSVariable> Pending { get; } = [];

    /// <summary>What is left for <c>$args</c> when the parameters are bound.</summary>
    public object?[]? Rest { get; set; }

    /// <summary>What a name stands for now, if that is a function that awaits: it, and its own name.</summary>
    public (ScriptBlock Function, string Name)? Find(string name)
    {
        string meant = frame.OwnScope?.MeaningOf(name) ?? name;
        FunctionInfo? called = frame.Block.Called?.GetValueOrDefault(meant);
        string known = called?.Name ?? meant;
        return (frame.OwnScope?.Functions?.GetValueOrDefault(known) ?? called?.ScriptBlock) is { } function ? (function, known) : null;
    }

    /// <summary>Whether a function of one of these names is its own, or a caller's.</summary>
    public bool HaveOwn(IEnumerable<string> names) =>
        (frame.OwnScope?.Functions is { Count: > 0 } own && names.Any(own.ContainsKey)) || frame.Caller?.Frame.Calls.HaveOwn(names) == true;

    /// <summary>Has PowerShell bind a call.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="isDotted">Whether it runs in this scope.</param>
    /// <param name="call">The call, where a block that takes what is bound stands in its place.</param>
    /// <returns>Null where something else has been called.</returns>
    /// <exception cref="RuntimeException">It cannot be bound.</exception>
    public BoundCall? Bind(ScriptBlock function, bool isDotted, ISegment call)
    {
        Calling = (function, isDotted);
        try
        {
            call.Run(frame);
            return Bound;
        }
        finally
        {
            (Calling, Bound) = (default, null);
        }
    }

    /// <summary>Makes the frame that of a call which runs in its scope.</summary>
    /// <param name="call">The call.</param>
    /// <param name="place">Where that stands.</param>
    public ScopeExit Enter(BoundCall call, IEnclosingPlace place)
    {
        (CoroutineBlock, object?[], bool, PSVariable?) outer = (frame.Block, frame.Arguments, frame.AssignsAutomatics, frame.Success);
        ((object?, bool), EnclosingFrame?) around = (frame.UnderscoreState, frame.Steps.Enclosing);
        (frame.Block, frame.Arguments, frame.AssignsAutomatics) = (call.Meaning.Block, call.Arguments, false);
        frame.Steps.Enclosing = new EnclosingFrame(place, frame.Steps.Enclosing);
        ScopeExit variables = frame.Variables.EnterDotted(call);
        return new(() =>
        {
            variables.Dispose();
            (frame.Block, frame.Arguments, frame.AssignsAutomatics, frame.Success) = outer;
            (frame.UnderscoreState, frame.Steps.Enclosing) = around;
        });
    }

    /// <summary>Enters a block in the same scope that is given nothing: its <c>$args</c>, and the <c>$_</c> that it assigns, are its own.</summary>
    public ScopeExit EnterBlock()
    {
        ((object? underscore, bool isInherited), object?[] arguments) = (frame.UnderscoreState, frame.Arguments);
        object? noted = frame.AssignsAutomatics ? frame.Variables[EngineNames.Arguments].Value : null;
        Give([], Array.Empty<object?>());
        return new(() =>
        {
            Give(arguments, noted);
            frame.InheritsUnderscore = isInherited;
        });

        void Give(object?[] own, object? assigned)
        {
            (frame.Arguments, frame.Underscore) = (own, underscore);
            if (frame.AssignsAutomatics)
            {
                frame.Variables[EngineNames.Arguments].Value = assigned;
                frame.Variables[EngineNames.Underscore].Value = underscore;
            }
        }
    }
}
