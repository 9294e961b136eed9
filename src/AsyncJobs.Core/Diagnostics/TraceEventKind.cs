namespace AsyncJobs.Core.Diagnostics;

/// <summary>What happened, in a trace.</summary>
internal enum TraceEventKind : byte
{
    /// <summary>A task was made. A: its input; B: its <see cref="TraceTask"/>; Detail: its kind.</summary>
    Created,

    /// <summary>A task has its permits, and its work begins.</summary>
    Begun,

    /// <summary>A task's own work goes on, or begins; of a coroutine on the loop that this thread turns.</summary>
    Resumed,

    /// <summary>A task waits. A: the place; B: what for; Detail: the kind of that.</summary>
    Waits,

    /// <summary>What a coroutine waited for has come, and the loop has yet to come to it.</summary>
    Ready,

    /// <summary>A task has ended. A: the message of its failure; Detail: its state.</summary>
    Ended,

    /// <summary>A thread begins to run a task's script.</summary>
    ThreadBegun,

    /// <summary>The thread is done with it.</summary>
    ThreadEnded,

    /// <summary>The work has come to another phase. A: its name.</summary>
    Phase,

    /// <summary>A task's cancellation was asked for. A: why.</summary>
    Canceled,

    /// <summary>Whoever runs on this thread has put an item into a queue. B: which.</summary>
    Put,

    /// <summary>Whoever runs on this thread has got an item out of a queue. B: which.</summary>
    Got,

    /// <summary>A callback of a loop has ended. Number: how long it took, in the clock's ticks or, where Detail is 0, larger units.</summary>
    Callback,
}
