namespace AsyncJobs;

/// <summary>A time limit on a wait: past it, once, something is done on the loop.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly IDisposable _timer;

    public Deadline(EventLoop loop, TimeSpan limit, Action onPassed)
    {
        Limit = limit;
        _timer = loop.CallLater(limit, () =>
        {
            HasPassed = true;
            onPassed();
        });
    }

    public TimeSpan Limit { get; }

    /// <summary>Whether it was reached before it was disposed; changes on the loop's thread only.</summary>
    public bool HasPassed { get; private set; }

    public void Dispose() => _timer.Dispose();
}
