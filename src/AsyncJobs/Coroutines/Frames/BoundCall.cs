namespace AsyncJobs.Coroutines.Frames;

/// <summary>The call of a function or block, bound: what it begins with as a part of the coroutine that calls it.</summary>
/// <param name="meaning">What the function or block means there.</param>
internal sealed class BoundCall(CallMeaning meaning)
{
    private readonly CoroutineProgram _program = meaning.Block.Program;

    /// <summary>What the function or block means there.</summary>
    public CallMeaning Meaning => meaning;

    public required object?[] Arguments { get; init; }

    /// <summary>Its <c>$PSBoundParameters</c>; null where it does not look at them.</summary>
    public required object? Parameters { get; init; }

    /// <summary>Its <c>$MyInvocation</c>.</summary>
    public required InvocationInfo? Invocation { get; init; }

    /// <summary>Its parameters.</summary>
    public required PSVariable[] Variables { get; init; }

    /// <summary>The preferences that it was given.</summary>
    public required PSVariable[] Preferences { get; init; }

    /// <summary>Runs it in a scope of its own.</summary>
    /// <param name="caller">Who calls it.</param>
    /// <param name="place">The call.</param>
    /// <param name="success">What <c>$?</c> was before the call; null where the caller does not look at it.</param>
    public ValueTask<Flow> RunAsync(CoroutineFrame caller, IEnclosingPlace place, object? success) => _program.RunBodyAsync(NewFrame(caller, place, success));

    /// <summary>Runs it in the scope of whoever calls it, where its parameters are by now.</summary>
    /// <param name="caller">Who calls it.</param>
    /// <param name="place">The call.</param>
    /// <param name="success">What <c>$?</c> was before the call; null where the caller does not look at it.</param>
    public async ValueTask<Flow> RunDottedAsync(CoroutineFrame caller, IEnclosingPlace place, object? success)
    {
        using ScopeExit leave = caller.Calls.Enter(this, place);
        Begin(caller, success);
        return await _program.RunBodyAsync(caller).ConfigureAwait(false);
    }

    private CoroutineFrame NewFrame(CoroutineFrame caller, IEnclosingPlace place, object? success)
    {
        var frame = new CoroutineFrame(caller.Session, caller.Coroutine)
        {
            GroupContext = caller.GroupContext,
            Caller = new CallerFrame(caller, place),
            Block = meaning.Block,
            Arguments = Arguments,
            Underscore = caller.Underscore,
            InheritsUnderscore = true,
            Output = caller.Output,
            Handled = caller.Handled,
        };
        frame.DefineAutomatics(Invocation, cmdlet: null);
        Begin(frame, success);
        frame.DefineVariables(meaning.IsStrict, meaning.Inherited);
        foreach (PSVariable variable in Variables.Concat(Preferences))
        {
            frame.Variables.Define(_program.Typed(variable));
        }

        return frame;
    }

    private void Begin(CoroutineFrame frame, object? success)
    {
        if (_program.UsesBoundParameters)
        {
            frame.Variables.Define(new PSVariable(EngineNames.BoundParameters, Parameters));
        }

        if (frame.Success is not null)
        {
            frame.Success.Value = success ?? true;
        }
    }
}
