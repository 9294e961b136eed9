namespace AsyncJobs.Core.Diagnostics;

/// <summary>A primitive as a trace knows it: the trace does not keep the primitive itself.</summary>
/// <param name="Type">The name of its type.</param>
/// <param name="Name">The name that it was given, or null.</param>
/// <param name="Number">A number that no other of the trace has.</param>
internal sealed record TraceSubject(string Type, string? Name, int Number)
{
    /// <summary>For a lock, the place of the plain script that holds it; null where a task does, or nobody is known to.</summary>
    public IScriptPlace? HeldAt { get; init; }

    /// <summary>For a semaphore, the numbers of the tasks that have permits, or of some of them; null where that is not known.</summary>
    public int[]? UsedBy { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name is null ? $"{Type} {Number}" : $"{Type} '{Name}'";
}
