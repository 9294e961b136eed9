namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Scripts of one command that runs actions where the script runs: in the scope, and in the session state, that it is called in.
/// </summary>
internal static class SessionStateInvoker
{
    private static readonly IScriptExtent Nowhere = ScriptBlock.Create("0").Ast.Extent;

    // An action is a block of ours, and so may be called in any language mode: by a cmdlet, since methods may not.
    private static readonly ScriptBlock OfArguments = Make(AstBuilder.Variable(Nowhere, "args"));

    /// <summary>Runs the actions that are piped to it.</summary>
    public static ScriptBlock OfInput { get; } = Make(input: null);

    /// <summary>Does something where a session state is the current one, and throws what that throws.</summary>
    /// <param name="command">The one that runs now.</param>
    /// <param name="state">The state; its own or another.</param>
    /// <param name="ask">What to do there: names, modes and scopes are those of that state.</param>
    public static T Invoke<T>(PSCmdlet command, SessionState state, Func<T> ask) =>
        state == command.SessionState ? ask() : Invoke(command.InvokeCommand, state, ask);

    /// <inheritdoc cref="Invoke{T}(PSCmdlet, SessionState, Func{T})"/>
    /// <param name="commands">The runspace's.</param>
    /// <param name="state">The state.</param>
    /// <param name="ask">What to do there.</param>
    public static T Invoke<T>(CommandInvocationIntrinsics commands, SessionState state, Func<T> ask)
    {
        T answer = default!;
        Invoke(commands, state, () => { answer = ask(); });
        return answer;
    }

    /// <inheritdoc cref="Invoke{T}(PSCmdlet, SessionState, Func{T})"/>
    /// <param name="commands">The runspace's.</param>
    /// <param name="state">The state.</param>
    /// <param name="action">What to do there.</param>
    public static void Invoke(CommandInvocationIntrinsics commands, SessionState state, Action action)
    {
        var carried = new ExceptionRelay(action);
        commands.InvokeScript(state, OfArguments, [(Action)carried.Run]);
        carried.Rethrow();
    }

    private static ScriptBlock Make(ExpressionAst? input)
    {
        CommandAst stand = AstBuilder.Call(Nowhere, InvokeAsyncStepScopeCommand.Info);
        PipelineAst pipeline = input is null
            ? AstBuilder.Pipeline(Nowhere, stand)
            : AstBuilder.Pipeline(Nowhere, new CommandExpressionAst(Nowhere, input, null), stand);
        var block = new ScriptBlockAst(Nowhere, paramBlock: null, new StatementBlockAst(Nowhere, [pipeline], traps: null), isFilter: false);
        return SharedScriptBlock.Make(block.GetScriptBlock);
    }
}
