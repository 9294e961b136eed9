namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// A statement that is a constant, a variable of the coroutine's scope or simple arithmetic: its value is written without
/// running PowerShell, where that comes to the same.
/// </summary>
/// <param name="native">The statement as PowerShell runs it.</param>
/// <param name="plain">What to write.</param>
/// <param name="isPart">Whether it is a part of a statement, which leaves <c>$?</c> as it is.</param>
internal sealed class InlineNode(CoroutineNode native, InlineExpression plain, bool isPart) : FastPathNode(native)
{
    protected internal override string Text => $"INLINE write {plain}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();

        // What PowerShell would write item by item is for it.
        if (!frame.MayStepDirectly || !plain.TryGet(frame, out object? value) || value.Unwrap() is not (string or ValueType or Future))
        {
            return Native.RunAsync(frame);
        }

        frame.Output.Items.Add(value);
        if (!isPart)
        {
            frame.NoteSuccess(true);
        }

        return new ValueTask<Flow>(Flow.Next);
    }

    /// <summary>The node of a native statement or part of one, if it is such a one.</summary>
    public static InlineNode? For(CoroutineNode native, StatementAst statement, bool isPart) =>
        SyntaxFacts.AsExpression(statement) is { } expression and (ConstantExpressionAst or VariableExpressionAst or BinaryExpressionAst or UnaryExpressionAst) && InlineExpression.Of(expression) is { } plain
            ? new InlineNode(native, plain, isPart)
            : null;
}
