namespace AsyncJobs.Core.Tests;

public class CompletionQueueTests
{
    private readonly EventLoop _loop = new();
    private readonly CompletionQueue _queue;
    private readonly Future[] _futures;

    public CompletionQueueTests()
    {
        _queue = new CompletionQueue(_loop);
        _futures = [new(_loop, "a"), new(_loop, "b"), new(_loop, "c")];
    }

    [Fact]
    public void TryTake_NothingDone_IsFalse()
    {
        AddAll();

        Assert.False(_queue.TryTake(out _));
        Assert.False(_queue.HasNext);
        Assert.Equal(3, _queue.OutstandingCount);
    }

    [Fact]
    public void TryTake_SeveralDone_GivesThemInOrderOfEnding()
    {
        AddAll();

        _futures[2].SetResult(null);
        _futures[0].SetException(new IOException());
        _futures[1].Cancel();

        Assert.Equal(["c", "a", "b"], TakeAll());
        Assert.Equal(0, _queue.OutstandingCount);
    }

    [Fact]
    public void Add_DoneAlready_CanBeTakenAtOnce()
    {
        _futures[0].SetException(new IOException());

        _queue.Add(_futures[0]);

        Assert.Equal(["a"], TakeAll());
    }

    [Fact]
    public void Add_Twice_ComesOnce()
    {
        _queue.Add(_futures[0]);
        _queue.Add(_futures[0]);

        _futures[0].SetResult(null);

        Assert.Equal(["a"], TakeAll());
        Assert.Equal(0, _queue.OutstandingCount);
    }

    [Fact]
    public void GetWaitedFor_SomeDone_AreTheOthers()
    {
        AddAll();

        _futures[1].SetResult(null);

        Assert.Equal([_futures[0], _futures[2]], _queue.GetWaitedFor());
    }

    [Fact]
    public void Detach_FutureEndsAfter_DoesNotArrive()
    {
        AddAll();
        _futures[0].SetResult(null);

        _queue.Detach();
        _futures[1].SetResult(null);

        Assert.Equal(["a"], TakeAll());
    }

    [Fact]
    public void HasNext_FutureEndsOnAnotherThread_WakesTheLoop() => Race.Run(5_000, 2, () =>
    {
        var future = new Future(_loop);
        _queue.Add(future);
        return new Round(
            () => Assert.True(_queue.TryTake(out Future? taken) && taken == future),
            () => _loop.TurnUntil(() => _queue.HasNext),
            () => future.SetResult(null));
    });

    private void AddAll() => Array.ForEach(_futures, future => _queue.Add(future));

    private List<string?> TakeAll()
    {
        var names = new List<string?>();
        while (_queue.TryTake(out Future? future))
        {
            names.Add(future.Name);
        }

        return names;
    }
}
