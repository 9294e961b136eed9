namespace AsyncJobs;

/// <summary>Enter-AsyncRateLimiter: waits until it is let through.</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncRateLimiter")]
[Suspends]
[OutputType(typeof(void))]
public sealed class EnterAsyncRateLimiterCommand : TimedWaitCommand
{
    /// <summary>The rate limiter.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncRateLimiter>))]
    public AsyncRateLimiter RateLimiter { get; set; } = null!;

    /// <summary>Takes one permit.</summary>
    protected override void EndProcessing()
    {
        Task<long>? taking = null;
        Await(WaitFor(
            RateLimiter,
            giveUp => taking = RateLimiter.TakeAsync(giveUp),
            PrimitiveRequest.Undo(() => RateLimiter.Return(taking!.Result))));
    }
}
