namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a function or block means where it is called: its program, and what its names lead to there.</summary>
/// <param name="Block">The function or block, as the names in it are understood there.</param>
/// <param name="Inherited">Of the variables that it assigns those that it sees before.</param>
/// <param name="IsStrict">Whether the others cannot be read before.</param>
internal sealed record CallMeaning(CoroutineBlock Block, List<PSVariable> Inherited, bool IsStrict)
{
    /// <summary>Looks it up.</summary>
    /// <param name="caller">Who calls it.</param>
    /// <param name="function">The function or block.</param>
    /// <param name="names">What its command names mean there.</param>
    /// <param name="isDotted">Whether it runs in the caller's scope.</param>
    /// <param name="parameters">The names of its parameters, which it has of its own.</param>
    /// <param name="outer">Finds a variable that it sees.</param>
    public static CallMeaning Of(
        CoroutineFrame caller, ScriptBlock function, CommandNames names, bool isDotted, IReadOnlyCollection<string> parameters, Func<string, PSVariable?> outer)
    {
        CoroutineProgram program = caller.Program.Compiler.ProgramOf(function, names, PSLanguageMode.FullLanguage)
            .CalledBy(caller.Program, function, names, isDotted);
        bool isStrict = program.IsStrictFor(names);
        List<PSVariable> inherited = [.. program.Names.Assigned.Except(parameters, StringComparer.OrdinalIgnoreCase).Select(outer).OfType<PSVariable>()];
        program = program.WithReadableVariables(function, names, name => isStrict || inherited.Exists(variable => string.Equals(variable.Name, name, StringComparison.OrdinalIgnoreCase)));
        return new CallMeaning(CoroutineBlock.Of(program, names), inherited, isStrict);
    }
}
