namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What is known of the scope that a block is compiled for.</summary>
/// <param name="OfCalls">What functions that it calls do to it, as far as its caller knows.</param>
/// <param name="IsCallers">Whether it is its caller's, who dots it: PowerShell looks all its variables up by name.</param>
internal readonly record struct ScopeUse(ScopeEffect OfCalls, bool IsCallers);
