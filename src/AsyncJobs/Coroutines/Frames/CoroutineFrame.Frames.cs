using System.Collections.ObjectModel;

namespace AsyncJobs.Coroutines.Frames;

/// <content>The script frames that its steps run within.</content>
internal sealed partial class CoroutineFrame
{
    /// <summary>The pipelines, innermost first, whose blocks run now as a part of the coroutine.</summary>
    public EnclosingFrame? Enclosing { get; set; }

    /// <inheritdoc/>
    public bool IsRedirected => Enclosing is { IsRedirection: true } || Caller is { Frame.IsRedirected: true };

    private Collection<PSObject> Invoke(ScriptBlock block, List<PSVariable> variables)
    {
        bool takesInformation = Session.CurrentWaiter is { TakesInformation: true }
            || Task.HostState is TaskStreams { TakesInformation: true };
        if (Enclosing is null && !takesInformation)
        {
            return block.InvokeWithContext(_functions, variables, Arguments);
        }

        Collection<PSObject>? written = null;
        Action step = () => RunEnclosed(() => written = block.InvokeWithContext(_functions, variables, Arguments));
        if (takesInformation)
        {
            StepPipeline.RunWithInformation(step);
        }
        else
        {
            step();
        }

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
