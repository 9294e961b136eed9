namespace AsyncJobs.Core.Tasks;

/// <summary>
/// A stretch of plain script that runs groups, and can be cancelled by them where it waits. A coroutine needs none: its
/// task is its parent.
/// </summary>
internal sealed class ScriptParent(EventLoop loop) : IParentTask
{
    private readonly object _gate = new();

    // All under _gate. Invariant: what is untold is counted.
    private int _count;
    private bool _isUntold;
    private string? _reason;

    public int CancellationCount => Volatile.Read(ref _count);

    public void Cancel(string? reason)
    {
        lock (_gate)
        {
            _count++;
            _isUntold = true;
            _reason ??= reason;
        }

        loop.Wake();
    }

    public int Uncancel()
    {
        lock (_gate)
        {
            if (_count > 0 && --_count == 0)
            {
                _isUntold = false;
                _reason = null;
            }

            return _count;
        }
    }

    /// <summary>Gives back a cancellation that was taken and reached nothing: the next wait is told again.</summary>
    public void ReturnCancellation()
    {
        lock (_gate)
        {
            _isUntold = _count > 0;
        }
    }

    /// <summary>Tells the script's wait of a cancellation, once for all that came since the last time.</summary>
    public bool TryTakeCancellation(out string? reason)
    {
        lock (_gate)
        {
            reason = _reason;
            bool isUntold = _isUntold;
            _isUntold = false;
            return isUntold;
        }
    }
}
