namespace AsyncJobs.Commands.Processes;

/// <summary>Values as arguments of a program.</summary>
internal static class ProgramArguments
{
    /// <summary>
    /// What PowerShell passes for a value that stands in a call of a program: nothing for null, an argument for each element of
    /// a list, and the invariant text of anything else.
    /// </summary>
    public static IEnumerable<string> Of(object? value)
    {
        System.Collections.IEnumerable items = LanguagePrimitives.GetEnumerable(value) ?? new[] { value };
        return items.Cast<object?>().Where(static item => item is not null).Select(LanguagePrimitives.ConvertTo<string>);
    }
}
