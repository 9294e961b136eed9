using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Writes what a variable of ours holds. PowerShell writes what it would enumerate by rules of its own.</summary>
/// <param name="native">The same by way of PowerShell, from where each object comes wrapped.</param>
/// <param name="variable">The variable.</param>
/// <param name="keepsSuccess">Whether <c>$?</c> stays as what gave the value has left it.</param>
internal sealed class WriteNode(NativeNode native, string variable, bool keepsSuccess) : CoroutineNode
{
    public override void Accept(NodeVisitor visitor) => visitor.Node($"write {SourceText.OfVariable(variable)}");

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        object? success = keepsSuccess ? frame.Success?.Value : true;
        if (!TryWrite(frame) && await native.RunAsync(frame).ConfigureAwait(false) is { IsNext: false } jump)
        {
            return jump;
        }

        frame.NoteSuccess(LanguagePrimitives.IsTrue(success));
        return Flow.Next;
    }

    private bool TryWrite(CoroutineFrame frame)
    {
        object? value = frame.Variable(variable).Value;
        switch (value.Unwrap())
        {
            case string or ValueType:
                frame.Output.Add(value);
                return true;
            case object?[] items when value is not PSObject:
                frame.Output.AddRange(items.Where(static item => !ReferenceEquals(item, AutomationNull.Value)));
                return true;
            default:
                return false;
        }
    }
}
