namespace AsyncJobs.Core.Tests;

[Collection(OneTraceAtATime.Name)]
public class TraceRecorderTests
{
    // A number no task has.
    private const int Own = int.MaxValue;

    [Fact]
    public void TryStart_Again_IsNull()
    {
        TraceRecorder recorder = TraceRecorder.TryStart(100)!;
        try
        {
            Assert.Null(TraceRecorder.TryStart(100));
            Assert.Same(recorder, TraceRecorder.Current);
            Assert.Same(recorder, EventLoop.Observer);
        }
        finally
        {
            Assert.True(recorder.TryStop());
        }

        Assert.False(recorder.TryStop());
        Assert.Null(TraceRecorder.Current);
        Assert.Null(EventLoop.Observer);
    }

    [Fact]
    public void Add_ManyThreads_KeepsAllInEachOnesOrder()
    {
        const int Threads = 8, Each = 5000;
        TraceRecorder recorder = TraceRecorder.TryStart(1_000_000)!;
        OtherThread[] threads = [.. Enumerable.Range(1, Threads).Select(thread => OtherThread.Start(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                recorder.Add(TraceEventKind.Ready, Own, (thread * Each) + i);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Join());
        recorder.TryStop();

        var numbers = new List<int>();
        foreach (TraceBuffer buffer in recorder.GetBuffers())
        {
            List<TraceEvent> events = [];
            buffer.CopyTo(events);
            int[] own = [.. events.Where(static item => item.Task == Own).Select(static item => item.Number)];
            Assert.Equal(own.Order(), own);
            numbers.AddRange(own);
        }

        Assert.Equal(Enumerable.Range(Each, Threads * Each), numbers.Order());
        Assert.Equal(0, recorder.DroppedCount);
    }

    [Fact]
    public void Add_PastTheLimit_CountsWhatIsMissing()
    {
        TraceRecorder recorder = TraceRecorder.TryStart(10)!;
        for (int i = 0; i < 200; i++)
        {
            recorder.Add(TraceEventKind.Ready, Own);
        }

        recorder.TryStop();

        Assert.InRange(recorder.GetBuffers().Sum(static buffer => buffer.Count), 1, 10);
        Assert.True(recorder.DroppedCount >= 190);
        Assert.InRange(recorder.FullAt, recorder.Started, recorder.Ended);
    }

    [Fact]
    public void SubjectOf_SamePrimitive_IsOne()
    {
        TraceRecorder recorder = TraceRecorder.TryStart(10)!;
        recorder.TryStop();
        var held = new AsyncLock("a");

        Assert.Same(recorder.SubjectOf(held, held.Name), recorder.SubjectOf(held, held.Name));
        Assert.Equal("AsyncLock 'a'", $"{recorder.SubjectOf(held, held.Name)}");
        Assert.Matches("^AsyncSemaphore \\d+$", $"{recorder.SubjectOf(new AsyncSemaphore(1), null)}");
    }

    [Fact]
    public void Stopped_KeepsNoTrace()
    {
        WeakReference stopped = Trace();

        // The thread that has recorded is this one.
        for (int i = 0; i < 10 && stopped.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(stopped.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Trace()
    {
        TraceRecorder recorder = TraceRecorder.TryStart(1000)!;
        recorder.Add(TraceEventKind.Ready, Own);
        recorder.TryStop();
        return new WeakReference(recorder);
    }
}
