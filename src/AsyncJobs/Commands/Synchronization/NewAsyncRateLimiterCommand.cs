namespace AsyncJobs;

/// <summary>New-AsyncRateLimiter: a limit on how often something is done.</summary>
[Cmdlet(VerbsCommon.New, "AsyncRateLimiter")]
[OutputType(typeof(AsyncRateLimiter))]
public sealed class NewAsyncRateLimiterCommand : LoopCommand
{
    /// <summary>How often in any window.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(1, int.MaxValue)]
    public int PermitLimit { get; set; }

    /// <summary>How long a window is.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Seconds]
    public TimeSpan Window { get; set; }

    /// <summary>A name for people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes the rate limiter.</summary>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(new AsyncRateLimiter(PermitLimit, Window, Name, Session.Loop.TimeProvider));
        }
        catch (ArgumentOutOfRangeException)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-Window is {Window}; it must be a millisecond or more.",
                ErrorIds.InvalidArgument,
                Window));
        }
    }
}
