namespace AsyncJobs.Core.Diagnostics;

/// <summary>A wait as others see it: made when it begins, taken away when it ends.</summary>
/// <param name="Place">The wait's place in a script; null for one that no script wrote.</param>
/// <param name="For">What is waited for: a future, several, a primitive, or a word for it; null where it is not known.</param>
/// <param name="Ending">What ends the wait.</param>
internal record WaitInfo(IScriptPlace? Place, object? For, WaitCompletion Ending = WaitCompletion.Open)
{
    /// <summary>What is waited for, one by one.</summary>
    public IReadOnlyList<object> Things => For switch
    {
        null => [],
        IWaitedFor several => several.GetWaitedFor(),
        IReadOnlyList<Future> futures => [.. futures.Where(future => !future.IsCompleted).Distinct()],
        var one => [one],
    };
}
