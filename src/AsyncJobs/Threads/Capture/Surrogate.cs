using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// A value on its way to a task's runspace, in which it has to be made anew: a script block knows the session it
/// belongs to, and one session runs no other's.
/// </summary>
internal abstract class Surrogate
{
    /// <summary>Makes the value; on the worker's thread, anew for each run.</summary>
    public abstract object? Arrive(Materializer arrival);
}
