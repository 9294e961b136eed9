namespace AsyncJobs.Core.Diagnostics;

/// <summary>What one thread has recorded: written by that thread alone, read by any once the trace is over.</summary>
internal sealed class TraceBuffer
{
    private const int FirstChunk = 64;
    private const int LargestChunk = 4096;

    private readonly List<TraceEvent[]> _chunks = [];
    private readonly TraceRecorder _recorder;
    private TraceEvent[] _current = [];
    private int _used;
    private long _count;

    public TraceBuffer(TraceRecorder recorder)
    {
        _recorder = recorder;
        var thread = Thread.CurrentThread;
        ThreadId = thread.ManagedThreadId;
        ThreadName = thread.Name;
        IsPoolThread = thread.IsThreadPoolThread;
    }

    public TraceRecorder Recorder => _recorder;

    public int ThreadId { get; }

    public string? ThreadName { get; }

    public bool IsPoolThread { get; }

    /// <summary>How many events there are.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The place of the next event; a null reference where the trace is full.</summary>
    /// <param name="isFull">Whether the trace is full.</param>
    public ref TraceEvent Next(out bool isFull)
    {
        if (_used == _current.Length && !TryGrow())
        {
            isFull = true;
            return ref System.Runtime.CompilerServices.Unsafe.NullRef<TraceEvent>();
        }

        isFull = false;
        return ref _current[_used];
    }

    /// <summary>The event at that place is whole.</summary>
    public void Commit()
    {
        _used++;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Adds what is there to a list, oldest first; from any thread.</summary>
    public void CopyTo(List<TraceEvent> list)
    {
        long left = Count;
        TraceEvent[][] chunks;
        lock (_chunks)
        {
            chunks = [.. _chunks];
        }

        foreach (TraceEvent[] chunk in chunks)
        {
            int taken = (int)Math.Min(left, chunk.Length);
            list.AddRange(new ArraySegment<TraceEvent>(chunk, 0, taken));
            left -= taken;
        }
    }

    private bool TryGrow()
    {
        int size = _recorder.Reserve(_chunks.Count == 0 ? FirstChunk : Math.Min(LargestChunk, 2 * _current.Length));
        if (size == 0)
        {
            return false;
        }

        var chunk = new TraceEvent[size];
        lock (_chunks)
        {
            _chunks.Add(chunk);
        }

        (_current, _used) = (chunk, 0);
        return true;
    }
}
