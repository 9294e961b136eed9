namespace AsyncJobs.Waits;

/// <summary>Waits for the end of one future, as the plain await does.</summary>
internal static class FutureRequest
{
    /// <summary>What a coroutine's plain await of one future asks for.</summary>
    public static WaitRequest For(Future future)
    {
        future.MarkObserved();
        return new WaitRequest
        {
            Until = future,
            For = future,
            Ending = WaitCompletion.All,
            Cancel = reason => future.Cancel(reason),
            Output = () => future.Fault is not null || TaskStreamReader.HasRecords(future) ? null : future.Output,
            Otherwise = command => command.WriteOutcome(future),
        };
    }
}
