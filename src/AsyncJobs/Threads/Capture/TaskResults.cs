using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>Makes what one run writes fit for its caller's session; on the worker's thread.</summary>
/// <param name="worker">The worker's command.</param>
/// <param name="runspace">The caller's.</param>
/// <param name="seen">What is known of the values that the caller has given to the task.</param>
/// <param name="handsOutBound">Told of each object that only the worker's runspace can serve; null for nobody.</param>
internal sealed class TaskResults(PSCmdlet worker, Runspace runspace, SeenValues seen, Action<object>? handsOutBound)
{
    private readonly ResultMarshaller _marshaller = new(worker, seen, (module, block) => ModuleVariables.Of(worker, module, block), handsOutBound);
    private readonly ResultMaterializer _materializer = new(runspace);

    /// <summary>The object itself, or what takes its place in the caller's session.</summary>
    public PSObject Export(PSObject item) => _marshaller.Pack(item) is Surrogate packed && _materializer.Of(packed) is { } made
        ? PSObject.AsPSObject(made)
        : item;

    /// <summary>Looks for what an error hands out: exceptions of PowerShell classes, and the object that it is about.</summary>
    public void Note(ErrorRecord error)
    {
        for (Exception? exception = error.Exception; exception is not null; exception = exception.InnerException)
        {
            NoteInstance(exception);
        }

        NoteInstance(error.TargetObject);
    }

    private void NoteInstance(object? value)
    {
        if (value.Unwrap() is { } bare && ValueShapes.Of(bare.GetType()) == ValueShape.Instance)
        {
            _marshaller.Pack(bare);
        }
    }
}
