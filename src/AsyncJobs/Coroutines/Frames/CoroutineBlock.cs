namespace AsyncJobs.Coroutines.Frames;

/// <summary>A block as the coroutines of one command run it, or as a call does.</summary>
/// <param name="Program">What it was compiled to.</param>
/// <param name="Called">The functions that await and that it can call, by name, other than its own.</param>
/// <param name="MayCallDirectly">Whether the names of our cmdlets in it mean those.</param>
internal sealed record CoroutineBlock(
    CoroutineProgram Program, IReadOnlyDictionary<string, FunctionInfo>? Called, bool MayCallDirectly)
{
    /// <summary>A program as its names are understood where it is run.</summary>
    public static CoroutineBlock Of(CoroutineProgram program, CommandNames names) => new(program, names.Called, names.AreOurs(program.IntrinsicCommands));
}
