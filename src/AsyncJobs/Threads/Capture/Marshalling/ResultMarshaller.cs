namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// The walk over what a task writes: what it has made is to work in the caller's session, whatever becomes of the task's.
/// </summary>
/// <param name="worker">A cmdlet of the task's session.</param>
/// <param name="ofCaller">Knows the instances that the caller has given to the task, which stay what they are.</param>
/// <param name="variablesOf">The variables of a module in memory that a block or function of it reads.</param>
/// <param name="staysBound">Told of each object that cannot be made anew and that only the task's session can serve; null for nobody.</param>
internal sealed class ResultMarshaller(
    PSCmdlet worker, SeenValues ofCaller, Func<PSModuleInfo, ScriptBlock, IEnumerable<PSVariable>> variablesOf, Action<object>? staysBound)
    : Marshaller(worker, ownModule: null, new SeenValues(), variablesOf)
{
    /// <summary>A closure's, which has variables only: to define functions is to run script, in a session that may be doing something else.</summary>
    public override bool Takes(PSModuleInfo module)
    {
        bool isTaken = ModuleInMemory.FunctionsOf(Caller, module).Count == 0;
        if (!isTaken)
        {
            staysBound?.Invoke(module);
        }

        return isTaken;
    }

    /// <inheritdoc/>
    protected override SurrogateInstance InstanceOf(object instance)
    {
        bool isBound = !ScriptClass.RunsAnywhere(instance.GetType()) && !ofCaller.IsOfCaller(instance);
        bool isCopied = isBound && ScriptClass.IsWhole(instance.GetType());
        if (isBound && !isCopied && ScriptClass.MethodsOf(instance.GetType()).Any())
        {
            staysBound?.Invoke(instance);
        }

        return new SurrogateInstance(instance, isCopied);
    }
}
