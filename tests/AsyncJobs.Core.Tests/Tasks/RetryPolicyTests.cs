namespace AsyncJobs.Core.Tests;

public class RetryPolicyTests
{
    [Theory]
    [InlineData(BackoffKind.Constant, 2, 2, 2, 2)]
    [InlineData(BackoffKind.Linear, 2, 4, 6, 8)]
    [InlineData(BackoffKind.Exponential, 2, 4, 8, 16)]
    public void DelayAfter_EachBackoff_GrowsAsItSays(BackoffKind backoff, params int[] seconds)
    {
        RetryPolicy policy = Every(2, backoff);

        Assert.Equal(seconds.Select(s => TimeSpan.FromSeconds(s)), Enumerable.Range(1, seconds.Length).Select(policy.DelayAfter));
    }

    [Theory]
    [InlineData(BackoffKind.Linear)]
    [InlineData(BackoffKind.Exponential)]
    public void DelayAfter_ManyAttempts_StaysAtTheMaximum(BackoffKind backoff)
    {
        RetryPolicy policy = Every(60, backoff);

        Assert.Equal(RetryPolicy.MaximumDelay, policy.DelayAfter(6));
        Assert.Equal(RetryPolicy.MaximumDelay, policy.DelayAfter(int.MaxValue));
    }

    [Theory]
    [InlineData(BackoffKind.Constant)]
    [InlineData(BackoffKind.Linear)]
    [InlineData(BackoffKind.Exponential)]
    public void DelayAfter_NoInterval_IsNoneHoweverManyAttempts(BackoffKind backoff) =>
        Assert.Equal(TimeSpan.Zero, Every(0, backoff).DelayAfter(5000));

    [Fact]
    public void JitteredDelayAfter_ManyTimes_IsWithinAQuarterAndVaries()
    {
        RetryPolicy policy = Every(10, BackoffKind.Constant);

        TimeSpan[] delays = [.. Enumerable.Range(0, 1000).Select(_ => policy.JitteredDelayAfter(1))];

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(12.5)));
        Assert.True(delays.Distinct().Count() > 100);
    }

    [Fact]
    public void JitteredDelayAfter_AtTheMaximum_StaysBelowIt()
    {
        RetryPolicy policy = Every(3600, BackoffKind.Constant);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(policy.JitteredDelayAfter(1) <= RetryPolicy.MaximumDelay));
    }

    [Fact]
    public void None_IsOneAttempt() => Assert.Equal(0, RetryPolicy.None.MaximumRetryCount);

    private static RetryPolicy Every(int seconds, BackoffKind backoff) => new(10, TimeSpan.FromSeconds(seconds), backoff);
}
