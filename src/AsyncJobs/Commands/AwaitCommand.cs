using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that takes awaitables from the pipeline or as an argument.</summary>
public abstract class AwaitCommand : LoopCommand
{
    private readonly List<Future> _futures = [];
    private string? _origin;

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
            if (Awaitables.TryAdapt(Session, value, _origin ??= Origin, out Future? future))
            {
                Streams.Attach(future);
                _futures.Add(future);
                OnAdded(future);
            }
            else if (MyInvocation.ExpectingInput)
            {
                WriteError(ErrorRecords.NotAwaitable(value));
            }
            else
            {
                ThrowTerminatingError(ErrorRecords.NotAwaitable(value));
            }
        }
    }

    /// <summary>Called for each awaitable as it comes in.</summary>
    private protected virtual void OnAdded(Future future)
    {
    }
}
