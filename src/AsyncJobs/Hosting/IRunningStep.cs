namespace AsyncJobs.Hosting;

/// <summary>A coroutine in the middle of a step.</summary>
internal interface IRunningStep
{
    /// <summary>The coroutine's task.</summary>
    AsyncTask Task { get; }

    /// <summary>The one in the middle of whose step this one's runs, or null.</summary>
    IRunningStep? Below { get; }
}
