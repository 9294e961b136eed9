namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a coroutine asks for programs of the functions that it calls.</summary>
internal interface ICoroutineCompiler
{
    /// <summary>The program of a block; made when it is first asked for.</summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="language">Its language mode, in which the session has to be now.</param>
    /// <exception cref="CoroutineNotSupportedException">The block holds something that no coroutine can.</exception>
    CoroutineProgram ProgramOf(ScriptBlock source, CommandNames names, PSLanguageMode language);

    /// <summary>The program of a function or block that is called; null where PowerShell has to run it.</summary>
    /// <param name="function">The function or block.</param>
    CoroutineProgram? ProgramOf(ScriptBlock function);
}
