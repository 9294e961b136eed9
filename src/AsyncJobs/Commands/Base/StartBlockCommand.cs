using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A cmdlet that starts tasks from a script block.</summary>
public abstract class StartBlockCommand : TimeLimitedStartCommand
{
    private ScriptSource? _source;

    /// <summary>How often a failed task is tried again.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRetryCount { get; set; }

    /// <summary>Seconds before the second attempt.</summary>
    [Parameter]
    [ValidateRange(0.0, 2147483.0)]
    public double RetryIntervalSec { get; set; } = 1;

    /// <summary>How the wait between attempts grows; each is up to a quarter shorter or longer, at random.</summary>
    [Parameter]
    public BackoffKind Backoff { get; set; }

    /// <summary>Starts one task, on a pooled runspace.</summary>
    /// <param name="arguments">Its arguments; the same for every call of one command.</param>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, its <c>$_</c>.</param>
    /// <param name="job">The job that shows the task; null for none.</param>
    private protected AsyncTask StartBlock(object?[]? arguments, bool hasInput, object? input, AsyncTaskJob? job = null)
    {
        ThrowIfGroupIsClosed();
        if (_source is null)
        {
            Session.Threads.Prepare();
            _source = MakeSource(arguments);
        }

        return Session.StartThreadTask(_source.Capture(hasInput, input), OptionsFor(job), input, StreamingTo, job);
    }

    /// <summary>What is said of a task that a job shows: its name is that of the job.</summary>
    private protected TaskOptions OptionsFor(AsyncTaskJob? job) => job is null ? Options : Options with { Name = job.Name };

    /// <summary>Where what the tasks write with Write-Host goes at once; null to keep it for who waits.</summary>
    private protected virtual StreamingHost? StreamingTo => null;

    /// <summary>What the tasks run.</summary>
    private protected abstract ScriptSource MakeSource(object?[]? arguments);

    /// <inheritdoc/>
    private protected override TaskOptions MakeOptions() => base.MakeOptions() with
    {
        Place = Session.Threads.Places,
        Retry = MaximumRetryCount == 0
            ? RetryPolicy.None
            : new RetryPolicy(MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), Backoff),
    };
}
