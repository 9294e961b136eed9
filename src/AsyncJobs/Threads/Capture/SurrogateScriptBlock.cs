using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>A script block, or the body of a function.</summary>
/// <param name="block">Cut loose from the caller's session.</param>
internal sealed class SurrogateScriptBlock(ScriptBlock block) : Surrogate
{
    /// <inheritdoc/>
    public override object? Arrive(Materializer arrival) => arrival.Bind(block);
}
