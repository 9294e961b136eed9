namespace AsyncJobs;

/// <summary>A wait as others see it: made when it begins, taken away when it ends.</summary>
/// <param name="Place">Where in the script it is; null for a wait that no script wrote.</param>
/// <param name="For">A future, several, a primitive, or a word for it; null where it is not known.</param>
/// <param name="Ending">What ends it.</param>
internal record WaitInfo(IScriptPlace? Place, object? For, WaitEnding Ending = WaitEnding.Open)
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
