using System.Globalization;

namespace AsyncJobs.Core.Tests;

/// <summary>
/// Many threads that do random things to one object, again and again. The test run makes a short one of each; with
/// <c>ASYNCJOBS_STRESS_SECONDS</c> each goes on for so long. <c>ASYNCJOBS_STRESS_SEED</c> gives other random numbers;
/// which thread comes when is the machine's choice all the same.
/// </summary>
internal static class StressRun
{
    public const int Threads = 8;
    private const int TurnsOfAShortRun = 20_000;

    private static readonly double Seconds = Variable("ASYNCJOBS_STRESS_SECONDS") ?? 0;

    public static int Seed { get; } = (int)(Variable("ASYNCJOBS_STRESS_SEED") ?? 1);

    /// <summary>Runs to the end. Waits that are left then are cancelled, after a look at whether they wait with reason.</summary>
    /// <param name="turn">One turn of one worker.</param>
    /// <param name="isLost">Whether somebody waits for what is there.</param>
    public static void Run(Action<StressWorker> turn, Func<bool>? isLost = null)
    {
        using var ending = new CancellationTokenSource();
        StressWorker[] workers = [.. Enumerable.Range(0, Threads).Select(number =>
            new StressWorker(number, new Random(unchecked((Seed * 1000) + number)), ending.Token))];
        int turns = 0;
        long deadline = Environment.TickCount64 + (long)(Seconds * 1000);
        bool HasEnough() => Volatile.Read(ref turns) >= TurnsOfAShortRun && Environment.TickCount64 >= deadline;

        OtherThread[] threads = [.. workers.Select(worker => OtherThread.Start(() =>
        {
            try
            {
                while (!HasEnough() && !ending.IsCancellationRequested)
                {
                    Interlocked.Increment(ref turns);
                    turn(worker);
                }
            }
            catch
            {
                // The others would wait for this one.
                ending.Cancel();
                throw;
            }
            finally
            {
                worker.State = StressWorkerState.Done;
            }
        }))];

        WaitUntilNothingMoves(workers, () => HasEnough() || ending.IsCancellationRequested);
        bool wasLost = isLost?.Invoke() ?? false;
        ending.Cancel();
        Array.ForEach(threads, thread => thread.Join());
        Assert.False(wasLost, $"somebody waited for what was there (seed {Seed})");
    }

    private static void WaitUntilNothingMoves(StressWorker[] workers, Func<bool> hasEnough)
    {
        long limit = Environment.TickCount64 + (long)(Limit.Span.TotalMilliseconds + (Seconds * 1000));
        for (int quiet = 0; quiet < 3; quiet = hasEnough() && workers.All(worker => worker.State != StressWorkerState.Running) ? quiet + 1 : 0)
        {
            Assert.True(Environment.TickCount64 < limit, $"the run did not end in time (seed {Seed})");
            Thread.Sleep(5);
        }
    }

    private static double? Variable(string name) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : null;
}
