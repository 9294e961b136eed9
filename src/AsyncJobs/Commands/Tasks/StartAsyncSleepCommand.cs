using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Start-AsyncSleep: a task that ends after a time (asyncio's <c>sleep</c>).</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncSleep", DefaultParameterSetName = "Seconds")]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncSleepCommand : TimeLimitedStartCommand
{
    /// <summary>How long, in seconds.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Seconds")]
    [ValidateRange(0.0, 2147483.0)]
    public double Seconds { get; set; }

    /// <summary>How long, in milliseconds.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds")]
    [Alias("ms")]
    [ValidateRange(0, int.MaxValue)]
    public int Milliseconds { get; set; }

    /// <summary>How long.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Duration")]
    [Alias("ts")]
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
            ThrowTerminatingError(ErrorRecords.InvalidArgument($"-Duration is {Duration}; a sleep cannot be negative.", ErrorIds.InvalidArgument, Duration));
        }

        ThrowIfGroupIsClosed();
        WriteObject(Start(Session, delay, MyInvocation.BoundParameters.ContainsKey(nameof(Result)) ? Result : TaskOutput.None, Options));
    }

    /// <summary>Starts a sleep.</summary>
    internal static AsyncTask Start(AsyncSession session, TimeSpan delay, object? result, TaskOptions options)
    {
        EventLoop loop = session.Loop;
        return SleepTask.Suits(delay, options) ? new SleepTask(loop, delay, result, options, session.Tasks) : session.Runner.Start(
            AsyncTaskKind.IO,
            async (_, stop) =>
            {
                // As in asyncio, one of no time lasts until the loop's next turn, so that others have theirs.
                Task sleep = delay == TimeSpan.Zero ? loop.NextTurnAsync(stop) : Task.Delay(delay, loop.TimeProvider, stop);
                await sleep.ConfigureAwait(false);
                return result;
            },
            options);
    }
}
