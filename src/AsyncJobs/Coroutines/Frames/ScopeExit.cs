namespace AsyncJobs.Coroutines.Frames;

/// <summary>What is put back where a <c>using</c> is left.</summary>
/// <param name="restore">Does it.</param>
internal readonly struct ScopeExit(Action restore) : IDisposable
{
    /// <summary>Puts it back.</summary>
    public void Dispose() => restore?.Invoke();
}
