using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>A script block that belongs to a module in memory: a closure, or a function of such a module.</summary>
/// <param name="block">Cut loose from the caller's session.</param>
/// <param name="module">The module, on its way too.</param>
internal sealed class SurrogateClosure(ScriptBlock block, SurrogateModule module) : Surrogate
{
    /// <inheritdoc/>
    public override object Arrive(Materializer arrival) => ((PSModuleInfo)arrival.Of(module)!).NewBoundScriptBlock(block);
}
