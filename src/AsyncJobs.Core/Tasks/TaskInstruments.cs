using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tasks;

/// <summary>What is measured of tasks and their waits.</summary>
internal static class TaskInstruments
{
    /// <summary>How long tasks' work took.</summary>
    public static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "asyncjobs.task.duration", "s", "How long the work of a task took, from its first step to its end.");

    /// <summary>How long tasks waited.</summary>
    public static readonly Histogram<double> WaitDuration = Telemetry.Meter.CreateHistogram<double>(
        "asyncjobs.wait.duration", "s", "How long a task waited for another, or for a lock, a queue and their kin.");

    private static readonly Known<TaskRegistry> Registries = new();

    // Only where somebody listens: a wait that is measured, and since when.
    private static readonly ConditionalWeakTable<WaitInfo, object> Waits = [];

    static TaskInstruments() => Telemetry.Meter.CreateObservableUpDownCounter(
        "asyncjobs.task.active", CountActive, "{task}", "How many tasks are not done, by what carries them and what they do.");

    public static void Add(TaskRegistry registry) => Registries.Add(registry);

    public static void WaitChanged(WaitInfo? before, WaitInfo? now)
    {
        if (before is not null && Waits.TryGetValue(before, out object? since))
        {
            Waits.Remove(before);
            WaitDuration.Record(Stopwatch.GetElapsedTime((long)since).TotalSeconds, Tag("asyncjobs.wait.kind", KindOf(before)));
        }

        if (now is not null)
        {
            Waits.AddOrUpdate(now, Stopwatch.GetTimestamp());
        }
    }

    public static void Ended(AsyncTask task)
    {
        var tags = new TagList
        {
            { "asyncjobs.task.kind", NameOf(task.Kind) },
            { "asyncjobs.task.outcome", OutcomeOf(task.State) },
        };
        if (task is { State: AsyncState.Failed, Fault.Exception: { } failure })
        {
            tags.Add("error.type", ErrorTypeOf(failure));
        }

        Duration.Record(task.Duration.TotalSeconds, tags);
    }

    /// <summary>The stable part of an error's id where it has one, else its type.</summary>
    public static string ErrorTypeOf(Exception failure) => failure is IHasErrorId { ErrorId: var id } ? id : failure.GetType().FullName!;

    public static string NameOf(AsyncTaskKind kind) => kind switch
    {
        AsyncTaskKind.IO => "io",
        AsyncTaskKind.Coroutine => "coroutine",
        _ => "thread",
    };

    public static string OutcomeOf(AsyncState state) => state switch
    {
        AsyncState.Completed => "completed",
        AsyncState.Failed => "failed",
        _ => "stopped",
    };

    /// <summary>The kind of thing that is waited for.</summary>
    public static string KindOf(WaitInfo wait) => wait.For switch
    {
        AsyncLock => "lock",
        AsyncSemaphore => "semaphore",
        AsyncQueue => "queue",
        AsyncEvent => "event",
        AsyncCondition => "condition",
        AsyncBarrier => "barrier",
        AsyncRateLimiter => "rate_limiter",
        IHostWait => "host",
        Future or IWaitedFor or IReadOnlyList<Future> => "task",
        _ => "other",
    };

    private static IEnumerable<Measurement<int>> CountActive() =>
        from registry in Registries.All
        from task in registry.GetPending()
        let state = task.State == AsyncState.NotStarted ? "queued" : task.Wait is null ? "running" : "waiting"
        group task by (task.Kind, State: state) into alike
        select new Measurement<int>(
            alike.Count(), Tag("asyncjobs.task.kind", NameOf(alike.Key.Kind)), Tag("asyncjobs.task.state", alike.Key.State));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
