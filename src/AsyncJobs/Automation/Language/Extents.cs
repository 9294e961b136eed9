namespace AsyncJobs.Automation.Language;

/// <summary>Places in a script.</summary>
internal static class Extents
{
    /// <summary>From the beginning of one to the end of another.</summary>
    public static IScriptExtent Span(IScriptExtent first, IScriptExtent last) => ReferenceEquals(first, last)
        ? first
        : new ScriptExtent(Copy(first.StartScriptPosition), Copy(last.EndScriptPosition));

    /// <summary>File and line, or the line alone where it was typed.</summary>
    public static string PlaceOf(IScriptExtent extent) =>
        string.IsNullOrEmpty(extent.File) ? $"line {extent.StartLineNumber}" : $"{extent.File}:{extent.StartLineNumber}";

    private static ScriptPosition Copy(IScriptPosition position) =>
        new(position.File, position.LineNumber, position.ColumnNumber, position.Line, position.GetFullScript());
}
