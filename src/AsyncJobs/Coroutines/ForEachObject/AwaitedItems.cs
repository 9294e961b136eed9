using System.Runtime.ExceptionServices;

namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>What a command writes that waits again and again: it goes on waiting when what it has written is handled.</summary>
/// <param name="command">It.</param>
internal sealed class AwaitedItems(AwaitNode command) : ForEachSource
{
    private readonly List<object?> _written = [];
    private int _taken;
    private WaitRequest? _wait;
    private bool _hasBegun;
    private bool _isFinished;

    // What the command failed with after it had written something, which is handled first.
    private ExceptionDispatchInfo? _failure;

    /// <inheritdoc/>
    public override async ValueTask<bool> MoveNextAsync(CoroutineFrame frame)
    {
        while (_taken == _written.Count)
        {
            _failure?.Throw();
            _written.Clear();
            _taken = 0;
            if (!await StepAsync(frame).ConfigureAwait(false))
            {
                return false;
            }
        }

        Current = _written[_taken++];
        return true;
    }

    /// <inheritdoc/>
    public override void CutShort() => _wait?.StopStarted?.Invoke();

    /// <inheritdoc/>
    public override void Dispose() => (_isFinished ? _wait?.Abandon : _wait?.Undo)?.Invoke();

    /// <summary>Begins, waits, or asks what comes next; false where nothing does.</summary>
    private async ValueTask<bool> StepAsync(CoroutineFrame frame)
    {
        if (_hasBegun && _wait is null)
        {
            return false;
        }

        if (_wait is not null && !_isFinished)
        {
            WaitRequest over = await AwaitNode.WaitAsync(frame, _wait, command.Place).ConfigureAwait(false);
            (_wait, _isFinished) = (over, true);
            Write(frame, () => command.Finish(frame, over with { Next = null }));
            return true;
        }

        WaitRequest? finished = _wait;
        (_wait, _isFinished, _hasBegun) = (null, false, true);
        Write(frame, () => _wait = finished is null ? command.Ask(frame) : command.GoOn(frame, finished));
        return true;
    }

    private void Write(CoroutineFrame frame, Action action)
    {
        using OutputScope output = frame.WriteTo(_written, isValue: false);
        bool oneByOne = frame.TakesOneByOne;
        frame.TakesOneByOne = true;
        try
        {
            action();
            HasFailed |= frame.Success is { Value: false };
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException && _written.Count > 0)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            frame.TakesOneByOne = oneByOne;
        }
    }
}
