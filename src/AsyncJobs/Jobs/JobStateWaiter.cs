namespace AsyncJobs.Jobs;

/// <summary>Listens to a job until it has ended, or cannot go on unless somebody does something about it.</summary>
internal sealed class JobStateWaiter : IDisposable
{
    private readonly TaskCompletionSource<JobState> _state = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Job _job;

    public JobStateWaiter(Job job)
    {
        _job = job;
        job.StateChanged += OnStateChanged;

        // It may have ended before the subscription.
        Look(job.JobStateInfo.State);
    }

    /// <summary>The state it is in then.</summary>
    public Task<JobState> State => _state.Task;

    public void Dispose() => _job.StateChanged -= OnStateChanged;

    private void OnStateChanged(object? sender, JobStateEventArgs change) => Look(change.JobStateInfo.State);

    private void Look(JobState state)
    {
        if (state is JobState.Completed or JobState.Failed or JobState.Stopped
            or JobState.Blocked or JobState.Suspended or JobState.Disconnected)
        {
            _state.TrySetResult(state);
        }
    }
}
