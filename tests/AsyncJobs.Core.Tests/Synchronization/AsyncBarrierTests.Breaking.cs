namespace AsyncJobs.Core.Tests;

public partial class AsyncBarrierTests
{
    [Fact]
    public void Reset_NobodyWaiting_ChangesNothing()
    {
        var barrier = new AsyncBarrier(1);

        barrier.Reset();

        AssertEmpty(barrier);
    }

    [Fact]
    public async Task Reset_SomeWaiting_BreaksThemAndIsUsableAgain()
    {
        var barrier = new AsyncBarrier(5, "start");
        Task<int>[] waits = [.. Enumerable.Range(0, 4).Select(_ => barrier.WaitAsync())];

        barrier.Reset();

        foreach (Task<int> wait in waits)
        {
            var thrown = await Assert.ThrowsAsync<BrokenBarrierException>(() => wait.Within());
            Assert.Equal("BrokenBarrier", thrown.ErrorId);
            Assert.Contains("'start'", thrown.Message);
        }

        AssertEmpty(barrier);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => barrier.WaitAsync())).Within();
    }

    [Fact]
    public async Task Reset_TheBrokenWaitAgain_PassWithOneMore()
    {
        var barrier = new AsyncBarrier(5);
        int broken = 0;
        Task<int>[] waits = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            await Assert.ThrowsAsync<BrokenBarrierException>(() => barrier.WaitAsync());
            Interlocked.Increment(ref broken);
            return await barrier.WaitAsync();
        })];

        barrier.Reset();
        Task<int> last = barrier.WaitAsync();

        int[] numbers = await Task.WhenAll([.. waits, last]).Within();
        Assert.Equal([0, 1, 2, 3, 4], numbers.Order());
        Assert.Equal(4, broken);
        AssertEmpty(barrier);
    }

    [Fact]
    public void Reset_WhileTheBrokenHaveYetToLeave_LetsTheNextInAfterThem()
    {
        var barrier = new AsyncBarrier(3);
        AsyncBarrier.Place[] places = [barrier.Arrive(), barrier.Arrive()];

        barrier.Reset();
        Assert.Equal(BarrierState.Resetting, barrier.State);
        AsyncBarrier.Place next = barrier.Arrive();
        Assert.Equal(0, barrier.WaitingCount);
        barrier.Reset();

        AssertBroken(barrier, places);
        Assert.False(next.LetGo.IsCompleted);
        Assert.Equal(1, barrier.WaitingCount);
        Assert.Equal(BarrierState.Filling, barrier.State);
    }

    [Fact]
    public void Reset_HalfHaveLeft_BreaksTheOtherHalf()
    {
        var barrier = new AsyncBarrier(5);
        AsyncBarrier.Place[] places = Fill(barrier);
        barrier.Leave(places[4]);
        barrier.Leave(places[0]);
        barrier.Leave(places[1]);

        barrier.Reset();

        AssertBroken(barrier, places[2], places[3]);
        AssertEmpty(barrier);
    }

    [Fact]
    public void Reset_HalfHaveLeftAndWaitToComeIn_BreaksThoseWhoHaveNotLeftAlone()
    {
        var barrier = new AsyncBarrier(5);
        AsyncBarrier.Place[] places = Fill(barrier);
        barrier.Leave(places[4]);
        barrier.Leave(places[0]);
        AsyncBarrier.Place[] again = [barrier.Arrive(), barrier.Arrive()];
        barrier.Leave(places[1]);

        barrier.Reset();
        AssertBroken(barrier, places[2], places[3]);

        AsyncBarrier.Place[] rest = [barrier.Arrive(), barrier.Arrive(), barrier.Arrive()];
        Assert.Equal([0, 1, 2, 3, 4], LeaveAll(barrier, [.. again, .. rest]));
        AssertEmpty(barrier);
    }

    [Fact]
    public void Reset_AllHaveLeftAndSomeWaitAgain_BreaksTheseWhoAreInside()
    {
        var barrier = new AsyncBarrier(3);
        AsyncBarrier.Place[] places = Fill(barrier);
        AsyncBarrier.Place again = barrier.Arrive();
        LeaveAll(barrier, places);

        barrier.Reset();

        AssertBroken(barrier, again);
        AssertEmpty(barrier);
    }

    [Fact]
    public async Task Abort_NobodyWaiting_RefusesWhoComes()
    {
        var barrier = new AsyncBarrier(1);

        barrier.Abort();

        Assert.True(barrier.IsBroken);
        Assert.Equal(0, barrier.WaitingCount);
        await Assert.ThrowsAsync<BrokenBarrierException>(() => barrier.WaitAsync().Within());
    }

    [Fact]
    public async Task Abort_SomeWaiting_BreaksThemAndStaysBrokenUntilReset()
    {
        var barrier = new AsyncBarrier(3);
        Task<int>[] waits = [barrier.WaitAsync(), barrier.WaitAsync()];

        barrier.Abort();
        barrier.Abort();

        foreach (Task<int> wait in waits)
        {
            await Assert.ThrowsAsync<BrokenBarrierException>(() => wait.Within());
        }

        Assert.True(barrier.IsBroken);
        await Assert.ThrowsAsync<BrokenBarrierException>(() => barrier.WaitAsync().Within());

        barrier.Reset();
        AssertEmpty(barrier);
        await Task.WhenAll(barrier.WaitAsync(), barrier.WaitAsync(), barrier.WaitAsync()).Within();
    }

    [Fact]
    public void Abort_HalfHaveLeftAndWaitToComeIn_BreaksAllOfThem()
    {
        var barrier = new AsyncBarrier(5);
        AsyncBarrier.Place[] places = Fill(barrier);
        barrier.Leave(places[4]);
        barrier.Leave(places[0]);
        AsyncBarrier.Place[] again = [barrier.Arrive(), barrier.Arrive()];
        barrier.Leave(places[1]);

        barrier.Abort();

        AssertBroken(barrier, [places[2], places[3], .. again]);
        Assert.True(barrier.IsBroken);
        Assert.Equal(0, barrier.WaitingCount);
    }

    [Fact]
    public void Reset_AbortedAndSomeHaveYetToLeave_StillBreaksThem()
    {
        var barrier = new AsyncBarrier(3);
        AsyncBarrier.Place[] places = [barrier.Arrive(), barrier.Arrive()];

        barrier.Abort();
        barrier.Reset();
        Assert.Equal(BarrierState.Resetting, barrier.State);

        AssertBroken(barrier, places);
        AssertEmpty(barrier);
    }

    [Fact]
    public async Task Abort_OnePartyFailsBetweenTwoRounds_BreaksTheOthersInTheSecond()
    {
        var barrier = new AsyncBarrier(5);
        int broken = 0, passed = 0;

        async Task Visit()
        {
            int number = await barrier.WaitAsync();
            if (number == 2)
            {
                barrier.Abort();
                return;
            }

            try
            {
                await barrier.WaitAsync();
                passed++;
            }
            catch (BrokenBarrierException)
            {
                Interlocked.Increment(ref broken);
            }
        }

        // Who has not left the first round yet when the third party aborts is broken there.
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            try
            {
                await Visit();
            }
            catch (BrokenBarrierException)
            {
                Interlocked.Increment(ref broken);
            }
        })).Within();

        Assert.True(barrier.IsBroken);
        Assert.Equal(0, passed);
        Assert.Equal(4, broken);
    }

    [Fact]
    public async Task Reset_AbortedAndAllHaveLeft_LetsAllPassAgain()
    {
        var barrier = new AsyncBarrier(5);
        var meeting = new AsyncBarrier(5);
        int broken = 0;

        async Task Visit()
        {
            try
            {
                if (await barrier.WaitAsync() == 2)
                {
                    barrier.Abort();
                }
                else
                {
                    await barrier.WaitAsync();
                }
            }
            catch (BrokenBarrierException)
            {
                Interlocked.Increment(ref broken);
            }

            // All have left before the reset, and none comes before it.
            if (await meeting.WaitAsync() == 2)
            {
                barrier.Reset();
            }

            await meeting.WaitAsync();
            await barrier.WaitAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Visit())).Within();

        Assert.Equal(4, broken);
        AssertEmpty(barrier);
    }
}
