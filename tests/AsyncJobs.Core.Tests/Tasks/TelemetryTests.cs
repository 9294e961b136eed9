using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AsyncJobs.Core.Tests;

/// <summary>What .NET's listeners get; tests beside these are heard of, too.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters = new();
    private readonly EventLoop _loop = new();
    private readonly TaskRegistry _registry = new();
    private readonly TaskRunner _runner;

    public TelemetryTests()
    {
        _runner = new TaskRunner(_loop, _registry);
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "AsyncJobs",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "AsyncJobs")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Task_Fails_IsAnActivityWithItsError()
    {
        AsyncTask? inner = null;
        AsyncTask outer = _runner.Start(
            AsyncTaskKind.IO,
            async (_, _) =>
            {
                inner = _runner.Start(AsyncTaskKind.IO, (_, _) => throw new IOException("gone"), new TaskOptions { Command = "Read", Origin = @"C:\a.ps1:12" });
                await Task.Yield();
                return 1;
            },
            new TaskOptions { Name = "outer" });
        Assert.Null(Activity.Current);
        await outer.Within();

        Activity of = Of(outer), within = Of(inner!);
        Assert.Equal(("outer", "Read"), (of.OperationName, within.OperationName));
        Assert.Equal(of.SpanId, within.ParentSpanId);
        Assert.Equal((ActivityStatusCode.Error, "gone"), (within.Status, within.StatusDescription));
        Assert.Equal("System.IO.IOException", within.GetTagItem("error.type"));
        Assert.Equal((@"C:\a.ps1", 12), (within.GetTagItem("code.file.path"), within.GetTagItem("code.line.number")));
        Assert.Equal("completed", of.GetTagItem("asyncjobs.task.outcome"));
        Assert.True(inner!.IsFaulted);
    }

    [Fact]
    public async Task Task_BeginsBehindItsThrottle_IsNoPartOfTheOneBeforeIt()
    {
        var work = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new TaskOptions { Throttle = new AsyncSemaphore(1) };
        AsyncTask first = _runner.Start(AsyncTaskKind.IO, (_, _) => work.Task, options);
        AsyncTask second = _runner.Start(AsyncTaskKind.IO, (_, _) => Task.FromResult<object?>(Activity.Current), options);

        work.SetResult(null);

        Assert.Same(await second.Within(), Of(second));
        Assert.Null(Of(second).Parent);
        Assert.Null(Of(first).Parent);
    }

    [Fact]
    public void Sleep_Started_LeavesTheCallersActivity()
    {
        using Activity own = new Activity("own").Start();

        var sleep = new SleepTask(_loop, TimeSpan.FromMinutes(1), null, new TaskOptions(), _registry);
        Assert.Same(own, Activity.Current);
        sleep.Cancel();

        Assert.Same(own, Activity.Current);
        Assert.Equal(own.SpanId, Of(sleep).ParentSpanId);
        Assert.Equal("stopped", Of(sleep).GetTagItem("asyncjobs.task.outcome"));
    }

    [Fact]
    public void Instruments_Asked_TellWhatThereIs()
    {
        string name = Guid.NewGuid().ToString();
        var queue = new AsyncQueue(name: name);
        queue.Put(1);
        var sleep = new SleepTask(_loop, TimeSpan.FromMinutes(1), null, new TaskOptions(), _registry);

        _meters.RecordObservableInstruments();
        sleep.Cancel();

        Assert.Contains(_measured, item => item.Name == "asyncjobs.queue.length" && item.Value == 1 && Equals(item.Tags["asyncjobs.queue.name"], name));
        Assert.Contains(_measured, static item => item.Name == "asyncjobs.task.active" && item.Value >= 1 && Equals(item.Tags["asyncjobs.task.kind"], "io"));
        Assert.Contains(_measured, item => item.Name == "asyncjobs.loop.queue.length" && Equals(item.Tags["asyncjobs.loop.id"], _loop.Id));
    }

    [Fact]
    public void Loop_Posted_MeasuresItsLag()
    {
        _loop.Post(static () => { });
        _loop.RunUntil(static () => true, CancellationToken.None);

        Assert.Contains(_measured, static item => item.Name == "asyncjobs.loop.lag" && item.Value >= 0);
    }

    [Fact]
    public void Wait_Over_IsMeasuredByItsKind()
    {
        var sleep = new SleepTask(_loop, TimeSpan.FromMinutes(1), null, new TaskOptions(), _registry);
        sleep.Wait = new WaitInfo(null, new AsyncBarrier(2));
        sleep.Wait = null;
        sleep.Cancel();

        Assert.Contains(_measured, static item => item.Name == "asyncjobs.wait.duration" && Equals(item.Tags["asyncjobs.wait.kind"], "barrier"));
        Assert.Contains(_measured, static item => item.Name == "asyncjobs.task.duration" && Equals(item.Tags["asyncjobs.task.outcome"], "stopped"));
    }

    private Activity Of(AsyncTask task) => Assert.Single(_activities, activity => Equals(activity.GetTagItem("asyncjobs.task.id"), task.Id));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
