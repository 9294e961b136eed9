namespace AsyncJobs.Core.Tests;

/// <summary>One thread of a <see cref="StressRun"/>.</summary>
internal sealed class StressWorker(int number, Random random, CancellationToken ending)
{
    private volatile StressWorkerState _state;

    public int Number { get; } = number;

    public Random Random { get; } = random;

    /// <summary>Whether it runs, waits for something of the object under stress, or has ended.</summary>
    public StressWorkerState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Whether something happens that happens once in so many times.</summary>
    public bool Chance(int oneIn) => Random.Next(oneIn) == 0;

    /// <summary>Takes a moment, so that the others come in between.</summary>
    public void Linger()
    {
        if (Chance(16))
        {
            Thread.Yield();
        }

        Thread.SpinWait(Random.Next(60));
    }

    /// <summary>
    /// Waits with a cancellation that comes never, before, or at some moment meanwhile from another thread.
    /// </summary>
    /// <returns>Whether what was waited for came; false if the cancellation did.</returns>
    public bool EndsWell(Func<CancellationToken, Task> wait)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
        if (Chance(20))
        {
            stop.Cancel();
        }

        Task waiting = wait(stop.Token);
        Task cancelling = Task.CompletedTask;
        if (Chance(3))
        {
            int delay = Random.Next(200);
            cancelling = Task.Run(() =>
            {
                Thread.SpinWait(delay);
                stop.Cancel();
            });
        }

        Join(cancelling);
        State = StressWorkerState.Waiting;
        Join(waiting);
        State = StressWorkerState.Running;
        return !waiting.IsCanceled;
    }

    public bool EndsWell<T>(Func<CancellationToken, Task<T>> wait, out T? result)
    {
        Task<T>? waiting = null;
        bool hasEndedWell = EndsWell(stop => waiting = wait(stop));
        result = hasEndedWell ? waiting!.Result : default;
        return hasEndedWell;
    }

    // Longer than any run: whoever waits in vain is told of by the run.
    private static readonly TimeSpan LongWait = TimeSpan.FromHours(1);

    private static void Join(Task task)
    {
        Assert.True(Task.WaitAny([task], LongWait) == 0, $"a wait did not end in time (seed {StressRun.Seed})");
        if (task.Exception is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException!);
        }
    }
}
