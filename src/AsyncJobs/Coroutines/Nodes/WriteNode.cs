using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>
/// A value, evaluated into a variable of ours and then written, with <c>$?</c> as what gave it has left that. PowerShell writes what
/// it would enumerate by rules of its own.
/// </summary>
/// <param name="value">Evaluates the value.</param>
/// <param name="native">Writes it by way of PowerShell, from where each object comes wrapped.</param>
/// <param name="variable">The variable.</param>
internal sealed class WriteNode(CoroutineNode value, NativeNode native, string variable) : CoroutineNode
{
    /// <summary>The statement that it is, if it is one.</summary>
    public StatementAst? Statement { get; init; }

    protected internal override string Text => $"write {SourceText.OfVariable(variable)}";

    public override void Accept(NodeVisitor visitor) => visitor.Part(string.Empty, ref value);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Flow flow = await value.RunAsync(frame).ConfigureAwait(false);
        if (!flow.IsNext)
        {
            return flow;
        }

        object? success = frame.Success?.Value;
        if (!TryWrite(frame) && await native.RunAsync(frame).ConfigureAwait(false) is { IsNext: false } jump)
        {
            return jump;
        }

        frame.NoteSuccess(LanguagePrimitives.IsTrue(success));
        return Flow.Next;
    }

    private bool TryWrite(CoroutineFrame frame)
    {
        object? written = frame.Variables[variable].Value;
        switch (written.Unwrap())
        {
            case string or ValueType:
                frame.Output.Items.Add(written);
                return true;
            case object?[] items when written is not PSObject:
                frame.Output.Items.AddRange(items.Where(static item => !ReferenceEquals(item, AutomationNull.Value)));
                return true;
            default:
                return false;
        }
    }
}
