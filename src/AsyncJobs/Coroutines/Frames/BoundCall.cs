namespace AsyncJobs.Coroutines.Frames;

/// <summary>The call of a function or block, bound: what it begins with as a part of the coroutine that calls it.</summary>
/// <param name="program">The function or block, as the names in it are understood there.</param>
internal sealed class BoundCall(CoroutineProgram program)
{
    public required object?[] Arguments { get; init; }

    /// <summary>Its <c>$PSBoundParameters</c>.</summary>
    public required object Parameters { get; init; }

    /// <summary>Its <c>$MyInvocation</c>.</summary>
    public required InvocationInfo? Invocation { get; init; }

    /// <summary>Its parameters.</summary>
    public required PSVariable[] Variables { get; init; }

    /// <summary>The preferences that it was given.</summary>
    public required PSVariable[] Preferences { get; init; }

    /// <summary>Those further out of the variables that it assigns: it reads these before.</summary>
    public required List<PSVariable> Inherited { get; init; }

    /// <summary>Whether those cannot be read before.</summary>
    public required bool IsStrict { get; init; }

    /// <inheritdoc cref="CoroutineFrame.Called"/>
    public required IReadOnlyDictionary<string, FunctionInfo>? Called { get; init; }

    /// <inheritdoc cref="CoroutineFrame.MayCallDirectly"/>
    public required bool MayCallDirectly { get; init; }

    /// <summary>Runs it in a scope of its own.</summary>
    /// <param name="caller">Who calls it.</param>
    /// <param name="place">The call.</param>
    /// <param name="success">What <c>$?</c> was before the call; null where the caller does not look at it.</param>
    public ValueTask<Flow> RunAsync(CoroutineFrame caller, IEnclosingPlace place, object? success) => program.RunBodyAsync(NewFrame(caller, place, success));

    /// <summary>Runs it in the scope of whoever calls it, where its parameters are by now.</summary>
    /// <param name="caller">Who calls it.</param>
    /// <param name="place">The call.</param>
    /// <param name="success">What <c>$?</c> was before the call; null where the caller does not look at it.</param>
    public async ValueTask<Flow> RunDottedAsync(CoroutineFrame caller, IEnclosingPlace place, object? success)
    {
        Action leave = caller.Enter(this, place, program);
        try
        {
            Begin(caller, success);
            return await program.RunBodyAsync(caller).ConfigureAwait(false);
        }
        finally
        {
            leave();
        }
    }

    private CoroutineFrame NewFrame(CoroutineFrame caller, IEnclosingPlace place, object? success)
    {
        var frame = new CoroutineFrame(caller.Session, caller.Control)
        {
            Task = caller.Task,
            GroupContext = caller.GroupContext,
            Caller = new CallerFrame(caller, place),
            Program = program,
            Called = Called,
            MayCallDirectly = MayCallDirectly,
            Arguments = Arguments,
            Underscore = caller.Underscore,
            InheritsUnderscore = true,
            Output = caller.Output,
            Handled = caller.Handled,
            WritesValue = caller.WritesValue,
        };
        frame.DefineAutomatics(Invocation, cmdlet: null);
        Begin(frame, success);
        frame.DefineVariables(IsStrict, Inherited);
        foreach (PSVariable variable in Variables.Concat(Preferences))
        {
            frame.Define(program.Typed(variable));
        }

        return frame;
    }

    private void Begin(CoroutineFrame frame, object? success)
    {
        if (program.UsesBoundParameters)
        {
            frame.Define(new PSVariable(EngineNames.BoundParameters, Parameters));
        }

        if (frame.Success is not null)
        {
            frame.Success.Value = success ?? true;
        }
    }
}
