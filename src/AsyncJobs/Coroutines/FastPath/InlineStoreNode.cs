namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A plain value into a variable of ours: conditions, arguments, what is evaluated before a suspension.</summary>
/// <param name="native">The same by way of PowerShell.</param>
/// <param name="variable">The variable.</param>
/// <param name="value">The value.</param>
internal sealed class InlineStoreNode(NativeNode native, string variable, InlineExpression value) : CoroutineNode
{
    protected internal override string Text => $"INLINE {SourceText.OfVariable(variable)} = {value}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        if (!frame.MayStepDirectly || !value.TryGet(frame, out object? known))
        {
            return native.RunAsync(frame);
        }

        frame.Variables[variable].Value = known;
        return new ValueTask<Flow>(Flow.Next);
    }
}
