namespace AsyncJobs;

/// <summary>A callback that Register-AsyncCallback has queued; Unregister-AsyncCallback takes it back.</summary>
public sealed class CallbackRegistration : IDisposable
{
    private readonly Action _remove;
    private int _isOver;

    internal CallbackRegistration(Action remove) => _remove = remove;

    /// <summary>Whether it is still to run.</summary>
    public bool IsPending => Volatile.Read(ref _isOver) == 0;

    /// <summary>Takes the callback back; does nothing once it has run.</summary>
    public void Dispose()
    {
        if (TryBegin())
        {
            _remove();
        }
    }

    /// <summary>Claims the one run; false if it was taken back or has run.</summary>
    internal bool TryBegin() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
