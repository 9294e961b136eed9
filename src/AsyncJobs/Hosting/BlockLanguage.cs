namespace AsyncJobs.Hosting;

/// <summary>
/// In which language mode a block runs. PowerShell gives each block the mode in which it was made, and says nowhere which;
/// what is compiled of a block later, in whatever mode the session is in by then, must have that of the block.
/// </summary>
internal static class BlockLanguage
{
    /// <summary>The mode of a block.</summary>
    /// <param name="state">The session's.</param>
    /// <param name="session">Where it is to run.</param>
    /// <param name="block">The block.</param>
    public static PSLanguageMode Of(SessionState state, RunspaceLoop session, ScriptBlock block)
    {
        PSLanguageMode current = state.LanguageMode;
        session.MayBeConstrained |= current != PSLanguageMode.FullLanguage;
        if (!session.MayBeConstrained)
        {
            return PSLanguageMode.FullLanguage;
        }

        // A constrained session refuses to dot-source a block that is not constrained, before it runs any of it.
        return In(PSLanguageMode.ConstrainedLanguage, state, () => MayBeDotSourced(block))
            ? PSLanguageMode.ConstrainedLanguage
            : PSLanguageMode.FullLanguage;
    }

    /// <summary>Whether a session was made to be constrained. That it became so later is seen by the mode it is in.</summary>
    public static bool IsExpected(PSLanguageMode? initial) =>
        initial is not null and not PSLanguageMode.FullLanguage || PowerShell7.IsLockedDown();

    /// <summary>Does something in a language mode.</summary>
    public static T In<T>(PSLanguageMode mode, SessionState state, Func<T> action)
    {
        PSLanguageMode outer = state.LanguageMode;
        if (outer == mode)
        {
            return action();
        }

        state.LanguageMode = mode;
        try
        {
            return action();
        }
        finally
        {
            state.LanguageMode = outer;
        }
    }

    private static bool MayBeDotSourced(ScriptBlock block)
    {
        try
        {
            CallerScope.DotSource(block).GetSteppablePipeline(CommandOrigin.Internal).Dispose();
            return true;
        }
        catch (RuntimeException refusal)
            when (refusal.ErrorRecord.FullyQualifiedErrorId.StartsWith("DotSourceNotSupported", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
