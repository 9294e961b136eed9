namespace AsyncJobs.Coroutines.Frames;

/// <summary>A block as the coroutines of one command run it, or as a call does.</summary>
/// <param name="Program">What it was compiled to.</param>
/// <param name="Called">The functions that await and that it can call, by name, other than its own.</param>
/// <param name="MayCallDirectly">Whether the names of our cmdlets in it mean those.</param>
internal sealed record CoroutineBlock(
    CoroutineProgram Program, IReadOnlyDictionary<string, FunctionInfo>? Called, bool MayCallDirectly);
