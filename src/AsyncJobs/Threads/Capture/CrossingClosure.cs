using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A script block that belongs to a module in memory: a closure, or a function of such a module.</summary>
/// <param name="block">Cut loose from the caller's session.</param>
/// <param name="module">The module, on its way too.</param>
internal sealed class CrossingClosure(ScriptBlock block, CrossingModule module) : Crossing
{
    /// <inheritdoc/>
    public override object Arrive(Arrival arrival) => ((PSModuleInfo)arrival.Of(module)!).NewBoundScriptBlock(block);
}
