using System.Diagnostics.Metrics;

namespace AsyncJobs.Core.Synchronization;

/// <summary>What is measured of queues: how many items are in those of each name.</summary>
internal static class QueueInstruments
{
    private static readonly Known<AsyncQueue> Queues = new();

    static QueueInstruments() => Telemetry.Meter.CreateObservableGauge(
        "asyncjobs.queue.length", Measure, "{item}", "How many items are in the queues of a name.");

    public static void Add(AsyncQueue queue) => Queues.Add(queue);

    private static IEnumerable<Measurement<int>> Measure() =>
        from queue in Queues.All
        group queue by queue.Name ?? "" into named
        select new Measurement<int>(named.Sum(static queue => queue.Count), new KeyValuePair<string, object?>("asyncjobs.queue.name", named.Key));
}
