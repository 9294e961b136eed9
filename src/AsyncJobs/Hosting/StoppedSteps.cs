using System.Runtime.CompilerServices;

namespace AsyncJobs.Hosting;

/// <summary>
/// Coroutines whose step was stopped with the pipeline, by Ctrl+C, and that have a <c>finally</c> to run. PowerShell runs no
/// script in that pipeline but inside a <c>finally</c> of its own, so they wait until their session is in one.
/// </summary>
internal sealed class StoppedSteps
{
    private readonly List<(AsyncTask Task, Action Continuation)> _waiting = [];
    private readonly HashSet<AsyncTask> _unwinding = [];

    /// <summary>Whether any of them waits.</summary>
    public bool HasAny => _waiting.Count > 0;

    /// <summary>Ends the turn of the loop in which a step was stopped.</summary>
    /// <exception cref="PipelineStoppedException">One of them waits.</exception>
    public void ThrowIfAny()
    {
        if (HasAny)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Whether the task is on its way out.</summary>
    public bool Contains(AsyncTask task) => _unwinding.Contains(task);

    /// <summary>Suspends a coroutine until script may run again.</summary>
    public Awaiter WaitAsync(AsyncTask task) => new(this, task);

    /// <summary>Lets all of them go on, on the loop.</summary>
    public void Resume(EventLoop loop)
    {
        foreach ((AsyncTask _, Action continuation) in _waiting)
        {
            loop.Post(continuation);
        }

        _waiting.Clear();
        _unwinding.RemoveWhere(static task => task.IsCompleted);
    }

    /// <summary>Goes on when the session resumes the stopped steps.</summary>
    public readonly struct Awaiter(StoppedSteps steps, AsyncTask task) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Awaiter GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            steps._waiting.Add((task, continuation));
            steps._unwinding.Add(task);
        }

        public void GetResult()
        {
        }
    }
}
