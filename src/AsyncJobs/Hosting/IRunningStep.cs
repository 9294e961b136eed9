namespace AsyncJobs.Hosting;

/// <summary>A coroutine in the middle of a step.</summary>
internal interface IRunningStep
{
    AsyncTask Task { get; }

    /// <summary>The one in the middle of whose step this one's runs, or null.</summary>
    IRunningStep? Below { get; }
}
