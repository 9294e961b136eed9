using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AsyncJobs;

/// <summary>What comes to a pipeline's first command from a value: each of its items, or it itself, one when it is asked for.</summary>
internal sealed class PipelineItems(object? value) : IDisposable
{
    private IEnumerator? _items;
    private bool _hasBegun;

    /// <summary>The one that was taken last.</summary>
    public object? Current { get; private set; }

    /// <summary>Takes the next.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="step">Runs what may run script, or fail, as a pipeline.</param>
    public bool MoveNext(CoroutineFrame frame, Segment step)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            if (ReferenceEquals(value, AutomationNull.Value))
            {
                return false;
            }

            _items = LanguagePrimitives.GetEnumerator(value) ?? new[] { value }.GetEnumerator();
        }

        do
        {
            if (!Take(frame, step))
            {
                return false;
            }
        }
        while (ReferenceEquals(Current, AutomationNull.Value));
        return true;
    }

    public void Dispose() => (_items as IDisposable)?.Dispose();

    private bool Take(CoroutineFrame frame, Segment step)
    {
        Exception? failure;
        if (Iteration.IsPlain(_items!))
        {
            try
            {
                bool moved = _items!.MoveNext();
                Current = moved ? _items.Current : null;
                return moved;
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            Run(frame, step, () => throw failure);
            return false;
        }

        bool taken = false;
        Run(frame, step, () =>
        {
            taken = _items!.MoveNext();
            Current = taken ? _items.Current : null;
        });
        return taken;
    }

    // A pipeline of its own, in which PowerShell makes of an exception what it makes of those in pipelines.
    private static void Run(CoroutineFrame frame, Segment step, Action action)
    {
        PSVariable within = frame.Variable(ErrorSegments.ActionName);
        within.Value = new EnumeratedAction(action);
        try
        {
            step.RunToEnd(frame);
        }
        finally
        {
            within.Value = null;
        }
    }
}
