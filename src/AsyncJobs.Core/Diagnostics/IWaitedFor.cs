namespace AsyncJobs.Core.Diagnostics;

/// <summary>What stands for several things that are waited for; asked from any thread.</summary>
internal interface IWaitedFor
{
    /// <summary>The things that are still waited for.</summary>
    IReadOnlyList<object> GetWaitedFor();
}
