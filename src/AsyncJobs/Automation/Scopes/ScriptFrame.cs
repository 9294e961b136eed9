namespace AsyncJobs.Automation.Scopes;

/// <summary>Runs an action of ours inside a script block, whose scope is then around what the action runs.</summary>
internal static class ScriptFrame
{
    /// <summary>What stands for a file in the stack frames of our own blocks.</summary>
    public const string File = "AsyncJobs";

    /// <summary>What stands for a file in frames that are only there for their scope: those around them belong together.</summary>
    public const string ScopeFile = "AsyncJobs scope";

    // Of the ways to call a block, this one alone leaves the error stream as it is.
    internal static readonly Dictionary<string, ScriptBlock> NoFunctions = [];

    /// <summary>
    /// A block of ours, in whose stack frames the module's name stands for a file. It runs the action by writing
    /// <c>$__asyncJobsRun</c>.
    /// </summary>
    public static ScriptBlock Of(string script, string file = File) =>
        SharedScriptBlock.Make(() => Parser.ParseInput("param($__asyncJobsRun) " + script, file, out _, out _).GetScriptBlock());

    /// <summary>A frame that is only there for its scope.</summary>
    public static ScriptBlock Scope { get; } = Of("$__asyncJobsRun", ScopeFile);

    /// <summary>Runs an action there, and throws what it throws.</summary>
    /// <param name="around">The frame.</param>
    /// <param name="variables">The variables of its scope.</param>
    /// <param name="action">The action.</param>
    /// <param name="functions">The functions of its scope; null for none.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped before it ran.</exception>
    public static void Run(ScriptBlock around, List<PSVariable> variables, Action action, Dictionary<string, ScriptBlock>? functions = null)
    {
        var carried = new ExceptionRelay(action);
        around.InvokeWithContext(functions ?? NoFunctions, variables, carried);
        carried.Rethrow();
    }
}
