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
        ILoopHost? waiter = Session.CurrentWaiter;
        var streams = ((IRunningStep)this).Whole.Task.HostState as TaskStreams;
        bool takesInformation = waiter is { TakesInformation: true } || streams is { TakesInformation: true };
        bool takesMessages = (Session.RecordReaders > 0 || streams is { OnRecord: not null })
            && !IsRedirected && waiter is not { Steps.TakesMessages: true };
        if (Enclosing is null && !takesMessages && !takesInformation)
        {
            return block.InvokeWithContext(Functions, variables, Arguments);
        }

        Collection<PSObject>? written = null;
        Action step = () => RunEnclosed(() => written = block.InvokeWithContext(Functions, variables, Arguments));
        if (takesMessages || takesInformation)
        {
            StepPipeline.RunTaking(takesMessages, takesInformation, step);
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
