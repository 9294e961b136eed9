namespace AsyncJobs.Coroutines.Nodes;

/// <summary>What a call calls, known when it is made.</summary>
internal abstract class Callee
{
    /// <summary>The function or block, or null where it is something else.</summary>
    public abstract ScriptBlock? Find(CoroutineFrame frame);

    /// <summary>Whether PowerShell would call just that, where the scopes of the coroutine have no aliases of their own.</summary>
    public abstract bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands);

    /// <summary>Has a block stand for it for a while.</summary>
    /// <returns>What to end that with.</returns>
    public abstract Action Replace(CoroutineFrame frame, ScriptBlock by);
}

/// <summary>The function of a name.</summary>
internal sealed class NamedCallee(string name) : Callee
{
    /// <inheritdoc/>
    public override ScriptBlock? Find(CoroutineFrame frame) => frame.FindFunction(name)?.Function;

    /// <inheritdoc/>
    public override bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands) => !commands.GetCommands(name, CommandTypes.Alias, nameIsPattern: false).Any();

    /// <inheritdoc/>
    public override Action Replace(CoroutineFrame frame, ScriptBlock by) => frame.Replace(frame.FindFunction(name)!.Value.Name, by);
}

/// <summary>A block, a function, or the name of one, in a variable of ours.</summary>
internal sealed class ValueCallee(string variable) : Callee
{
    /// <inheritdoc/>
    public override ScriptBlock? Find(CoroutineFrame frame) => frame.ValueOf(variable).Unwrap() switch
    {
        ScriptBlock block => block,
        string name => frame.FindFunction(name)?.Function,
        FunctionInfo function and not FilterInfo => function.ScriptBlock,
        _ => null,
    };

    /// <inheritdoc/>
    public override bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands) => frame.ValueOf(variable).Unwrap() is ScriptBlock;

    /// <inheritdoc/>
    public override Action Replace(CoroutineFrame frame, ScriptBlock by)
    {
        PSVariable held = frame.Variable(variable);
        object? value = held.Value;
        Action? restore = value.Unwrap() switch
        {
            string name => frame.Replace(frame.FindFunction(name)!.Value.Name, by),
            FunctionInfo function => frame.Replace(function.Name, by),
            _ => null,
        };
        held.Value = value.Unwrap() switch
        {
            ScriptBlock => by,
            FunctionInfo function => function.Name,
            _ => value,
        };
        return () =>
        {
            held.Value = value;
            restore?.Invoke();
        };
    }
}
