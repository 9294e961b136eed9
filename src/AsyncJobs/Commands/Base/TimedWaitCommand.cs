namespace AsyncJobs;

/// <summary>A cmdlet that waits for what a lock, semaphore, event, condition, barrier, queue or rate limiter hands over.</summary>
public abstract class TimedWaitCommand : WaitCommand
{
    /// <summary>Seconds to wait, 0 for not at all; past it TimeoutException is thrown, and what was waited for is as if nobody had.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>The limit of a wait that begins now; null for none.</summary>
    private protected WaitLimit? NewLimit() => MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec))
        ? new WaitLimit(Session.Loop, TimeSpan.FromSeconds(TimeoutSec))
        : null;

    /// <summary>Who holds what this command takes, for those who look in.</summary>
    private protected object Holder => Session.CurrentTask ?? (object)new WaitPlace(MyInvocation);

    /// <inheritdoc cref="PrimitiveRequest.For"/>
    private protected WaitRequest WaitFor(
        object primitive, Func<CancellationToken, Task> start, Action<Task>? settle = null, Func<object?>? output = null) =>
        PrimitiveRequest.For(Session.Loop, primitive, start, settle, NewLimit(), output);
}
