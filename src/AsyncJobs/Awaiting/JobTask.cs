using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Makes a task of a PowerShell job: its output, its streams, and its end.</summary>
internal static class JobTask
{
    /// <summary>Starts a task that ends when the job does. Stopping the task stops the job.</summary>
    /// <param name="runner">Starts it.</param>
    /// <param name="job">The job; its records stay in it, so Receive-Job still gives them.</param>
    /// <param name="options">Name and origin.</param>
    public static AsyncTask Start(TaskRunner runner, Job job, TaskOptions options)
    {
        var streams = new TaskStreams();
        return runner.Start(
            AsyncTaskKind.IO,
            (_, stop) => WaitAsync(job, streams, stop),
            options.Name is null ? options with { Name = job.Name } : options,
            hostState: streams);
    }

    private static async Task<object?> WaitAsync(Job job, TaskStreams streams, CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnStateChanged(object? sender, JobStateEventArgs change) => EndIfFinal(change.JobStateInfo.State);
        void EndIfFinal(JobState state)
        {
            if (state is JobState.Completed or JobState.Failed or JobState.Stopped)
            {
                ended.TrySetResult();
            }
        }

        job.StateChanged += OnStateChanged;
        try
        {
            // It may have ended before the subscription.
            EndIfFinal(job.JobStateInfo.State);
            await ended.Task.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // StopJob blocks until the job has ended.
            _ = Task.Run(job.StopJob, CancellationToken.None);
            throw;
        }
        finally
        {
            job.StateChanged -= OnStateChanged;
        }

        return OutcomeOf(job, streams);
    }

    private static TaskOutput OutcomeOf(Job job, TaskStreams streams)
    {
        var output = new List<object?>();
        Exception? reason = null;
        object? detail = null;
        foreach (Job part in job.ChildJobs.Count == 0 ? [job] : job.ChildJobs)
        {
            output.AddRange(part.Output);
            AddAll(part.Warning, streams);
            AddAll(part.Verbose, streams);
            AddAll(part.Debug, streams);
            AddAll(part.Information, streams);
            AddAll(part.Error, streams);
            if (part.JobStateInfo.State == JobState.Failed)
            {
                reason ??= part.JobStateInfo.Reason ?? new RemoteException($"The job '{job.Name}' failed.");
                detail ??= (part.JobStateInfo.Reason as IContainsErrorRecord)?.ErrorRecord;
            }
        }

        var written = new TaskOutput(output);
        if (job.JobStateInfo.State == JobState.Stopped)
        {
            throw new TaskFailedException(new OperationCanceledException($"The job '{job.Name}' was stopped."), null, written);
        }

        return reason is null ? written : throw new TaskFailedException((detail as ErrorRecord)?.Exception ?? reason, detail, written);
    }

    private static void AddAll<T>(IEnumerable<T> records, TaskStreams streams)
        where T : notnull
    {
        foreach (T record in records)
        {
            streams.Add(record);
        }
    }
}
