using System.Globalization;

namespace AsyncJobs.Diagnostics;

/// <summary>What a wait for a thing needs, and who could bring that about.</summary>
/// <param name="Text">What is missing, in words; empty where the thing itself says all.</param>
/// <param name="By">Tasks, locks, or places of scripts: those who hold it or could end the wait. Only what is certain.</param>
internal sealed record WaitAnswer(string Text, IReadOnlyList<object> By)
{
    private static readonly WaitAnswer None = new("", []);

    /// <summary>The answer of a primitive or of what stands for several things.</summary>
    /// <param name="thing">What is waited for.</param>
    /// <param name="known">The tasks of the process by their numbers.</param>
    public static WaitAnswer Of(object thing, Lazy<IReadOnlyDictionary<int, AsyncTask>> known) => thing switch
    {
        AsyncLock { Holder: IScriptPlace place } => new($", by {ScriptAt(place)}", []),
        AsyncLock { Holder: { } holder } => new("", [holder]),
        AsyncLock { IsHeld: true } => new(", by whom is not known", []),
        AsyncSemaphore semaphore => Of(semaphore),
        AsyncQueue queue => Of(queue, known),
        AsyncEvent { IsSet: false } => new(": waits to be set", []),
        AsyncCondition condition => Of(condition),
        AsyncBarrier { State: BarrierState.Filling } barrier => new($": waits for {barrier.Parties - barrier.WaitingCount} more to come", []),
        AsyncRateLimiter limiter => Of(limiter),
        IWaitedFor several => new("", several.GetWaitedFor()),
        _ => None,
    };

    /// <summary>How a script is told of that holds something.</summary>
    public static string ScriptAt(IScriptPlace place) => $"a script at {place.Position}";

    private static WaitAnswer Of(AsyncSemaphore semaphore)
    {
        int taken = semaphore.TakenCount;
        IReadOnlyList<object> holders = semaphore.GetHolders();
        int unknown = Math.Max(0, taken - holders.Count);
        string text = taken == 0 ? ": nobody holds a permit; waits for a release"
            : unknown == 0 ? ", held by:"
            : holders.Count == 0 ? ", held by whom is not known"
            : $", held by these and {unknown} more, by whom is not known:";
        return new(text, holders);
    }

    private static WaitAnswer Of(AsyncCondition condition) =>
        (condition.Lock.IsHeld, condition.WaitingCount) switch
        {
            // One that was notified waits for the lock.
            (true, 0) => new("", [condition.Lock]),
            (true, _) => new(": waits to be notified", [condition.Lock]),
            _ => new(": waits to be notified; nobody holds its lock", []),
        };

    private static WaitAnswer Of(AsyncRateLimiter limiter) => limiter.UntilNext is { Ticks: > 0 } next
        ? new(string.Create(CultureInfo.InvariantCulture, $": the next permit comes in {next.TotalSeconds:0.0##} s"), [])
        : None;

    private static WaitAnswer Of(AsyncQueue queue, Lazy<IReadOnlyDictionary<int, AsyncTask>> known)
    {
        var texts = new List<string>();
        var by = new List<object>();
        void Add(string missing, string verb, RecentUsers users, bool hasSources = false)
        {
            texts.Add(missing);
            if (hasSources)
            {
                texts.Add("events add by themselves");
            }

            AddUsers(verb, users, hasSources, known.Value, texts, by);
        }

        if (queue.WaitingGetCount > 0)
        {
            Add("waits for an item", "add", queue.Putters, queue.HasSources);
        }

        if (queue.WaitingPutCount > 0)
        {
            Add("waits for room", "take", queue.Getters);
        }

        if (queue.WaitingJoinCount > 0)
        {
            int unfinished = queue.UnfinishedCount;
            Add($"waits for the work on {unfinished} item{(unfinished == 1 ? "" : "s")}", "take", queue.Getters);
        }

        return texts.Count == 0 ? None : new(": " + string.Join("; ", texts), [.. by.Distinct()]);
    }

    private static void AddUsers(
        string verb,
        RecentUsers users,
        bool hasOthers,
        IReadOnlyDictionary<int, AsyncTask> known,
        List<string> texts,
        List<object> by)
    {
        int[] numbers = users.ToArray();
        AsyncTask[] pending = [.. numbers.Select(known.GetValueOrDefault).OfType<AsyncTask>().Where(static task => !task.IsCompleted)];
        bool isScript = numbers.Contains(RecentUsers.Script);
        string past = verb == "add" ? "added" : "taken";
        if (pending.Length > 0)
        {
            texts.Add(isScript ? $"a script has {past}, and these have:" : $"these have {past}:");
            by.AddRange(pending);
        }
        else if (isScript)
        {
            texts.Add($"a script has {past}");
        }
        else if (numbers.Length > 0)
        {
            texts.Add($"nobody {verb}s: task {numbers[0]}, the last that has, has ended");
        }
        else if (!hasOthers)
        {
            texts.Add($"nobody {verb}s");
        }
    }
}
