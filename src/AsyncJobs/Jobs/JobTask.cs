namespace AsyncJobs.Jobs;

/// <summary>Makes a task of a PowerShell job: its output, its streams as they come, and its end.</summary>
internal static class JobTask
{
    /// <summary>How long a job that is being stopped may take before nobody waits for it any more.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    /// <summary>Starts a task that ends when the job does. Stopping the task stops the job.</summary>
    /// <param name="runner">Starts the task.</param>
    /// <param name="job">The job; its records stay in it, so Receive-Job still gives them.</param>
    /// <param name="options">Name and origin.</param>
    public static AsyncTask Start(TaskRunner runner, Job job, TaskOptions options)
    {
        var streams = new TaskStreams();
        return runner.Start(
            AsyncTaskKind.IO,
            (_, stop) => WaitAsync(job, streams, stop),
            options with { Name = options.Name ?? job.Name, Command = job.Command },
            streams: streams);
    }

    private static async Task<object?> WaitAsync(Job job, TaskStreams streams, CancellationToken stop)
    {
        using var records = new JobRecords(job, streams);
        using var pause = new JobStateWaiter(job);
        JobState state;
        try
        {
            state = await pause.State.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The wait was stopped; the job may have ended by now, and then counts as it ended.
            _ = Task.Run(() => Stop(job), CancellationToken.None);
            await Task.WhenAny(pause.State, Task.Delay(StopGrace, CancellationToken.None)).ConfigureAwait(false);
            state = pause.State.IsCompleted ? await pause.State.ConfigureAwait(false) : JobState.Stopping;
        }

        TaskOutput output = records.TakeOutput();
        streams.Complete();
        return state switch
        {
            JobState.Completed => output,
            // A thread job that is stopped while it starts ends failed, and without a reason.
            JobState.Failed when !stop.IsCancellationRequested || HasReason(job) => throw FailureOf(job, output),
            JobState.Failed or JobState.Stopping or JobState.Stopped =>
                throw new TaskFailedException(new OperationCanceledException($"The job '{job.Name}' was stopped."), detail: null, output),
            _ => throw new TaskFailedException(JobPausedException.For(job, state), detail: null, output),
        };
    }

    /// <summary>Stops a job; blocks until it has ended.</summary>
    private static void Stop(Job job)
    {
        try
        {
            job.StopJob();
        }
        catch (Exception)
        {
            // It is ending or being removed in this instant, and each kind of job throws something else then.
        }
    }

    private static TaskFailedException FailureOf(Job job, TaskOutput output)
    {
        (Exception exception, ErrorRecord? record) = JobFailure.Of(FailedPartOf(job));
        return new TaskFailedException(exception, record, output);
    }

    private static bool HasReason(Job job) => FailedPartOf(job).JobStateInfo.Reason is not null;

    /// <summary>The first of its parts that failed, or itself.</summary>
    private static Job FailedPartOf(Job job) =>
        JobRecords.PartsOf(job).FirstOrDefault(part => part.ChildJobs.Count == 0 && part.JobStateInfo.State == JobState.Failed) ?? job;
}
