using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Pool;

/// <summary>
/// What a worker's tasks have handed out that only its runspace can serve: objects whose methods belong to it and that
/// cannot be copied. While one of them is held somewhere, the worker stays. Safe from any thread.
/// </summary>
internal sealed class BoundResults
{
    // Holds none of them itself.
    private readonly ConditionalWeakTable<object, object> _objects = [];

    /// <summary>Whether one of them is held.</summary>
    public bool AreHeld => _objects.Any();

    /// <summary>Notes one.</summary>
    public void Add(object bound) => _objects.GetValue(bound, static _ => new object());
}
