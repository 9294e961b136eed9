using System.Globalization;

namespace AsyncJobs.Core.Tracing;

/// <summary>Puts what a trace recorded of waits into words, and remembers who uses what: a lock's holder, a queue's two sides.</summary>
/// <param name="nameOf">The name of a task.</param>
internal sealed class TraceWords(Func<int, string> nameOf)
{
    private const int MostNamed = 8;

    private readonly Dictionary<object, string?> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(TraceSubject Subject, TraceEventKind Kind), List<int>> _users = [];
    private readonly Dictionary<int, List<List<int>>> _uses = [];

    /// <summary>A place in words, put so once.</summary>
    public string? PlaceOf(object? place)
    {
        if (place is not IScriptPlace known)
        {
            return null;
        }

        if (!_places.TryGetValue(known, out string? words))
        {
            string? position = known.Position;
            words = known.Command is { } command ? $"{position} in {command}" : position;
            _places.Add(known, words);
        }

        return words;
    }

    /// <summary>A task has put or got an item.</summary>
    public void NoteUser(TraceSubject subject, TraceEventKind kind, int task)
    {
        if (!_users.TryGetValue((subject, kind), out List<int>? users))
        {
            _users[(subject, kind)] = users = [];
        }

        if (!users.Contains(task))
        {
            users.Add(task);
            if (!_uses.TryGetValue(task, out List<List<int>>? uses))
            {
                _uses[task] = uses = [];
            }

            uses.Add(users);
        }
    }

    /// <summary>A task has ended, and uses nothing any more.</summary>
    public void Forget(int task)
    {
        if (_uses.Remove(task, out List<List<int>>? uses))
        {
            uses.ForEach(users => users.Remove(task));
        }
    }

    /// <summary>What a task waits for.</summary>
    /// <param name="wait">The event.</param>
    /// <param name="task">The task's number.</param>
    public (TraceState State, string? What, int[] Others) Describe(in TraceEvent wait, int task)
    {
        var subject = wait.B as TraceSubject;
        int[] other = wait.Number == 0 ? [] : [wait.Number];
        switch ((TraceSubjectKind)wait.Detail)
        {
            case TraceSubjectKind.Task when wait.B is TraceGroup group:
                return (TraceState.Await, Plural(group), group.Ids);
            case TraceSubjectKind.Task:
                return (TraceState.Await, nameOf(wait.Number), other);
            case TraceSubjectKind.Future:
                return (TraceState.Await, wait.B is string name ? $"future '{name}'" : "a future", []);
            case TraceSubjectKind.Lock:
                return (TraceState.Lock, Held(subject!, wait.Number), other);
            case TraceSubjectKind.Condition:
                return (TraceState.Lock, $"{subject}", other);
            case TraceSubjectKind.Semaphore:
                return Used(TraceState.Lock, $"{subject}", "used by", subject!.UsedBy ?? []);
            case TraceSubjectKind.QueueItem:
                NoteUser(subject!, TraceEventKind.Got, task);
                return Used(TraceState.Queue, $"an item of {subject}", "put by", UsersOf(subject!, TraceEventKind.Put, task), "nobody has put one yet");
            case TraceSubjectKind.QueueRoom:
                NoteUser(subject!, TraceEventKind.Put, task);
                return Used(TraceState.Queue, $"room in {subject}", "read by", UsersOf(subject!, TraceEventKind.Got, task), "nobody has read it yet");
            case TraceSubjectKind.QueueDone:
                return Used(TraceState.Queue, $"the work on the items of {subject}", "read by", UsersOf(subject!, TraceEventKind.Got, task));
            case TraceSubjectKind.Host:
                return (TraceState.Pause, (string?)wait.B, []);
            case TraceSubjectKind.Event or TraceSubjectKind.Barrier or TraceSubjectKind.RateLimiter:
                return (TraceState.Lock, $"{subject}", []);
            default:
                return (TraceState.Other, (string?)wait.B, []);
        }
    }

    private static string Plural(TraceGroup group) =>
        group.Count == 1 ? "one task" : string.Create(CultureInfo.InvariantCulture, $"{group.Count} tasks");

    private string Held(TraceSubject subject, int holder) =>
        holder != 0 ? $"{subject}, held by {nameOf(holder)}"
        : subject.HeldAt is { } place ? $"{subject}, held by a script at {PlaceOf(place)}"
        : $"{subject}";

    private int[] UsersOf(TraceSubject subject, TraceEventKind kind, int but) =>
        _users.TryGetValue((subject, kind), out List<int>? users) ? [.. users.Where(user => user != but).Distinct().Take(MostNamed)] : [];

    private (TraceState State, string? What, int[] Others) Used(
        TraceState state, string what, string verb, int[] users, string? nobody = null) =>
        users.Length > 0 ? (state, $"{what}, {verb} {string.Join(", ", users.Select(nameOf))}", users)
        : (state, nobody is null ? what : $"{what}: {nobody}", users);
}
