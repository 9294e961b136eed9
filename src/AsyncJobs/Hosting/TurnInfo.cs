namespace AsyncJobs.Hosting;

/// <summary>A wait that turns the loop meanwhile.</summary>
/// <param name="Place">Where in the script it is.</param>
/// <param name="For">What it is for.</param>
/// <param name="Ending">What ends the wait.</param>
/// <param name="Outer">The wait of the same thread in whose turn of the loop this one began: it ends after this one.</param>
/// <param name="Task">The task whose script it is; null for the session's own.</param>
/// <param name="Until">Done when it is over; null where that is not known.</param>
internal sealed record TurnInfo(IScriptPlace? Place, object? For, WaitCompletion Ending, TurnInfo? Outer, AsyncTask? Task, Future? Until)
    : WaitInfo(Place, For, Ending)
{
    /// <summary>The command that turns.</summary>
    public required ILoopHost Host { get; init; }

    /// <summary>Whether it could go on, but for those on top of it.</summary>
    public bool IsOver => Until is { IsCompleted: true };
}
