using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// The part of a pipeline up to a command that suspends: what it wrote goes to a variable, for the commands behind it.
/// An error comes to them after that, as it would if they ran at the same time.
/// </summary>
internal sealed class StageNode(CoroutineNode inner, string variable) : CoroutineNode
{
    private readonly CaptureNode _capture = new(inner, variable, asArray: true);

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        var written = new List<object?>();
        try
        {
            return await _capture.RunAsync(frame, written).ConfigureAwait(false);
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException && written.Count > 0)
        {
            frame.Variable(variable).Value = new InterruptedItems(written, error);
            return Flow.Next;
        }
    }

    /// <summary>Some objects, and then an error.</summary>
    private sealed class InterruptedItems(List<object?> items, RuntimeException error) : IEnumerator
    {
        private int _next;

        public object? Current => items[_next - 1];

        public bool MoveNext() => _next++ < items.Count ? true : throw error;

        public void Reset() => _next = 0;
    }
}
