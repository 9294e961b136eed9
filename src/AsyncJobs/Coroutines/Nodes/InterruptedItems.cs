using System.Collections;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Some objects, and then what ends the pipeline that takes them: an error, or a jump.</summary>
/// <param name="items">They.</param>
/// <param name="end">Throws it.</param>
internal sealed class InterruptedItems(List<object?> items, Action end) : IEnumerator
{
    private static readonly ScriptBlock Break = SharedScriptBlock.Of("break");

    private int _next;

    public object? Current => items[_next - 1];

    /// <summary>Jumps out of the pipeline that enumerates it.</summary>
    public static void Jump() => Break.InvokeWithContext(ScriptFrame.NoFunctions, []);

    public bool MoveNext()
    {
        if (_next++ < items.Count)
        {
            return true;
        }

        end();
        return false;
    }

    public void Reset() => _next = 0;
}
