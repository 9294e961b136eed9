using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>
/// A job of <c>Start-AsyncTask -AsJob</c>, which Get-Job, Wait-Job, Receive-Job, Stop-Job and Remove-Job treat as any
/// other. It begins by itself and cannot be suspended.
/// </summary>
/// <remarks>
/// The job's state follows from its tasks on whatever thread they end. So it needs no turn of the loop, which Wait-Job would
/// never give it.
/// </remarks>
public abstract class AsyncJob : Job2
{
    // A task that is stopped ends within its grace; this only bounds a wait that must never hang.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hasBegun;

    // The thread that raises the event of the end, while it does.
    private int _endingThread;

    private protected AsyncJob(string command, string? name)
        : base(command, name!)
    {
        PSJobTypeName = nameof(AsyncJob);

        // A script that looks at the records of a running job gets those that are there.
        Output.EnumeratorNeverBlocks = true;
        Error.EnumeratorNeverBlocks = true;
        Warning.EnumeratorNeverBlocks = true;
        Verbose.EnumeratorNeverBlocks = true;
        Debug.EnumeratorNeverBlocks = true;
        Information.EnumeratorNeverBlocks = true;
        Progress.EnumeratorNeverBlocks = true;
    }

    /// <summary>Always empty: <see cref="Job.JobStateInfo"/> says it all.</summary>
    public override string StatusMessage => "";

    /// <summary>Whether Receive-Job has something to write.</summary>
    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Debug.Count > 0
        || Information.Count > 0 || Progress.Count > 0 || ChildJobs.Any(child => child.HasMoreData);

    /// <summary>Completes when every handler of <see cref="Job.StateChanged"/> has been told of the job's end.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Whether the caller is a handler of <see cref="Job.StateChanged"/> that is being told of the job's end.</summary>
    internal bool IsCalledFromEndHandler => _endingThread == Environment.CurrentManagedThreadId;

    /// <summary>Stops its tasks and waits until they have ended.</summary>
    public override void StopJob() => StopJob(force: false, "its job was stopped");

    /// <summary>As <see cref="StopJob()"/>; there is nothing to force.</summary>
    /// <param name="force">Without effect.</param>
    /// <param name="reason">Goes into the message of the tasks' exceptions.</param>
    public override void StopJob(bool force, string reason)
    {
        // Who hears of the end may remove the job then and there, on the thread that is still telling of it.
        if (!IsEnded)
        {
            RequestStop(reason);
            _ended.Task.Wait(StopLimit);
        }
    }

    /// <summary>Stops its tasks and raises <see cref="Job2.StopJobCompleted"/> when they have ended.</summary>
    public override void StopJobAsync() => StopJobAsync(force: false, "its job was stopped");

    /// <inheritdoc cref="StopJobAsync()"/>
    /// <param name="force">Without effect.</param>
    /// <param name="reason">Goes into the message of the tasks' exceptions.</param>
    public override void StopJobAsync(bool force, string reason)
    {
        RequestStop(reason);
        _ = _ended.Task.ContinueWith(
            _ => OnStopJobCompleted(new AsyncCompletedEventArgs(error: null, cancelled: false, userState: null)),
            TaskScheduler.Default);
    }

    /// <summary>Not supported: the job has begun.</summary>
    public override void StartJob() => throw NotSupported("it begins by itself");

    /// <inheritdoc cref="StartJob"/>
    public override void StartJobAsync() => StartJob();

    /// <summary>Not supported.</summary>
    public override void SuspendJob() => throw NotSupported("it cannot be suspended");

    /// <inheritdoc cref="SuspendJob()"/>
    /// <param name="force">Without effect.</param>
    /// <param name="reason">Without effect.</param>
    public override void SuspendJob(bool force, string reason) => SuspendJob();

    /// <inheritdoc cref="SuspendJob()"/>
    public override void SuspendJobAsync() => SuspendJob();

    /// <inheritdoc cref="SuspendJob(bool, string)"/>
    public override void SuspendJobAsync(bool force, string reason) => SuspendJob();

    /// <summary>Not supported.</summary>
    public override void ResumeJob() => SuspendJob();

    /// <inheritdoc cref="ResumeJob"/>
    public override void ResumeJobAsync() => SuspendJob();

    /// <summary>Not supported: it never waits for an answer.</summary>
    public override void UnblockJob() => throw NotSupported("it never waits for input");

    /// <inheritdoc cref="UnblockJob"/>
    public override void UnblockJobAsync() => UnblockJob();

    private bool IsEnded => JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped;

    /// <summary>Asks its tasks to stop and returns at once.</summary>
    private protected abstract void RequestStop(string reason);

    /// <summary>Moves to Running, once.</summary>
    private protected void SetBegun()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
        {
            Move(JobState.Running, reason: null);
        }
    }

    /// <summary>Moves to its final state.</summary>
    private protected void SetEnded(JobState state, Exception? reason)
    {
        _endingThread = Environment.CurrentManagedThreadId;
        Move(state, reason);
        _endingThread = 0;
        _ended.TrySetResult();
    }

    // Protected API of Job2 that the reference assembly leaves out.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetJobState")]
    private static extern void SetStateAndReason(Job2 job, JobState state, Exception? reason);

    private void Move(JobState state, Exception? reason)
    {
        try
        {
            SetStateAndReason(this, state, reason);
        }
        catch (ObjectDisposedException)
        {
            // Removed while it ran: nobody looks at it any more.
        }
    }

    private NotSupportedException NotSupported(string why) => new($"The job '{Name}' runs a task of Start-AsyncTask: {why}.");
}
