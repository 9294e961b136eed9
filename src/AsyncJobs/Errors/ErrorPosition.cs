namespace AsyncJobs.Errors;

/// <summary>Keeps an error where it happened.</summary>
internal static class ErrorPosition
{
    /// <summary>Where an error was, as a place in a script.</summary>
    public static IScriptExtent Of(InvocationInfo call)
    {
        if (call.DisplayScriptPosition is { } given)
        {
            return given;
        }

        string statement = PowerShell7.StatementOf(call);
        string[] lines = statement.Split('\n');
        int lastColumn = (lines.Length == 1 ? call.OffsetInLine : 1) + lines[^1].Length;
        return new StatementExtent(
            new ScriptPosition(call.ScriptName, call.ScriptLineNumber, call.OffsetInLine, call.Line),
            new ScriptPosition(
                call.ScriptName, call.ScriptLineNumber + lines.Length - 1, lastColumn, lines.Length == 1 ? call.Line : lines[^1]),
            statement);
    }

    /// <summary>Where a script block, or the script of a path, begins.</summary>
    public static IScriptExtent StartOf(object command)
    {
        if (command is not ScriptBlock { Ast.Extent: { } extent })
        {
            return RestOfLine((string)command, 1, 1, string.Empty);
        }

        string line = extent.StartScriptPosition.Line;
        return RestOfLine(extent.File, extent.StartLineNumber, extent.StartColumnNumber, line);
    }

    private static ScriptExtent RestOfLine(string? file, int line, int column, string text) => new(
        new ScriptPosition(file, line, column, text),
        new ScriptPosition(file, line, Math.Max(column, text.TrimEnd().Length + 1), text));
}
