namespace AsyncJobs.Coroutines.Nodes;

/// <summary>What a call calls, known when it is made.</summary>
internal abstract class Callee
{
    /// <summary>The function or block, or null where it is something else.</summary>
    public abstract ScriptBlock? Find(CoroutineFrame frame);

    /// <summary>Whether PowerShell would call just that, where the scopes of the coroutine have no aliases of their own.</summary>
    public abstract bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands);

    /// <summary>Has a block stand for it for a while.</summary>
    public abstract ScopeExit Replace(CoroutineFrame frame, ScriptBlock by);
}

/// <summary>The function of a name.</summary>
internal sealed class NamedCallee(string name) : Callee
{
    /// <inheritdoc/>
    public override ScriptBlock? Find(CoroutineFrame frame) => frame.Calls.Find(name)?.Function;

    /// <inheritdoc/>
    public override bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands) => !commands.GetCommands(name, CommandTypes.Alias, nameIsPattern: false).Any();

    /// <inheritdoc/>
    public override ScopeExit Replace(CoroutineFrame frame, ScriptBlock by) => frame.Scope.Replace(frame.Calls.Find(name)!.Value.Name, by);
}

/// <summary>A block, a function, or the name of one, in a variable of ours.</summary>
internal sealed class ValueCallee(string variable) : Callee
{
    /// <inheritdoc/>
    public override ScriptBlock? Find(CoroutineFrame frame) => frame.ValueOf(variable).Unwrap() switch
    {
        ScriptBlock block => block,
        string name => frame.Calls.Find(name)?.Function,
        FunctionInfo function and not FilterInfo => function.ScriptBlock,
        _ => null,
    };

    /// <inheritdoc/>
    public override bool IsCalled(CoroutineFrame frame, CommandInvocationIntrinsics commands) => frame.ValueOf(variable).Unwrap() is ScriptBlock;

    /// <inheritdoc/>
    public override ScopeExit Replace(CoroutineFrame frame, ScriptBlock by)
    {
        PSVariable held = frame.Variables[variable];
        object? value = held.Value;
        ScopeExit restore = value.Unwrap() switch
        {
            string name => frame.Scope.Replace(frame.Calls.Find(name)!.Value.Name, by),
            FunctionInfo function => frame.Scope.Replace(function.Name, by),
            _ => default,
        };
        held.Value = value.Unwrap() switch
        {
            ScriptBlock => by,
            FunctionInfo function => function.Name,
            _ => value,
        };
        return new(() =>
        {
            held.Value = value;
            restore.Dispose();
        });
    }
}
