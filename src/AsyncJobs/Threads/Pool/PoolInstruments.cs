using System.Diagnostics.Metrics;

namespace AsyncJobs.Threads.Pool;

/// <summary>What is measured of the pools of thread tasks.</summary>
internal static class PoolInstruments
{
    private static readonly Known<ThreadTaskPool> Pools = new();

    static PoolInstruments() => Telemetry.Meter.CreateObservableUpDownCounter(
        "asyncjobs.pool.size", Measure, "{thread}", "How many threads with a runspace there are for thread tasks.");

    public static void Add(ThreadTaskPool pool) => Pools.Add(pool);

    private static IEnumerable<Measurement<int>> Measure()
    {
        (int all, int idle, int abandoned) = (0, 0, 0);
        foreach (ThreadTaskPool pool in Pools.All)
        {
            all += pool.WorkerCount;
            idle += pool.IdleCount;
            abandoned += pool.AbandonedCount;
        }

        return [Of(Math.Max(0, all - idle), "busy"), Of(idle, "idle"), Of(abandoned, "abandoned")];
    }

    private static Measurement<int> Of(int count, string state) => new(count, new KeyValuePair<string, object?>("asyncjobs.pool.state", state));
}
