namespace AsyncJobs.Core.Loop;

/// <summary>A future without a value, which whoever made it sets; from any thread, and more than once does no harm.</summary>
internal sealed class Signal(EventLoop loop) : Future(loop)
{
    public void Set() => TryComplete(AsyncState.Completed, TaskOutput.None);
}
