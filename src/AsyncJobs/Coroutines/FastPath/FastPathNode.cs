namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A statement that the engine does by itself, where that certainly comes to the same.</summary>
/// <param name="native">The statement as PowerShell runs it.</param>
internal abstract class FastPathNode(CoroutineNode native) : CoroutineNode
{
    /// <summary>The statement as PowerShell runs it.</summary>
    public CoroutineNode Native => native;
}
