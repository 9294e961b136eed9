namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>A script block, or the body of a function; with its module where that is one in memory, as that of a closure.</summary>
/// <param name="block">The block.</param>
internal sealed class SurrogateScriptBlock(ScriptBlock block) : Surrogate(block)
{
    private readonly ScriptBlock _unbound = UnboundScript.Of(block);
    private Surrogate? _module;

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        if (ModuleInMemory.Of(block, marshaller.OwnModule) is { } module)
        {
            if (!marshaller.Takes(module))
            {
                return;
            }

            _module = marshaller.ModuleOf(module, block);
        }

        Need();
    }

    /// <inheritdoc/>
    public override object? Arrive(Materializer arrival) =>
        _module is null ? arrival.Bind(_unbound) : ((PSModuleInfo)arrival.Of(_module)!).NewBoundScriptBlock(_unbound);
}
