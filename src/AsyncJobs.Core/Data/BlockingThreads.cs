namespace AsyncJobs.Core.Data;

/// <summary>
/// Threads for calls that block, so that those of the thread pool are left to what does not. One that has nothing to do stays a
/// while, since starting a thread takes longer than most queries of a file.
/// </summary>
internal static class BlockingThreads
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);
    private static readonly object Gate = new();
    private static readonly Queue<Action> Waiting = new();

    // Invariant: there are at least as many idle threads, or such as have just started, as calls that wait.
    private static int s_idleCount;

    /// <summary>Begins some work on one of the threads, at once; how many run is the caller's to limit.</summary>
    /// <param name="work">An asynchronous method; what it awaits goes on elsewhere.</param>
    public static Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var begun = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Gate)
        {
            Waiting.Enqueue(() => begun.SetResult(work()));
            if (s_idleCount >= Waiting.Count)
            {
                Monitor.Pulse(Gate);
            }
            else
            {
                s_idleCount++;
                new Thread(Work) { IsBackground = true, Name = "AsyncJobs database calls" }.UnsafeStart();
            }
        }

        return begun.Task.Unwrap();
    }

    private static void Work()
    {
        while (Take() is { } call)
        {
            call();
            lock (Gate)
            {
                s_idleCount++;
            }
        }
    }

    private static Action? Take()
    {
        lock (Gate)
        {
            while (Waiting.Count == 0)
            {
                if (!Monitor.Wait(Gate, IdleTime) && Waiting.Count == 0)
                {
                    s_idleCount--;
                    return null;
                }
            }

            s_idleCount--;
            return Waiting.Dequeue();
        }
    }
}
