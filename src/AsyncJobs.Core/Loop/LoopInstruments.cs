using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AsyncJobs.Core.Loop;

/// <summary>What is measured of loops.</summary>
internal static class LoopInstruments
{
    /// <summary>How long callbacks were ready before they ran.</summary>
    public static readonly Histogram<double> Lag = Telemetry.Meter.CreateHistogram<double>(
        "asyncjobs.loop.lag", "s", "How long a callback was ready before its loop came to it.");

    private static readonly Known<EventLoop> Loops = new();

    static LoopInstruments() => Telemetry.Meter.CreateObservableGauge(
        "asyncjobs.loop.queue.length",
        static () => Loops.All.Select(static loop => new Measurement<int>(loop.ReadyCount, new KeyValuePair<string, object?>("asyncjobs.loop.id", loop.Id))),
        "{callback}",
        "How many callbacks wait for their loop.");

    public static void Add(EventLoop loop) => Loops.Add(loop);

    /// <summary>The same callback, with its time in the queue measured.</summary>
    public static Action Timed(object callback)
    {
        long since = Stopwatch.GetTimestamp();
        return () =>
        {
            Lag.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
            EventLoop.Run(callback);
        };
    }
}
