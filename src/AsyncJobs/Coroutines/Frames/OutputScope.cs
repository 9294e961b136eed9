namespace AsyncJobs.Coroutines.Frames;

/// <summary>Puts back where a coroutine writes to, where a <c>using</c> is left.</summary>
/// <param name="frame">The coroutine.</param>
/// <param name="outer">Where to.</param>
internal readonly struct OutputScope(CoroutineFrame frame, OutputTarget outer) : IDisposable
{
    /// <summary>Puts it back.</summary>
    public void Dispose() => frame.Output = outer;
}
