namespace AsyncJobs.Diagnostics.Watching;

/// <summary>A task as a watch saw it.</summary>
/// <param name="Task">The task.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Wait">What it waits in; null where it does not.</param>
/// <param name="Time">How long it has waited, as far as was seen; of one that does not wait, how long it has run.</param>
internal readonly record struct WatchedTask(AsyncTask Task, WatchedState State, WaitInfo? Wait, TimeSpan Time);
