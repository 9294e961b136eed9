using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Capture;

/// <summary>Makes what one run writes fit for its caller's session; on the worker's thread.</summary>
/// <param name="worker">The worker's command.</param>
/// <param name="runspace">The caller's.</param>
/// <param name="seen">What is known of the values that the caller has given to the task.</param>
/// <param name="handsOutBound">Told of each object that only the worker's runspace can serve; null for nobody.</param>
internal sealed class TaskResults(PSCmdlet worker, Runspace runspace, SeenValues seen, Action<object>? handsOutBound)
{
    private ResultMarshaller? _marshaller;
    private ResultMaterializer? _materializer;

    // Most runs write nothing that it takes this for.
    private ResultMarshaller Marshaller => _marshaller ??= new(
        worker, seen, (module, block) => ModuleVariables.Of(worker, module, block), handsOutBound);

    /// <summary>The object itself, or what takes its place in the caller's session.</summary>
    public PSObject Export(PSObject item)
    {
        if (item.Unwrap() is { } bare && ValueShapes.Of(bare.GetType()) is not (ValueShape.Plain or ValueShape.Text)
            && Marshaller.Pack(item) is Surrogate packed && (_materializer ??= new(runspace)).Of(packed) is { } made)
        {
            return PSObject.AsPSObject(made);
        }

        return item;
    }

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
            Marshaller.Pack(bare);
        }
    }
}
