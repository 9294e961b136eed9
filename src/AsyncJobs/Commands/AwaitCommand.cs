using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes awaitables from the pipeline or as an argument.</summary>
public abstract class AwaitCommand : LoopCommand
{
    private readonly List<Future> _futures = [];

    /// <summary>What to wait for: tasks, futures, .NET tasks, jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Task { get; set; }

    /// <summary>What has been given so far, in order.</summary>
    private protected IReadOnlyList<Future> Futures => _futures;

    /// <summary>Adapts what was given.</summary>
    protected override void ProcessRecord()
    {
        foreach (object? value in Task ?? [null])
        {
            object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
            if (TryAdd(bare))
            {
                continue;
            }

            if (!MyInvocation.ExpectingInput)
            {
                ThrowTerminatingError(ErrorRecords.NotAwaitable(bare));
            }

            WriteError(ErrorRecords.NotAwaitable(bare));
        }
    }

    /// <summary>Takes one value; false if it cannot be awaited.</summary>
    private protected virtual bool TryAdd(object? value)
    {
        if (!Awaitables.TryAdapt(Session, value, new TaskOptions { Origin = Origin }, out Future? future))
        {
            return false;
        }

        Streams.Attach(future);
        OnAdded(future);
        return true;
    }

    /// <summary>Called for each awaitable as it comes in.</summary>
    private protected virtual void OnAdded(Future future) => _futures.Add(future);
}
