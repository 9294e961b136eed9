namespace AsyncJobs;

/// <summary>Something that stands for several that are waited for; asked from any thread.</summary>
internal interface IWaitedFor
{
    /// <summary>Those that are still waited for.</summary>
    IReadOnlyList<object> GetWaitedFor();
}
