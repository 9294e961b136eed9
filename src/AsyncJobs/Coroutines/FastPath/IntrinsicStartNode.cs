namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A statement that starts a task and writes it, or assigns it to a plain variable.</summary>
/// <param name="native">The statement as PowerShell runs it.</param>
/// <param name="variable">What is assigned to; null where the task is written.</param>
/// <param name="start">Starts the task.</param>
internal sealed class IntrinsicStartNode(NativeNode native, string? variable, IntrinsicStart start) : CoroutineNode
{
    protected internal override string Text => $"INTRINSIC {(variable is null ? "" : $"{SourceText.OfVariable(variable)} = ")}{start}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        PSVariable? assigned = null;
        if ((variable is not null && !TryFind(frame, variable, out assigned)) || start.TryStart(frame) is not { } task)
        {
            return native.RunAsync(frame);
        }

        if (variable is null)
        {
            frame.Output.Write(task);
        }
        else if (assigned is not null)
        {
            assigned.Value = PSObject.AsPSObject(task);
        }

        return new ValueTask<Flow>(Flow.Next);
    }

    /// <summary>The node of a native statement, if it is such a one.</summary>
    public static IntrinsicStartNode? For(CompilationUnit unit, CommandNames names, NativeNode native, StatementAst statement)
    {
        // What is sent on at once, or looks at $?, is PowerShell's.
        if (!native.MayBeFollowed)
        {
            return null;
        }

        var assignment = statement as AssignmentStatementAst;
        VariableExpressionAst? left = assignment is { Operator: TokenKind.Equals, Left: VariableExpressionAst plain } && InlineAssignNode.Suits(unit, plain) ? plain : null;
        return (assignment is null) == (left is null) && (assignment?.Right ?? statement) is PipelineAst { PipelineElements: [CommandAst command] } pipeline
            && !PowerShell7.IsBackground(pipeline) && IntrinsicBlockStart.Of(unit, names, command, native.Segment, statement) is { } start
                ? new IntrinsicStartNode(native, left?.VariablePath.UserPath, start)
                : null;
    }

    // A variable of a kind or with attributes of its own decides itself what it makes of a value.
    private static bool TryFind(CoroutineFrame frame, string name, out PSVariable? found)
    {
        found = null;
        return name.Equals("null", StringComparison.OrdinalIgnoreCase)
            || (frame.TryGetVariable(name, out found) && found is { Options: ScopedItemOptions.None, Attributes.Count: 0 });
    }
}
