namespace AsyncJobs.Core.Tests;

[Collection(OneTraceAtATime.Name)]
public sealed class TraceBuilderTests : IDisposable
{
    // Numbers no tasks have.
    private const int One = int.MaxValue - 1;
    private const int Two = int.MaxValue - 2;

    private readonly TraceRecorder _trace = TraceRecorder.TryStart(100_000)!;

    public void Dispose() => _trace.TryStop();

    [Fact]
    public void Coroutine_RunsAndWaits_HasASpanForEach()
    {
        Create(One, AsyncTaskKind.Coroutine, "one");
        _trace.Add(TraceEventKind.Begun, One);
        Resume(One);
        Wait(One, TraceSubjectKind.Future, "f");
        _trace.Add(TraceEventKind.Ready, One);
        Resume(One);
        _trace.Add(TraceEventKind.Ended, One, detail: (byte)AsyncState.Completed);

        TraceLane lane = Lane(One);
        Assert.Equal(
            [TraceState.Queued, TraceState.Ready, TraceState.Running, TraceState.Await, TraceState.Ready, TraceState.Running],
            lane.Spans.Select(static span => span.State));
        Assert.Equal("future 'f'", lane.Spans[3].What);
        Assert.Equal(AsyncState.Completed, lane.Outcome);
        Assert.Equal(lane.Start, lane.Spans[0].Start);
        Assert.All(lane.Spans.Zip(lane.Spans.Skip(1)), static pair => Assert.Equal(pair.First.End, pair.Second.Start));
    }

    [Fact]
    public void Coroutine_StartedInAnothersStep_HasItForParent()
    {
        Create(One, AsyncTaskKind.Coroutine, "one");
        _trace.Add(TraceEventKind.Begun, One);
        Resume(One);
        Create(Two, AsyncTaskKind.IO, "two");
        Wait(One, TraceSubjectKind.Task, subject: null, other: Two);
        _trace.Add(TraceEventKind.Ended, Two, detail: (byte)AsyncState.Failed, a: "no");

        Assert.Equal(One, Lane(Two).Parent);
        Assert.Equal("no", Lane(Two).Message);
        TraceSpan wait = Lane(One).Spans[^1];
        Assert.Equal((TraceState.Await, $"two (task {Two})"), (wait.State, wait.What));
        Assert.Equal([Two], wait.Others);
        Assert.Null(Lane(One).Outcome);
    }

    [Fact]
    public void Callback_LeavesATaskRunning_IsReadyThen()
    {
        var loop = new EventLoop();
        Create(One, AsyncTaskKind.Coroutine, "one");
        _trace.Add(TraceEventKind.Begun, One);
        loop.Post(() => Resume(One));
        loop.RunUntil(() => true, CancellationToken.None);

        Assert.Equal([TraceState.Running, TraceState.Ready], Lane(One).Spans.TakeLast(2).Select(static span => span.State));
    }

    [Fact]
    public void Semaphore_Waiter_SeesWhoHasPermitsNow()
    {
        var limit = new AsyncSemaphore(2);
        TraceSubject subject = _trace.SubjectOf(limit, null);
        Create(One, AsyncTaskKind.IO, "one");
        Create(Two, AsyncTaskKind.IO, "two");
        Wait(One, TraceSubjectKind.Semaphore, subject with { UsedBy = [Two] });
        Wait(One, TraceSubjectKind.Semaphore, subject);

        string[] said = [.. Lane(One).Spans.Where(static span => span.State == TraceState.Lock).Select(static span => span.What!)];
        Assert.Equal([$"{subject}, used by two (task {Two})", $"{subject}"], said);
    }

    [Fact]
    public async Task Runner_TasksOfEveryKind_AreWhole()
    {
        var loop = new EventLoop();
        var runner = new TaskRunner(loop, new TaskRegistry());
        var options = new TaskOptions { Name = "io", Command = "Read", Semaphore = new AsyncSemaphore(1), Retry = new RetryPolicy(1, TimeSpan.FromMilliseconds(1), BackoffKind.Constant) };
        bool isSecond = false;
        var bothAreStarted = new TaskCompletionSource();
        AsyncTask[] tasks =
        [
            runner.Start(AsyncTaskKind.IO, async (_, stop) => { await bothAreStarted.Task.WaitAsync(stop); return isSecond ? 1 : throw new IOException((isSecond = true).ToString()); }, options, "http://user:secret@h:1/p?q=secret"),
            runner.Start(AsyncTaskKind.IO, (_, _) => Task.FromResult<object?>(2), options),
        ];
        bothAreStarted.SetResult();
        await Task.WhenAll(tasks.Select(static task => (Task)task.AsTask())).Within();

        TraceModel model = Build();
        TraceLane first = model.Lanes.Single(lane => lane.Id == tasks[0].Id), second = model.Lanes.Single(lane => lane.Id == tasks[1].Id);
        Assert.Equal("http://h:1/p?...", first.Input);
        Assert.Contains(first.Spans, static span => span.State == TraceState.Pause && span.What == "waits before the next attempt, h:1");
        Assert.Contains(second.Spans, span => span.State == TraceState.Lock && span.What!.EndsWith($"used by io (task {tasks[0].Id})", StringComparison.Ordinal));
        Assert.All([first, second], static lane => Assert.Equal(AsyncState.Completed, lane.Outcome));
    }

    [Fact]
    public void Full_EndsWhereTheFirstEventFoundNoRoom()
    {
        _trace.TryStop();
        TraceRecorder small = TraceRecorder.TryStart(3)!;
        for (int i = 0; i < 200; i++)
        {
            small.Add(TraceEventKind.Canceled, One);
        }

        small.TryStop();
        TraceModel model = TraceBuilder.Build(small, new Dictionary<int, string>());

        Assert.InRange(model.EventCount, 0, 3);
        Assert.True(model.DroppedCount >= 197);
        Assert.All(model.Lanes, lane => Assert.True(lane.End <= model.Duration + 1));
    }

    private void Create(int id, AsyncTaskKind kind, string name) =>
        _trace.Add(TraceEventKind.Created, id, number: 1, detail: (byte)kind, b: new TraceTask(name, Origin: null, Command: null));

    private void Resume(int id) => _trace.Add(TraceEventKind.Resumed, id, detail: (byte)AsyncTaskKind.Coroutine);

    private void Wait(int id, TraceSubjectKind kind, object? subject, int other = 0) =>
        _trace.Add(TraceEventKind.Waits, id, other, (byte)kind, b: subject);

    private TraceLane Lane(int id) => Build().Lanes.Single(lane => lane.Id == id);

    private TraceModel Build()
    {
        _trace.TryStop();
        return TraceBuilder.Build(_trace, new Dictionary<int, string>());
    }
}
