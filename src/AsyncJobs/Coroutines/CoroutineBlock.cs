namespace AsyncJobs.Coroutines;

/// <summary>A block as the coroutines of one command run it.</summary>
/// <param name="Program">What it was compiled to.</param>
/// <param name="Called">The functions that it calls and that may run as a part of it.</param>
/// <param name="MayCallDirectly">Whether the names of our cmdlets in it mean those.</param>
internal sealed record CoroutineBlock(
    CoroutineProgram Program, IReadOnlyDictionary<string, FunctionInfo>? Called, bool MayCallDirectly);
