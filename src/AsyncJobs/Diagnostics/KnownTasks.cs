namespace AsyncJobs.Diagnostics;

/// <summary>The tasks of the process.</summary>
internal static class KnownTasks
{
    /// <summary>Those not done, by their numbers, when first asked for: few who look in need them.</summary>
    public static Lazy<IReadOnlyDictionary<int, AsyncTask>> ByNumber() => new(static () => RunspaceLoop.All
        .SelectMany(static pair => pair.Session.Tasks.GetPending())
        .DistinctBy(static task => task.Id)
        .ToDictionary(static task => task.Id));
}
