using System.Globalization;

namespace AsyncJobs.Diagnostics.Watching;

/// <summary>What a watch says of tasks at one moment, in words.</summary>
/// <param name="known">The tasks of the process by their numbers.</param>
internal sealed class WatchText(Lazy<IReadOnlyDictionary<int, AsyncTask>> known)
{
    // Thousands may wait for one lock.
    private readonly Dictionary<object, string> _answers = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many tasks are left, and what they are doing and what became of the others.</summary>
    public static string SummaryOf(WatchSample sample)
    {
        string left = string.Create(CultureInfo.CurrentCulture, $"{sample.PendingCount:N0} task{(sample.PendingCount == 1 ? "" : "s")} left");
        string counts = CountsOf(sample);
        return counts.Length > 0 ? $"{left}: {counts}" : left;
    }

    /// <summary>How many tasks there are, by what they are doing and what became of them.</summary>
    private static string CountsOf(WatchSample sample)
    {
        (int running, int waiting, int queued) = sample.Pending;
        (long completed, long failed, long stopped) = sample.Ended;
        string pending = List((running, "running"), (waiting, "waiting"), (queued, "queued"));
        string ended = List((completed, "completed"), (failed, "failed"), (stopped, "stopped"));
        return pending.Length > 0 && ended.Length > 0 ? $"{pending}; {ended}" : pending + ended;
    }

    /// <summary>How fast that goes.</summary>
    public static string RatesOf(WatchSample sample) => string.Create(
        CultureInfo.CurrentCulture,
        $"started {sample.Rates.Started:N1}/s, ended {sample.Rates.Ended:N1}/s, loop lag {sample.Lag.TotalMilliseconds:N0} ms");

    /// <summary>A time in a few characters.</summary>
    public static string TimeOf(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.CurrentCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalDays: < 1 } => time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.CurrentCulture, $"{time.TotalDays:0.0} d"),
    };

    /// <summary>A line of plain output about a failure.</summary>
    public static string FailureOf(AsyncTask task) =>
        $"{task} failed after {TimeOf(task.Duration)}: {task.Fault?.Exception.Message}";

    /// <summary>What a task does, waits for or has failed by.</summary>
    public string DoingOf(WatchedTask watched)
    {
        AsyncTask task = watched.Task;
        string command = task.Command ?? "";
        if (watched.State == WatchedState.Failed)
        {
            return $"{task.Fault?.Exception.Message} <- {command}";
        }

        IReadOnlyList<object> things = task.WaitingFor;
        if (things.Count == 0)
        {
            return command;
        }

        string more = things.Count > 1 ? $" and {things.Count - 1} more" : "";
        return $"waits for {DescribeThing(things[0])}{more} <- {command}";
    }

    private static string List(params (long Count, string Name)[] counts) => string.Join(
        ", ", counts.Where(static one => one.Count > 0).Select(static one => string.Create(CultureInfo.CurrentCulture, $"{one.Count:N0} {one.Name}")));

    private string DescribeThing(object thing)
    {
        if (!_answers.TryGetValue(thing, out string? description))
        {
            _answers[thing] = description = $"{thing}{AnswerOf(thing)}";
        }

        return description;
    }

    private string AnswerOf(object thing)
    {
        // The tasks that a gather or group stands for are many, and none the one that is missing.
        if (thing is IWaitedFor)
        {
            return "";
        }

        WaitAnswer answer = WaitAnswer.Of(thing, known);
        if (answer.By.Count == 0)
        {
            return answer.Text;
        }

        string first = answer.By[0] is IScriptPlace place ? WaitAnswer.ScriptAt(place) : $"{answer.By[0]}";
        string more = answer.By.Count > 1 ? $" and {answer.By.Count - 1} more" : "";
        return $"{(answer.Text.Length == 0 ? ", by" : answer.Text)} {first}{more}";
    }
}
