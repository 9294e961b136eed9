namespace AsyncJobs.Core.Tests;

public partial class FutureTests
{
    private readonly EventLoop _loop = new();
    private readonly Future _future;

    public FutureTests() => _future = new Future(_loop, "f");

    [Fact]
    public void State_New_IsRunningWithNothingToSee()
    {
        Assert.Equal(AsyncState.Running, _future.State);
        Assert.False(_future.IsCompleted || _future.IsFaulted || _future.IsCanceled);
        Assert.Null(_future.Result);
        Assert.Null(_future.Exception);
        Assert.False(_future.IsObserved);
    }

    [Fact]
    public void SetResult_Pending_Completes()
    {
        _future.SetResult(42);

        Assert.Equal(AsyncState.Completed, _future.State);
        Assert.True(_future.IsCompleted);
        Assert.False(_future.IsFaulted || _future.IsCanceled);
        Assert.Equal(42, _future.Result);
        Assert.Equal(42, _future.GetResult());
        Assert.Null(_future.Exception);
    }

    [Fact]
    public void SetResult_Null_IsOneValue()
    {
        _future.SetResult(null);

        Assert.Null(_future.GetResult());
        Assert.Null(Assert.Single(_future.Output));
    }

    [Fact]
    public void SetException_Pending_Fails()
    {
        var thrown = new IOException("gone");

        _future.SetException(thrown);

        Assert.Equal(AsyncState.Failed, _future.State);
        Assert.True(_future.IsCompleted && _future.IsFaulted);
        Assert.False(_future.IsCanceled);
        Assert.Null(_future.Result);
        Assert.Same(thrown, _future.Exception);
        Assert.Same(thrown, Assert.Throws<IOException>(() => _future.GetResult()));
    }

    [Fact]
    public void SetException_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => _future.SetException(null!));
        Assert.False(_future.IsCompleted);
    }

    [Fact]
    public void Cancel_Pending_Stops()
    {
        Assert.True(_future.Cancel("no longer needed"));

        Assert.Equal(AsyncState.Stopped, _future.State);
        Assert.True(_future.IsCompleted && _future.IsCanceled);
        Assert.False(_future.IsFaulted);
        Assert.Null(_future.Result);
        Assert.IsType<OperationCanceledException>(_future.Exception);
        Assert.Contains("no longer needed", Assert.Throws<OperationCanceledException>(() => _future.GetResult()).Message);
    }

    [Fact]
    public void Cancel_Done_IsFalseAndChangesNothing()
    {
        _future.SetResult(1);

        Assert.False(_future.Cancel());
        Assert.Equal(1, _future.GetResult());
    }

    [Fact]
    public void Cancel_FailedAndNobodyLooked_CountsAsLookedAt()
    {
        _future.SetException(new IOException());

        Assert.False(_future.Cancel());

        Assert.True(_future.IsObserved);
        Assert.Equal(AsyncState.Failed, _future.State);
    }

    [Fact]
    public void GetResult_Pending_Throws()
    {
        var thrown = Assert.Throws<InvalidStateException>(() => _future.GetResult());

        Assert.Contains("'f'", thrown.Message);
    }

    [Fact]
    public void GetResult_FailedAndAskedAgainAndAgain_KeepsTheFirstStackAndAddsNothing()
    {
        _future.SetException(Assert.Throws<IOException>(ThrowFromHere));
        string Stack() => Assert.Throws<IOException>(() => _future.GetResult()).StackTrace!;

        string first = Stack();
        Assert.Contains(nameof(ThrowFromHere), first);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(first.Split('\n').Length, Stack().Split('\n').Length);
        }
    }

    [Theory]
    [InlineData(AsyncState.Completed)]
    [InlineData(AsyncState.Failed)]
    [InlineData(AsyncState.Stopped)]
    public void SetResult_Done_Throws(AsyncState state)
    {
        End(state);

        Assert.Throws<InvalidStateException>(() => _future.SetResult(2));
        Assert.Throws<InvalidStateException>(() => _future.SetException(new IOException()));
        Assert.Equal(state, _future.State);
    }

    [Fact]
    public void IsObserved_ResultOrStateRead_StaysFalse()
    {
        _future.SetException(new IOException());

        Assert.Null(_future.Result);
        Assert.True(_future.IsFaulted);
        Assert.NotNull(_future.Fault);
        Assert.False(_future.IsObserved);
    }

    [Fact]
    public void IsObserved_ExceptionRead_IsTrue()
    {
        _future.SetException(new IOException());

        Assert.NotNull(_future.Exception);

        Assert.True(_future.IsObserved);
    }

    [Fact]
    public void IsObserved_ExceptionReadTooEarly_StaysFalse()
    {
        Assert.Null(_future.Exception);

        _future.SetException(new IOException());

        Assert.False(_future.IsObserved);
    }

    [Theory]
    [InlineData(AsyncState.Completed)]
    [InlineData(AsyncState.Failed)]
    [InlineData(AsyncState.Stopped)]
    public void TryCompleteAs_Done_EndsTheSameWay(AsyncState state)
    {
        var copy = new Future(_loop);
        End(state);

        Assert.True(copy.TryCompleteAs(_future));
        Assert.False(copy.TryCompleteAs(_future));

        Assert.Equal(state, copy.State);
        Assert.Equal(_future.Result, copy.Result);
        Assert.Same(_future.Exception, copy.Exception);
    }

    [Fact]
    public void ToString_NamedOrNot_TellsWhatItIs()
    {
        Assert.Equal("Future 'f'", _future.ToString());
        Assert.Equal("Future", new Future(_loop).ToString());
    }

    private static void ThrowFromHere() => throw new IOException("from here");

    private void End(AsyncState state)
    {
        switch (state)
        {
            case AsyncState.Completed:
                _future.SetResult("done");
                break;
            case AsyncState.Failed:
                _future.SetException(new IOException("gone"));
                break;
            default:
                _future.Cancel();
                break;
        }
    }
}
