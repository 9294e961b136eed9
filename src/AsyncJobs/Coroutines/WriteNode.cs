using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AsyncJobs;

/// <summary>Writes what a variable of ours holds. PowerShell writes what it would enumerate by rules of its own.</summary>
/// <param name="native">The same by way of PowerShell, from where each object comes wrapped.</param>
/// <param name="variable">The variable.</param>
internal sealed class WriteNode(NativeNode native, string variable) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        object? value = frame.Variable(variable).Value;
        switch (value.Bare())
        {
            case string or ValueType:
                frame.Output.Add(value);
                break;
            case object?[] items when value is not PSObject:
                frame.Output.AddRange(items.Where(static item => !ReferenceEquals(item, AutomationNull.Value)));
                break;
            default:
                return native.RunAsync(frame);
        }

        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}
