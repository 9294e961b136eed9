using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// A statement that is a constant, or a variable of the coroutine's scope: it is written without running PowerShell,
/// where that comes to the same.
/// </summary>
/// <param name="native">The statement as PowerShell runs it.</param>
/// <param name="constant">What to write, if it is a constant.</param>
/// <param name="variable">The name of the variable, or null.</param>
internal sealed class PlainNode(CoroutineNode native, object? constant, string? variable) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        object? value = constant;
        if (!frame.MayStepDirectly || (variable is not null && !TryRead(frame, variable, out value)))
        {
            return native.RunAsync(frame);
        }

        frame.Output.Add(value);
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }

    /// <summary>The node of a native statement, if it is such a one.</summary>
    public static PlainNode? For(CoroutineNode native, StatementAst statement) => SyntaxFacts.AsExpression(statement) switch
    {
        StringConstantExpressionAst text => new PlainNode(native, text.Value, null),
        ConstantExpressionAst { Value: ValueType number } => new PlainNode(native, number, null),
        VariableExpressionAst { Splatted: false, VariablePath: { IsUnscopedVariable: true, IsVariable: true } path } => new PlainNode(native, null, path.UserPath),
        _ => null,
    };

    // Null is for PowerShell, which knows whether the variable is set; and so is what it would write item by item.
    private static bool TryRead(CoroutineFrame frame, string name, out object? value)
    {
        value = CoroutineFrame.IsUnderscore(name) ? frame.Underscore : frame.TryGetVariable(name, out PSVariable? found) ? found!.Value : null;
        return value.Bare() is string or ValueType or Future;
    }
}
