namespace AsyncJobs;

/// <summary>Start-AsyncSleep: a task that ends after a time (asyncio's <c>sleep</c>).</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncSleep", DefaultParameterSetName = "Seconds")]
[Intrinsic(IntrinsicKind.Sleep)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncSleepCommand : TimeLimitedStartCommand
{
    /// <summary>How long, in seconds.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Seconds")]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double Seconds { get; set; }

    /// <summary>How long, in milliseconds.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds")]
    [Alias("ms")]
    [ValidateRange(0, int.MaxValue)]
    public int Milliseconds { get; set; }

    /// <summary>How long.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Duration")]
    [Alias("ts")]
    [Seconds]
    public TimeSpan Duration { get; set; }

    /// <summary>What awaiting the task writes; nothing unless given.</summary>
    [Parameter]
    [AllowNull]
    public object? Result { get; set; }

    /// <summary>Starts one sleep.</summary>
    protected override void ProcessRecord()
    {
        TimeSpan delay = ParameterSetName switch
        {
            "Milliseconds" => TimeSpan.FromMilliseconds(Milliseconds),
            "Duration" => Duration,
            _ => TimeSpan.FromSeconds(Seconds),
        };
        if (delay < TimeSpan.Zero)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-Duration is {Duration}; a sleep cannot be negative.", ErrorIds.InvalidArgument, Duration));
        }

        ThrowIfGroupIsClosed();
        WriteStarted(Sleep.Start(
            Session, delay, MyInvocation.BoundParameters.ContainsKey(nameof(Result)) ? Result : TaskOutput.None, Options));
    }

    private protected override TaskOptions MakeOptions() => base.MakeOptions() with
    {
        Command = $"Start-AsyncSleep {MyInvocation.BoundParameters.GetValueOrDefault(ParameterSetName)}{(ParameterSetName == "Milliseconds" ? " ms" : "")}",
    };
}
