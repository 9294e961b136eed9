namespace AsyncJobs.Automation.Language;

/// <summary>Where a statement stands in a script, with its whole text; PowerShell's own such extent shortens several lines.</summary>
/// <param name="start">Where the statement starts.</param>
/// <param name="end">Where the statement ends.</param>
/// <param name="text">The statement's text.</param>
internal sealed class StatementExtent(ScriptPosition start, ScriptPosition end, string text) : IScriptExtent
{
    public string File => start.File;

    public IScriptPosition StartScriptPosition => start;

    public IScriptPosition EndScriptPosition => end;

    public int StartLineNumber => start.LineNumber;

    public int StartColumnNumber => start.ColumnNumber;

    public int EndLineNumber => end.LineNumber;

    public int EndColumnNumber => end.ColumnNumber;

    public string Text => text;

    // Of a record that comes from anywhere, nobody knows the offsets.
    public int StartOffset => 0;

    public int EndOffset => 0;
}
