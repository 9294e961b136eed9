namespace AsyncJobs.Hosting;

/// <summary>A coroutine in the middle of a step.</summary>
internal interface IRunningStep
{
    AsyncTask Task { get; }

    /// <summary>The one in the middle of whose step this one's runs, or null.</summary>
    IRunningStep? Below { get; }

    /// <summary>Whether it is starting another, whose first step is a part of its own.</summary>
    bool IsStarting { get; }

    /// <summary>The one whose step this is a part of, or itself: what is written to other streams than the output is of that one.</summary>
    IRunningStep Whole => Below is { } below && (below.IsStarting || below.Task == Task) ? below.Whole : this;
}
