namespace AsyncJobs.Coroutines.Frames;

/// <summary>An await of a future with which nothing else is said.</summary>
internal interface IPlainAwait
{
    /// <summary>Where it stands.</summary>
    IScriptPlace Place { get; }

    /// <summary>Writes or throws what came of it.</summary>
    /// <param name="frame">The frame that it stands in.</param>
    /// <param name="future">The future, which is done unless the coroutine is cancelled here.</param>
    /// <param name="isCanceled">Whether that is so.</param>
    Flow Finish(CoroutineFrame frame, Future future, bool isCanceled);
}
