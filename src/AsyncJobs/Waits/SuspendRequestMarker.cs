namespace AsyncJobs.Waits;

/// <summary>
/// The place of a command that a coroutine calls to be told what to wait for. The command is called by its name, as the
/// script does, so nothing else tells it who calls.
/// </summary>
/// <param name="place">The place.</param>
internal sealed class SuspendRequestMarker(IScriptExtent place) : IScriptExtent
{
    // PowerShell does not hand a cmdlet its extent, but looks there for the line.
    [ThreadStatic]
    private static bool s_isAsked;

    public string File => place.File;

    public IScriptPosition StartScriptPosition => place.StartScriptPosition;

    public IScriptPosition EndScriptPosition => place.EndScriptPosition;

    public int StartLineNumber
    {
        get
        {
            s_isAsked = true;
            return place.StartLineNumber;
        }
    }

    public int StartColumnNumber => place.StartColumnNumber;

    public int EndLineNumber => place.EndLineNumber;

    public int EndColumnNumber => place.EndColumnNumber;

    public string Text => place.Text;

    public int StartOffset => place.StartOffset;

    public int EndOffset => place.EndOffset;

    /// <summary>Whether a command has been called at such a place.</summary>
    public static bool IsOf(InvocationInfo call)
    {
        s_isAsked = false;
        _ = call.ScriptLineNumber;
        return s_isAsked;
    }
}
