namespace AsyncJobs.Coroutines.ForEachObject;

/// <summary>What comes to a pipeline's first ForEach-Object, one object when the last has been handled.</summary>
internal abstract class ForEachSource : IDisposable
{
    /// <summary>The one that was taken last.</summary>
    public object? Current { get; protected set; }

    /// <summary>Whether a command that writes them has written an error: then <c>$?</c> is false in the end.</summary>
    public bool HasFailed { get; protected set; }

    /// <summary>Takes the next.</summary>
    public abstract ValueTask<bool> MoveNextAsync(CoroutineFrame frame);

    /// <summary>Stops what works on the next objects: a later command has had enough.</summary>
    public virtual void CutShort()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
