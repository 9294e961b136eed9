using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Diagnostics;

/// <summary>
/// Records what tasks and loops do, into a buffer for each thread and without a lock. There is one at a time in the
/// process; where there is none, whoever could record looks at one field and goes on.
/// </summary>
internal sealed class TraceRecorder : ILoopObserver
{
    /// <summary>How many of the clock's ticks one is in the length of a long callback.</summary>
    public const int LongCallbackUnit = 1 << 16;

    // A callback that nothing was recorded in is noted only from here on.
    private static readonly long NotableTicks = Stopwatch.Frequency / 20_000;

    private static readonly object Gate = new();
    private static TraceRecorder? s_current;

    // Weak, so that a thread does not keep a trace that is over.
    [ThreadStatic]
    private static WeakReference<TraceBuffer>? s_buffer;

    private readonly List<TraceBuffer> _buffers = [];
    private readonly ConditionalWeakTable<object, TraceSubject> _subjects = [];
    private readonly int _limit;
    private int _reserved;
    private int _subjectCount;
    private long _dropped;
    private long _fullAt;

    private TraceRecorder(int limit)
    {
        _limit = limit;
        StartedAt = DateTimeOffset.Now;
        Started = Stopwatch.GetTimestamp();
    }

    /// <summary>The recorder of the trace that is under way, or null.</summary>
    public static TraceRecorder? Current => Volatile.Read(ref s_current);

    /// <summary>When the trace began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The same as <see cref="Stopwatch"/> counts.</summary>
    public long Started { get; }

    /// <summary>When it ended; 0 before.</summary>
    public long Ended { get; private set; }

    /// <summary>When the first event found no room; 0 where all did.</summary>
    public long FullAt => Volatile.Read(ref _fullAt);

    /// <summary>How many events found no room.</summary>
    public long DroppedCount => Volatile.Read(ref _dropped);

    /// <summary>Begins a trace.</summary>
    /// <param name="limit">How many events there is room for; at least one.</param>
    /// <returns>Null where a trace is under way.</returns>
    public static TraceRecorder? TryStart(int limit)
    {
        lock (Gate)
        {
            if (s_current is not null)
            {
                return null;
            }

            var recorder = new TraceRecorder(limit);
            Volatile.Write(ref s_current, recorder);
            EventLoop.Observer = recorder;
            return recorder;
        }
    }

    /// <summary>Ends this trace; false if it has ended.</summary>
    public bool TryStop()
    {
        lock (Gate)
        {
            if (s_current != this)
            {
                return false;
            }

            EventLoop.Observer = null;
            Volatile.Write(ref s_current, null);
            Ended = Stopwatch.GetTimestamp();
            return true;
        }
    }

    /// <summary>Records an event of a task.</summary>
    public void Add(TraceEventKind kind, int task, int number = 0, byte detail = 0, object? a = null, object? b = null) =>
        Add(Stopwatch.GetTimestamp(), kind, task, number, detail, a, b);

    private void Add(long now, TraceEventKind kind, int task, int number, byte detail, object? a, object? b)
    {
        TraceBuffer buffer = OwnBuffer() ?? NewBuffer();
        ref TraceEvent next = ref buffer.Next(out bool isFull);
        if (isFull)
        {
            Interlocked.CompareExchange(ref _fullAt, now, 0);
            Interlocked.Increment(ref _dropped);
            return;
        }

        next.Timestamp = now;
        next.Task = task;
        next.Number = number;
        next.Kind = kind;
        next.Detail = detail;
        next.A = a;
        next.B = b;
        buffer.Commit();
    }

    /// <summary>What a trace calls a primitive.</summary>
    public TraceSubject SubjectOf(object primitive, string? name) =>
        _subjects.TryGetValue(primitive, out TraceSubject? known)
            ? known
            : _subjects.GetValue(primitive, key => new TraceSubject(key.GetType().Name, name, Interlocked.Increment(ref _subjectCount)));

    /// <summary>What was recorded, thread by thread.</summary>
    public IReadOnlyList<TraceBuffer> GetBuffers()
    {
        lock (_buffers)
        {
            return [.. _buffers];
        }
    }

    LoopMark ILoopObserver.CallbackBegins() => new(Stopwatch.GetTimestamp(), CountOfThread());

    void ILoopObserver.CallbackEnded(EventLoop loop, LoopMark mark)
    {
        long now = Stopwatch.GetTimestamp();
        long elapsed = now - mark.Timestamp;
        if (elapsed >= NotableTicks || CountOfThread() != mark.Count)
        {
            // As exactly as it fits: what else is recorded of the callback lies within.
            bool isShort = elapsed <= int.MaxValue;
            int length = (int)(isShort ? elapsed : elapsed / LongCallbackUnit);
            Add(now, TraceEventKind.Callback, -loop.Id, length, isShort ? (byte)1 : (byte)0, a: null, b: null);
        }
    }

    /// <summary>Gives so many events room, or as many as there still is.</summary>
    internal int Reserve(int wanted)
    {
        int reserved = Volatile.Read(ref _reserved);
        while (true)
        {
            int given = Math.Min(wanted, _limit - reserved);
            if (given <= 0)
            {
                return 0;
            }

            int seen = Interlocked.CompareExchange(ref _reserved, reserved + given, reserved);
            if (seen == reserved)
            {
                return given;
            }

            reserved = seen;
        }
    }

    private long CountOfThread() => OwnBuffer()?.Count ?? 0;

    private TraceBuffer? OwnBuffer() =>
        s_buffer is { } known && known.TryGetTarget(out TraceBuffer? buffer) && buffer.Recorder == this ? buffer : null;

    private TraceBuffer NewBuffer()
    {
        var buffer = new TraceBuffer(this);
        lock (_buffers)
        {
            _buffers.Add(buffer);
        }

        s_buffer = new WeakReference<TraceBuffer>(buffer);
        return buffer;
    }
}
