namespace AsyncJobs.Coroutines.Frames;

/// <summary>A place in a block that stands around what runs now as a part of the coroutine.</summary>
internal interface IEnclosingPlace
{
    /// <summary>Whether it redirects what is written to other streams than the output.</summary>
    bool IsRedirection => false;

    /// <summary>Runs something in a frame of that place, and throws what it throws.</summary>
    void Run(CoroutineFrame frame, Action action);

    /// <summary>The same, with the variables and functions of the block in the frame's scope, which may have to be prepared.</summary>
    void Run(CoroutineFrame frame, List<PSVariable> variables, Dictionary<string, ScriptBlock> functions, bool isPrepared, Action action);
}
