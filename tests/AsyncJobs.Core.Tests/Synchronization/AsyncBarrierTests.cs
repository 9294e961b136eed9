namespace AsyncJobs.Core.Tests;

public partial class AsyncBarrierTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    public void New_LessThanOneParty_Throws(int parties) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncBarrier(parties));

    [Fact]
    public async Task WaitAsync_OneParty_PassesAtOnceEachTime()
    {
        var barrier = new AsyncBarrier(1);

        Assert.Equal(0, await barrier.WaitAsync().Within());
        Assert.Equal(0, await barrier.WaitAsync().Within());

        AssertEmpty(barrier);
    }

    [Fact]
    public async Task WaitAsync_PartyByParty_LetsAllGoWithTheLastAndNumbersThem()
    {
        var barrier = new AsyncBarrier(3);

        Task<int> first = barrier.WaitAsync();
        Assert.Equal(1, barrier.WaitingCount);
        Task<int> second = barrier.WaitAsync();
        Assert.Equal(2, barrier.WaitingCount);
        Assert.Equal(BarrierState.Filling, barrier.State);
        Assert.False(first.IsCompleted || second.IsCompleted);
        Task<int> third = barrier.WaitAsync();

        int[] numbers = await Task.WhenAll(first, second, third).Within();
        Assert.Equal([0, 1, 2], numbers);
        AssertEmpty(barrier);
    }

    [Fact]
    public async Task WaitAsync_RoundAfterRound_NumbersEachRoundAnew()
    {
        var barrier = new AsyncBarrier(5);
        int[][] numbers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
        {
            var mine = new int[20];
            for (int round = 0; round < mine.Length; round++)
            {
                mine[round] = await barrier.WaitAsync();
            }

            return mine;
        }))).Within();

        for (int round = 0; round < 20; round++)
        {
            Assert.Equal([0, 1, 2, 3, 4], numbers.Select(mine => mine[round]).Order());
        }

        AssertEmpty(barrier);
    }

    [Fact]
    public void Leave_OneByOne_DrainsUntilTheLastHasLeft()
    {
        var barrier = new AsyncBarrier(3);
        AsyncBarrier.Place[] places = Fill(barrier);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(BarrierState.Draining, barrier.State);
            Assert.Equal(0, barrier.WaitingCount);
            Assert.Equal(i, barrier.Leave(places[i]));
        }

        Assert.Equal(2, barrier.Leave(places[2]));
        AssertEmpty(barrier);
    }

    [Fact]
    public void Arrive_WhileDraining_ComesInWhenAllHaveLeft()
    {
        var barrier = new AsyncBarrier(3);
        AsyncBarrier.Place[] places = Fill(barrier);
        AsyncBarrier.Place[] next = [barrier.Arrive(), barrier.Arrive()];
        Assert.Equal(0, barrier.WaitingCount);

        LeaveAll(barrier, places);
        Assert.Equal(2, barrier.WaitingCount);
        Assert.All(next, place => Assert.False(place.LetGo.IsCompleted));

        AsyncBarrier.Place last = barrier.Arrive();
        Assert.Equal([0, 1, 2], LeaveAll(barrier, [.. next, last]));
        AssertEmpty(barrier);
    }

    [Fact]
    public void Leave_EnoughForSeveralRoundsWaitOutside_LetsThemPassRoundByRound()
    {
        var barrier = new AsyncBarrier(2);
        AsyncBarrier.Place[] first = Fill(barrier);
        AsyncBarrier.Place[] others = [.. Enumerable.Range(0, 5).Select(_ => barrier.Arrive())];

        LeaveAll(barrier, first);
        Assert.Equal([true, true, false, false, false], others.Select(place => place.LetGo.IsCompleted));

        Assert.Equal([0, 1], LeaveAll(barrier, others[..2]));
        Assert.Equal([0, 1], LeaveAll(barrier, others[2..4]));
        Assert.Equal(1, barrier.WaitingCount);
    }

    [Fact]
    public async Task WaitAsync_CancelledWhileFilling_OnlyGivesItsPlaceUp()
    {
        var barrier = new AsyncBarrier(3);
        using var stop = new CancellationTokenSource();
        Task<int> cancelled = barrier.WaitAsync(stop.Token);
        Task<int> second = barrier.WaitAsync();

        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());
        Assert.Equal(1, barrier.WaitingCount);
        Assert.False(barrier.IsBroken);

        Task<int> third = barrier.WaitAsync();
        Assert.Equal(2, barrier.WaitingCount);

        // asyncio would give two of them the same number.
        int[] numbers = await Task.WhenAll(second, third, barrier.WaitAsync()).Within();
        Assert.Equal([0, 1, 2], numbers);
        AssertEmpty(barrier);
    }

    [Fact]
    public void Arrive_CancelledWhileWaitingToComeIn_IsNotCounted()
    {
        var barrier = new AsyncBarrier(2);
        AsyncBarrier.Place[] places = Fill(barrier);
        using var stop = new CancellationTokenSource();
        AsyncBarrier.Place cancelled = barrier.Arrive(stop.Token);
        AsyncBarrier.Place other = barrier.Arrive();

        stop.Cancel();
        LeaveAll(barrier, places);

        Assert.True(cancelled.LetGo.IsCanceled);
        Assert.False(other.LetGo.IsCompleted);
        Assert.Equal(1, barrier.WaitingCount);
    }

    [Fact]
    public async Task WaitAsync_CancelledAfterAllHadCome_Passes()
    {
        var barrier = new AsyncBarrier(2);
        using var stop = new CancellationTokenSource();
        Task<int> first = barrier.WaitAsync(stop.Token);

        Task<int> second = barrier.WaitAsync();
        stop.Cancel();

        int[] numbers = await Task.WhenAll(first, second).Within();
        Assert.Equal([0, 1], numbers);
        AssertEmpty(barrier);
    }

    [Fact]
    public async Task WaitAsync_CancelledToken_IsNotCounted()
    {
        var barrier = new AsyncBarrier(2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => barrier.WaitAsync(new CancellationToken(canceled: true)));

        Assert.Equal(0, barrier.WaitingCount);
    }

    [Fact]
    public void ToString_InEachState_TellsIt()
    {
        var barrier = new AsyncBarrier(3, "start");
        Assert.Equal("AsyncBarrier 'start' (Filling, 0 of 3 waiting)", barrier.ToString());
        Fill(barrier);
        Assert.Contains("Draining", barrier.ToString());
        barrier.Reset();
        Assert.Contains("Resetting", barrier.ToString());
        barrier.Abort();
        Assert.Contains("Broken", barrier.ToString());
    }

    private static AsyncBarrier.Place[] Fill(AsyncBarrier barrier) =>
        [.. Enumerable.Range(0, barrier.Parties).Select(_ => barrier.Arrive())];

    private static int[] LeaveAll(AsyncBarrier barrier, AsyncBarrier.Place[] places)
    {
        Assert.All(places, place => Assert.True(place.LetGo.IsCompletedSuccessfully));
        return [.. places.Select(barrier.Leave)];
    }

    private static void AssertBroken(AsyncBarrier barrier, params AsyncBarrier.Place[] places) =>
        Assert.All(places, place =>
        {
            Assert.True(place.LetGo.IsCompletedSuccessfully);
            Assert.Throws<BrokenBarrierException>(() => barrier.Leave(place));
        });

    private static void AssertEmpty(AsyncBarrier barrier)
    {
        Assert.Equal(BarrierState.Filling, barrier.State);
        Assert.Equal(0, barrier.WaitingCount);
        Assert.False(barrier.IsBroken);
    }
}
