namespace AsyncJobs;

/// <summary>Somebody who goes on when a future is done: a continuation without a delegate, for who waits by the hundred thousand.</summary>
internal interface IContinuation
{
    /// <summary>Called once, on the completing thread; it must be short and must not throw.</summary>
    void Continue();
}
