namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// The call of a function or block that awaits, where its arguments are such as the engine evaluates by itself: where its
/// parameters only have to be assigned them, PowerShell need not bind the call.
/// </summary>
/// <param name="native">The same with PowerShell to bind it.</param>
/// <param name="arguments">The arguments, with the name of the parameter that each is for, or null for the next.</param>
internal sealed class DirectCallNode(BoundCallNode native, IReadOnlyList<(string? Parameter, InlineExpression Value)> arguments) : FastPathNode(native)
{
    protected internal override string Text => $"DIRECT {native.Text}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        return TryBind(frame) is { } bound ? native.RunAsync(frame, bound, frame.Success?.Value) : native.RunAsync(frame);
    }

    /// <summary>The node of a call, if it is such a one.</summary>
    public static DirectCallNode? For(BoundCallNode call)
    {
        if (call.IsDotted)
        {
            return null;
        }

        var arguments = new List<(string?, InlineExpression)>();
        CommandElementAst[] elements = [.. call.Command.CommandElements.Skip(1)];
        for (int i = 0; i < elements.Length; i++)
        {
            var parameter = elements[i] as CommandParameterAst;
            CommandElementAst? value = parameter is null ? elements[i] : parameter.Argument ?? (++i < elements.Length ? elements[i] : null);
            if (value is not ExpressionAst expression || !IsAsWritten(expression) || InlineExpression.Of(expression) is not { } inline)
            {
                return null;
            }

            arguments.Add((parameter?.ParameterName, inline));
        }

        return new DirectCallNode(call, arguments);
    }

    // PowerShell keeps how a number was written as an argument, and two dashes are no value.
    private static bool IsAsWritten(ExpressionAst argument) => argument switch
    {
        StringConstantExpressionAst { StringConstantType: StringConstantType.BareWord, Value: ['-', ..] } => false,
        StringConstantExpressionAst => true,
        ConstantExpressionAst number => number.Value is int known && number.Extent.Text == $"{known}",
        _ => true,
    };

    private BoundCall? TryBind(CoroutineFrame frame)
    {
        ScriptBlock function = native.Callee.Find(frame)!;
        if (frame.Program.Compiler.ProgramOf(function)!.PlainParameters is not { } parameters
            || !frame.MayStepDirectly || !frame.MayAwaitDirectly() || frame.Steps.ArePrepared
            || frame.Session.CurrentWaiter is not { Cmdlet: { } waiter } || !native.Callee.IsCalled(frame, waiter.InvokeCommand)
            || Assign(frame, parameters) is not { } values)
        {
            return null;
        }

        // What is looked up here is looked up outside of the coroutine's scopes.
        var names = new CommandNames(waiter, function);
        if (names.CallsValues || frame.Calls.HaveOwn(names.Named))
        {
            return null;
        }

        string[] own = [.. parameters.Select(static parameter => parameter.Name)];
        CallMeaning meaning = CallMeaning.Of(frame, function, names, isDotted: false, own, name => frame.Variables.FindSeen(name, function.Module));
        return new BoundCall(meaning)
        {
            Arguments = values.Others,
            Parameters = null,
            Invocation = null,
            Variables = values.Variables,
            Preferences = [],
        };
    }

    // What is not certain, a type, a name that is shortened, an error, is PowerShell's to say.
    private (PSVariable[] Variables, object?[] Others)? Assign(CoroutineFrame frame, (string Name, Type? Type)[] parameters)
    {
        var variables = new PSVariable?[parameters.Length];
        var positional = new List<object?>();
        foreach ((string? parameter, InlineExpression argument) in arguments)
        {
            if (!argument.TryGet(frame, out object? value))
            {
                return null;
            }

            if (parameter is null)
            {
                positional.Add(value);
            }
            else
            {
                int named = Array.FindIndex(parameters, known => string.Equals(known.Name, parameter, StringComparison.OrdinalIgnoreCase));
                if (named < 0 || variables[named] is not null || !TryAssign(named, value))
                {
                    return null;
                }
            }
        }

        int next = 0;
        for (int at = 0; at < parameters.Length; at++)
        {
            if (variables[at] is null && !(next < positional.Count ? TryAssign(at, positional[next++]) : TryLeave(at)))
            {
                return null;
            }
        }

        return ([.. variables.OfType<PSVariable>()], [.. positional.Skip(next)]);

        bool TryAssign(int at, object? value)
        {
            (string name, Type? type) = parameters[at];
            if (type is not null && (value = value.Unwrap())?.GetType() != type)
            {
                return false;
            }

            variables[at] = new PSVariable(name, value);
            return true;
        }

        bool TryLeave(int at)
        {
            variables[at] = new PSVariable(parameters[at].Name, null);
            return parameters[at].Type is null;
        }
    }
}
