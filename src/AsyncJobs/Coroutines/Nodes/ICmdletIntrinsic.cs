namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A command of ours that may need no cmdlet.</summary>
internal interface ICmdletIntrinsic
{
    /// <summary>Does what the command does, or begins its wait.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="wait">What to wait for; null if it is done.</param>
    /// <returns>False if the cmdlet has to run.</returns>
    bool TryBegin(CoroutineFrame frame, out WaitRequest? wait);
}
