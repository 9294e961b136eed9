namespace AsyncJobs;

/// <summary>A callback that Register-AsyncCallback has queued; Unregister-AsyncCallback takes it back.</summary>
public sealed class CallbackRegistration : IDisposable, IStep
{
    private readonly Action _remove;
    private readonly IScriptExtent _start;
    private int _isOver;

    internal CallbackRegistration(Action remove, ScriptBlock action)
    {
        _remove = remove;
        _start = action.Ast.Extent;
    }

    /// <summary>Whether it is still to run.</summary>
    public bool IsPending => Volatile.Read(ref _isOver) == 0;

    /// <summary>File and line of the block.</summary>
    public string Origin => _start.File is null ? $"line {_start.StartLineNumber}" : $"{_start.File}:{_start.StartLineNumber}";

    string IStep.Subject => "The callback";

    string? IStep.Position => Origin;

    /// <summary>Takes the callback back; does nothing once it has run.</summary>
    public void Dispose()
    {
        if (TryBegin())
        {
            _remove();
        }
    }

    /// <summary>Called once, when the callback runs or is taken back.</summary>
    internal Action? Over { get; init; }

    /// <summary>Claims the one run; false if it was taken back or has run.</summary>
    internal bool TryBegin()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        Over?.Invoke();
        return true;
    }
}
