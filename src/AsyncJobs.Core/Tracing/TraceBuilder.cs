using System.Diagnostics;
using System.Globalization;

namespace AsyncJobs.Core.Tracing;

/// <summary>Makes spans of a recorder's events: goes through them in the order of time and notes what each task comes to do.</summary>
internal sealed class TraceBuilder
{
    private readonly TraceRecorder _recorder;
    private readonly TraceWords _words;
    private readonly Dictionary<int, TraceProgress> _tasks = [];
    private readonly List<TraceLane> _lanes = [];
    private readonly List<(long Start, long End, int Thread)> _callbacks = [];
    private readonly HashSet<int> _loopThreads = [];
    private readonly HashSet<int> _usedThreads = [];

    // By thread: the tasks whose script runs there, the innermost last.
    private readonly Dictionary<int, List<TraceProgress>> _running = [];

    // By thread: when a task's step began there last.
    private readonly Dictionary<int, long> _lastSteps = [];

    private TraceBuilder(TraceRecorder recorder)
    {
        _recorder = recorder;
        _words = new TraceWords(id => _tasks.TryGetValue(id, out TraceProgress? task) ? task.Lane.FullName : $"Task{id}");
    }

    /// <summary>Builds the trace of a recorder that is stopped.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="loops">The loops' names by their numbers.</param>
    public static TraceModel Build(TraceRecorder recorder, IReadOnlyDictionary<int, string> loops) => new TraceBuilder(recorder).Build(loops);

    private TraceModel Build(IReadOnlyDictionary<int, string> loops)
    {
        IReadOnlyList<TraceBuffer> buffers = _recorder.GetBuffers();
        (TraceEvent[] events, int[] threads) = Sorted(buffers);

        // Where the trace was full, what some threads had room for still is not the whole.
        long until = _recorder.FullAt == 0 ? _recorder.Ended : _recorder.FullAt;
        long recorded = 0;
        for (int i = 0; i < events.Length && events[i].Timestamp <= until; i++)
        {
            Take(in events[i], threads[i]);
            recorded++;
        }

        long end = Since(until);
        foreach (TraceProgress task in _tasks.Values)
        {
            task.EndWithTrace(end);
        }

        return new TraceModel
        {
            StartedAt = _recorder.StartedAt,
            Duration = end,
            Lanes = _lanes,
            Threads = [.. ThreadsOf(buffers)],
            Loops = loops,
            Callbacks = _callbacks,
            EventCount = recorded,
            DroppedCount = _recorder.DroppedCount + events.Length - recorded,
        };
    }

    private static (TraceEvent[] Events, int[] Threads) Sorted(IReadOnlyList<TraceBuffer> buffers)
    {
        var events = new List<TraceEvent>();
        var threads = new List<int>();
        foreach (TraceBuffer buffer in buffers)
        {
            buffer.CopyTo(events);
            threads.AddRange(Enumerable.Repeat(buffer.ThreadId, events.Count - threads.Count));
        }

        // Of one moment, a thread's own order.
        (long Timestamp, int Index)[] order = [.. events.Select(static (item, index) => (item.Timestamp, index))];
        Array.Sort(order);
        return ([.. order.Select(key => events[key.Index])], [.. order.Select(key => threads[key.Index])]);
    }

    private IEnumerable<TraceThread> ThreadsOf(IReadOnlyList<TraceBuffer> buffers) =>
        from buffer in buffers
        where _usedThreads.Contains(buffer.ThreadId)
        group buffer by buffer.ThreadId into thread
        let first = thread.First()
        orderby thread.Key
        select new TraceThread(thread.Key, NameOf(first));

    private string NameOf(TraceBuffer thread) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(_loopThreads.Contains(thread.ThreadId) ? "loop" : thread.ThreadName ?? (thread.IsPoolThread ? ".NET pool" : "thread"))} {thread.ThreadId}");

    private long Since(long timestamp) => (long)((timestamp - _recorder.Started) * (1e9 / Stopwatch.Frequency));

    private void Take(in TraceEvent item, int thread)
    {
        long now = Math.Max(0, Since(item.Timestamp));
        if (item.Kind == TraceEventKind.Callback)
        {
            EndCallback(item, now, thread);
            return;
        }

        TraceProgress? task = item.Task == 0 ? RunningOn(thread).LastOrDefault() : TaskOf(item.Task, now);
        switch (item.Kind)
        {
            case TraceEventKind.Created:
                task!.Created(item, RunningOn(thread).LastOrDefault()?.Lane.Id ?? 0, now);
                break;
            case TraceEventKind.Begun:
                task!.Begin(now);
                break;
            case TraceEventKind.Resumed when !task!.Lane.IsScript && (AsyncTaskKind)item.Detail == AsyncTaskKind.Coroutine && task.HasBegun:
                Push(task, thread);
                _loopThreads.Add(thread);
                task.Run(now, TraceState.Running, thread);
                _lastSteps[thread] = now;
                break;
            case TraceEventKind.Resumed:
                task!.GoOn(now, thread);
                break;
            case TraceEventKind.Waits:
                Wait(task!, item, now);
                break;
            case TraceEventKind.Ready:
                task!.BecomeReady(now);
                break;
            case TraceEventKind.ThreadBegun:
                Push(task!, thread);
                task!.Run(now, TraceState.Thread, thread);
                break;
            case TraceEventKind.ThreadEnded:
                Pop(task!);
                task!.LeaveThread(now);
                break;
            case TraceEventKind.Phase:
                task!.EnterPhase(now, (string?)item.A);
                break;
            case TraceEventKind.Canceled:
                task!.Lane.CanceledAt ??= now;
                task.Lane.Message ??= (string?)item.A;
                break;
            case TraceEventKind.Ended:
                Pop(task!);
                _words.Forget(task!.Lane.Id);
                task.End(item, now);
                break;
            case TraceEventKind.Put or TraceEventKind.Got when task is not null:
                _words.NoteUser((TraceSubject)item.B!, item.Kind, task.Lane.Id);
                break;
        }
    }

    private TraceProgress TaskOf(int id, long now)
    {
        if (!_tasks.TryGetValue(id, out TraceProgress? task))
        {
            task = new TraceProgress(new TraceLane(id) { Start = now, Loop = id < 0 ? -id : 0 }, _usedThreads);
            _tasks.Add(id, task);
            _lanes.Add(task.Lane);
        }

        return task;
    }

    private void Wait(TraceProgress task, in TraceEvent item, long now)
    {
        // A thread that waits in a thread task's script is still its thread.
        if (task.State == TraceState.Running)
        {
            Pop(task);
        }

        (TraceState state, string? what, int[] others) = _words.Describe(item, task.Lane.Id);
        task.Wait(now, state, _words.PlaceOf(item.A), what, others);
    }

    /// <summary>What a callback leaves running has let go of the loop in some other way than a wait.</summary>
    private void EndCallback(in TraceEvent item, long now, int thread)
    {
        long elapsed = item.Detail == 1 ? item.Number : (long)item.Number * TraceRecorder.LongCallbackUnit;
        long begun = Math.Max(0, Since(item.Timestamp - elapsed));
        List<TraceProgress> running = RunningOn(thread);
        foreach (TraceProgress task in running.Where(task => task.State == TraceState.Running && task.Since >= begun).ToList())
        {
            Pop(task);
            task.BecomeReady(now);
        }

        _loopThreads.Add(thread);
        if (_lastSteps.GetValueOrDefault(thread, -1) < begun)
        {
            _usedThreads.Add(thread);
            _callbacks.Add((begun, now, thread));
        }
    }

    private List<TraceProgress> RunningOn(int thread)
    {
        if (!_running.TryGetValue(thread, out List<TraceProgress>? running))
        {
            _running[thread] = running = [];
        }

        return running;
    }

    private void Push(TraceProgress task, int thread)
    {
        Pop(task);
        task.OnThread = thread;
        RunningOn(thread).Add(task);
    }

    private void Pop(TraceProgress task)
    {
        if (task.OnThread is { } thread)
        {
            RunningOn(thread).Remove(task);
            task.OnThread = null;
        }
    }
}
