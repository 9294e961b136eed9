using System.Collections;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A <c>-PipelineVariable</c> of a command in front of one that suspends: behind that it holds what the command wrote last.</summary>
/// <param name="name">The variable.</param>
/// <param name="written">A variable of ours with all that the command has written; null where the pipeline has ended, and with it the variable.</param>
internal sealed class PipelineVariableNode(string name, string? written) : CoroutineNode
{
    /// <summary>Makes the variable of ours, which the command sets where it is there.</summary>
    public PipelineVariableNode Begin => new(written!, written: null);

    /// <summary>Ends it.</summary>
    public PipelineVariableNode End => new(name, written: null);

    protected internal override string Text => $"{SourceText.OfVariable(name)} = {(written is null ? "null" : $"last of {SourceText.OfVariable(written)}")}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        object? last = null;
        if (written is not null && frame.ValueOf(written).Unwrap() is IList { Count: > 0 } all)
        {
            last = all[^1];
        }

        frame.Variables[name].Value = last;
        return new ValueTask<Flow>(Flow.Next);
    }
}
