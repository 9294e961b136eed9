using System.Globalization;

namespace AsyncJobs;

/// <summary>Start-AsyncTrace: records what every task does, and what it waits for, until Stop-AsyncTrace.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncTrace")]
[OutputType(typeof(void))]
public sealed class StartAsyncTraceCommand : LoopCommand
{
    /// <summary>How many events there is room for; what comes after is counted, and missing.</summary>
    [Parameter]
    [ValidateRange(1, 50_000_000)]
    public int MaximumEvents { get; set; } = 1_000_000;

    /// <summary>Begins the trace.</summary>
    protected override void EndProcessing()
    {
        if (!SessionTrace.Of(Session).TryStart(MaximumEvents))
        {
            string since = TraceRecorder.Current?.StartedAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "just now";
            ThrowTerminatingError(new ErrorRecord(
                new InvalidOperationException(
                    $"A trace is under way since {since}; there is one at a time in a process. End it with Stop-AsyncTrace."),
                ErrorIds.TraceRunning,
                ErrorCategory.ResourceExists,
                targetObject: null));
        }
    }
}
