using System.Collections;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>What comes to a pipeline's first command from a value: each of its items, or it itself, one when it is asked for.</summary>
internal sealed class PipelineItems : ForEachSource
{
    private readonly object? _value;
    private readonly Segment _step;
    private IEnumerator? _items;
    private bool _hasBegun;

    /// <param name="value">The value.</param>
    /// <param name="hasFailed">Whether a command that wrote it has written an error.</param>
    /// <param name="step">Runs what may run script, or fail, as a pipeline.</param>
    public PipelineItems(object? value, bool hasFailed, Segment step) => (_value, HasFailed, _step) = (value, hasFailed, step);

    /// <inheritdoc/>
    public override ValueTask<bool> MoveNextAsync(CoroutineFrame frame) => new(MoveNext(frame));

    /// <inheritdoc/>
    public override void Dispose() => (_items as IDisposable)?.Dispose();

    private bool MoveNext(CoroutineFrame frame)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            if (ReferenceEquals(_value, AutomationNull.Value))
            {
                return false;
            }

            _items = LanguagePrimitives.GetEnumerator(_value) ?? new[] { _value }.GetEnumerator();
        }

        do
        {
            if (!Take(frame))
            {
                return false;
            }
        }
        while (ReferenceEquals(Current, AutomationNull.Value));
        return true;
    }

    private bool Take(CoroutineFrame frame)
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

            frame.Errors.Raise(_step, failure);
            return false;
        }

        bool taken = false;
        frame.Errors.RunWithin(_step, () =>
        {
            taken = _items!.MoveNext();
            Current = taken ? _items.Current : null;
        });
        return taken;
    }
}
