using System.Runtime.CompilerServices;

namespace AsyncJobs.Hosting;

/// <summary>
/// The coroutines of a session that are being stopped with their pipeline, by Ctrl+C, or with the session, and what is left
/// for them to do: their <c>finally</c> blocks. On the session's own thread.
/// </summary>
/// <param name="session">The session.</param>
internal sealed class StoppedCoroutines(RunspaceLoop session)
{
    /// <summary>How long all stopped coroutines may take for what they do at their end.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // And how long they may wait until the next of them has ended. What their steps take, each in turn, does not count.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // PowerShell runs no script in a pipeline that is being stopped but inside a finally of its own. One whose step was stopped,
    // and that has a finally to run, waits until the session is in one.
    private readonly List<Action> _waiting = [];
    private readonly HashSet<AsyncTask> _unwinding = [];

    /// <summary>Whether the loop turns for the stopped coroutines, whose steps are not to be stopped once more.</summary>
    public bool AreRunning { get; private set; }

    /// <summary>Whether a coroutine waits whose step was stopped.</summary>
    public bool HasSteps => _waiting.Count > 0;

    /// <summary>Suspends a coroutine whose step was stopped until script may run again, and ends the turn of the loop that the step was run in.</summary>
    public StepAwaiter LeaveStepAsync(AsyncTask task)
    {
        session.Loop.Post(ThrowIfAnyWaits);
        return new StepAwaiter(this, task);
    }

    /// <summary>Turns the loop until the stopped coroutines have ended, or their time is up.</summary>
    public void RunOut()
    {
        bool outer = AreRunning;
        AreRunning = true;
        Resume();
        List<AsyncTask> ending = Find();
        EventLoop loop = session.Loop;
        TimeSpan asleep = loop.TimeAsleep;
        int left = session.Tasks.CoroutineCount;
        bool HaveEnded()
        {
            if (session.Tasks.CoroutineCount < left)
            {
                asleep = loop.TimeAsleep;
            }

            left = session.Tasks.CoroutineCount;

            // What ends may stop others.
            while (ending.Count > 0 && ending[^1].IsCompleted)
            {
                ending.RemoveAt(ending.Count - 1);
                ending = ending.Count > 0 ? ending : Find();
            }

            return ending.Count == 0 || loop.TimeAsleep - asleep >= Grace;
        }

        try
        {
            if (ending.Count > 0)
            {
                using var limit = new CancellationTokenSource(Limit);
                using var look = new Timer(_ => loop.Wake(), null, LookInterval, LookInterval);
                loop.RunUntil(HaveEnded, limit.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or AsyncDeadlockException)
        {
            // What does not end by then is left.
        }
        finally
        {
            AreRunning = outer;
        }
    }

    private List<AsyncTask> Find()
    {
        HashSet<AsyncTask> standing = session.StandingTasks;
        return
        [
            .. session.Tasks.GetPending().Where(task => task.Kind == AsyncTaskKind.Coroutine && !standing.Contains(task)
                && (task.IsCancellationRequested || _unwinding.Contains(task)))
        ];
    }

    private void Resume()
    {
        _waiting.ForEach(session.Loop.Post);
        _waiting.Clear();
        _unwinding.RemoveWhere(static task => task.IsCompleted);
    }

    private void ThrowIfAnyWaits()
    {
        if (HasSteps)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Goes on when the loop is turned for the stopped.</summary>
    public readonly struct StepAwaiter(StoppedCoroutines stopped, AsyncTask task) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public StepAwaiter GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            stopped._waiting.Add(continuation);
            stopped._unwinding.Add(task);
        }

        public void GetResult()
        {
        }
    }
}
