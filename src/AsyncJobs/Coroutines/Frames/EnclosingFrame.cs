namespace AsyncJobs.Coroutines.Frames;

/// <summary>A frame of script around that of a block that is a part of the coroutine: PowerShell has one for each block.</summary>
internal sealed record EnclosingFrame(IEnclosingPlace Place, EnclosingFrame? Outer)
{
    /// <summary>Whether one of them redirects what is written to other streams than the output.</summary>
    public bool IsRedirection => Place.IsRedirection || Outer is { IsRedirection: true };

    /// <summary>Runs something within it, and within those around it.</summary>
    public void Run(CoroutineFrame frame, Action action)
    {
        Action within = () => Place.Run(frame, action);
        if (Outer is null)
        {
            within();
        }
        else
        {
            Outer.Run(frame, within);
        }
    }
}
