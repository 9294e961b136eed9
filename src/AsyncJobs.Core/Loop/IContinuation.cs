namespace AsyncJobs.Core.Loop;

/// <summary>A continuation of a future without a delegate, for who waits by the hundred thousand.</summary>
internal interface IContinuation
{
    /// <summary>Goes on: called once, on the completing thread. It must be short and must not throw.</summary>
    void Continue();
}
