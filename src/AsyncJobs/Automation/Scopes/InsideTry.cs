namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Runs something as inside a <c>try</c> that has no catch: an error comes out at once and as it is, from called
/// functions too, and none is reported. A trap that ends would do that as well, but marks the error as one that ends all.
/// </summary>
internal static class InsideTry
{
    // PowerShell leaves out a try whose finally is empty.
    private static readonly ScriptBlock Try = ScriptFrame.Of("try { $__asyncJobsRun } finally { $null = 0 }");

    /// <summary>Runs an action there, and throws what it throws.</summary>
    public static void Run(Action action)
    {
        var carried = new ExceptionRelay(action);
        Try.InvokeWithContext(ScriptFrame.NoFunctions, [], carried);
        carried.Rethrow();
    }
}
