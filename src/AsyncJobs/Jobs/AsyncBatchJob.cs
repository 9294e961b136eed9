namespace AsyncJobs;

/// <summary>
/// The job of a command that starts several tasks: a child for each. It ends when the last of them has ended, Failed if
/// one failed, else Stopped if one was stopped.
/// </summary>
public sealed class AsyncBatchJob : AsyncJob
{
    // The command itself counts as one until it has started them all.
    private int _openCount = 1;

    internal AsyncBatchJob(string command, string? name)
        : base(command, name)
    {
    }

    /// <summary>The places of its children.</summary>
    public override string Location => string.Join(',', ChildJobs.Select(child => child.Location).Distinct());

    /// <summary>Takes a child in, before its task begins.</summary>
    internal void Add(AsyncTaskJob child)
    {
        Interlocked.Increment(ref _openCount);
        ChildJobs.Add(child);
    }

    internal void CompleteAdding() => ChildEnded();

    /// <summary>The command was stopped before it had started them all: nobody will see this job.</summary>
    internal void Abandon() => RequestStop("the command that makes their job was stopped");

    internal void ChildBegan() => SetBegun();

    internal void ChildEnded()
    {
        if (Interlocked.Decrement(ref _openCount) == 0)
        {
            SetEnded(FinalState(), reason: null);
        }
    }

    private protected override void RequestStop(string reason)
    {
        foreach (Job child in ChildJobs)
        {
            ((AsyncTaskJob)child).Cancel(reason);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Job child in ChildJobs)
            {
                child.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private JobState FinalState() =>
        ChildJobs.Any(child => child.JobStateInfo.State == JobState.Failed) ? JobState.Failed
        : ChildJobs.Any(child => child.JobStateInfo.State == JobState.Stopped) ? JobState.Stopped
        : JobState.Completed;
}
