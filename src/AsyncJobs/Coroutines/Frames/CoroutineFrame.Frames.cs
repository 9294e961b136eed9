using System.Collections.ObjectModel;

namespace AsyncJobs.Coroutines.Frames;

/// <content>The script frames that its steps run within.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>The pipelines, innermost first, whose blocks run now as a part of the coroutine.</summary>
    public EnclosingFrame? Enclosing { get; set; }

    private Collection<PSObject> Invoke(ScriptBlock block, List<PSVariable> variables)
    {
        if (Enclosing is null)
        {
            return block.InvokeWithContext(_functions, variables, Arguments);
        }

        Collection<PSObject>? written = null;
        RunEnclosed(() => written = block.InvokeWithContext(_functions, variables, Arguments));
        return written!;
    }

    private void RunEnclosed(Action step)
    {
        if (Enclosing is null)
        {
            step();
        }
        else
        {
            Enclosing.Run(this, step);
        }
    }
}
