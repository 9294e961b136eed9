namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Runs something as inside a <c>try</c> that has no catch: an error comes out at once and as it is, from called
/// functions too, and none is reported. A trap that ends would do that as well, but marks the error as one that ends all.
/// </summary>
internal static class InsideTry
{
    private static readonly ScriptBlock Try = ScriptFrame.Of("try { $__asyncJobsRun } finally { $args[0] }");

    /// <summary>Runs an action there, and throws what it throws.</summary>
    /// <param name="action">The action.</param>
    /// <param name="atEnd">
    /// Runs in the <c>finally</c>: there alone PowerShell runs script in a pipeline that is
    /// being stopped. Null for nothing.
    /// </param>
    public static void Run(Action action, Action? atEnd = null)
    {
        var carried = new ExceptionRelay(action);
        ActionEnumerator? end = atEnd is null ? null : new ActionEnumerator(atEnd);
        Try.InvokeWithContext(ScriptFrame.NoFunctions, [], new ActionEnumerator(carried.Run), end);
        carried.Rethrow();
    }
}
