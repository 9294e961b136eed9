namespace AsyncJobs.Core.Tests;

public class LiveOutputTests
{
    private readonly EventLoop _loop = new();
    private readonly TaskRunner _runner;
    private readonly TaskCompletionSource<object?> _end = new();
    private int _announcements;

    public LiveOutputTests() => _runner = new TaskRunner(_loop, registry: null);

    [Fact]
    public void TryRead_WhileRunning_GivesEachObjectOnce()
    {
        AsyncTask task = Start();
        LiveOutput reader = Read(task);
        task.PublishOutput([1]);
        Assert.Equal([1], All(reader));

        task.PublishOutput([1, 2, 3]);
        task.PublishOutput([1, 2, 3]);
        Assert.Equal([2, 3], All(reader));
        Assert.Equal(2, _announcements);
    }

    [Fact]
    public async Task TryRead_AfterTheEnd_GivesTheRest()
    {
        AsyncTask task = Start();
        LiveOutput reader = Read(task);
        task.PublishOutput([1, 2]);
        _end.SetResult(new TaskOutput([1, 2, 3]));
        await task.EndWithin();

        Assert.Equal([1, 2, 3], All(reader));
        Assert.Empty(All(reader));
    }

    [Fact]
    public async Task TryRead_FailedTask_GivesWhatItWrote()
    {
        AsyncTask task = Start();
        LiveOutput reader = Read(task);
        task.PublishOutput([1]);
        _end.SetException(new TaskFailedException(new IOException(), detail: null, new TaskOutput([1, 2])));
        await task.EndWithin();

        Assert.Equal([1, 2], All(reader));
    }

    [Fact]
    public void PublishOutput_MayBeRetried_IsHeldBack()
    {
        AsyncTask task = Start();
        LiveOutput reader = Read(task);
        task.MayBeRetried = true;
        task.PublishOutput([1]);
        Assert.Empty(All(reader));

        task.MayBeRetried = false;
        task.PublishOutput([2]);
        Assert.Equal([2], All(reader));
    }

    [Fact]
    public void AddReader_SourceHasWritten_GivesThatFirst()
    {
        AsyncTask task = Start();
        task.Carrier = new Source(() => task.PublishOutput([1, 2]));
        Assert.Equal([1, 2], All(Read(task)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EndRun_Periodic_CountsOn(bool isDropped)
    {
        AsyncTask task = Start();
        LiveOutput first = Read(task);
        var runs = new List<object?>();
        task.PublishOutput([1]);
        task.EndRun(runs, [1, 2], isDropped);
        LiveOutput second = Read(task);
        task.PublishOutput([3]);
        task.EndRun(runs, [3, 4], isDropped);
        LiveOutput third = Read(task);
        task.PublishOutput([5]);

        Assert.Equal([1, 2, 3, 4, 5], All(first));
        Assert.Equal([1, 2, 3, 4, 5], All(second));
        Assert.Equal(isDropped ? [3, 4, 5] : [1, 2, 3, 4, 5], All(third));
    }

    private static List<object?> All(LiveOutput reader)
    {
        var all = new List<object?>();
        while (reader.TryRead(out object? written))
        {
            all.Add(written);
        }

        return all;
    }

    private AsyncTask Start() => _runner.Start(AsyncTaskKind.Thread, (_, _) => _end.Task, new TaskOptions());

    private LiveOutput Read(AsyncTask task)
    {
        var reader = new LiveOutput(task, _ => _announcements++);
        task.AddReader(reader);
        return reader;
    }

    private sealed class Source(Action publish) : IOutputSource
    {
        public void PublishOutput() => publish();
    }
}
