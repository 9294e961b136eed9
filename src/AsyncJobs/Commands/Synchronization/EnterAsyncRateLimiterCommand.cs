using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Enter-AsyncRateLimiter: waits until it is let through.</summary>
[Cmdlet(VerbsCommon.Enter, "AsyncRateLimiter")]
[Suspends]
[OutputType(typeof(void))]
public sealed class EnterAsyncRateLimiterCommand : PrimitiveCommand
{
    /// <summary>The rate limiter.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public AsyncRateLimiter RateLimiter { get; set; } = null!;

    /// <summary>Seconds to wait; past it TimeoutException is thrown and no permit is taken.</summary>
    [Parameter]
    [ValidateRange(0.001, 2147483.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Takes one permit.</summary>
    protected override void EndProcessing()
    {
        Task<long>? taking = null;
        Await(WaitFor(
            RateLimiter,
            giveUp => taking = RateLimiter.TakeAsync(giveUp),
            PrimitiveRequest.Undo(() => RateLimiter.Return(taking!.Result)),
            LimitOf(TimeoutSec)));
    }
}
