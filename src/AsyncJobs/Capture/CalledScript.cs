namespace AsyncJobs.Capture;

/// <summary>Scripts that a block calls, which see the variables and functions of the block, and so of its caller.</summary>
internal static class CalledScript
{
    /// <summary>What a script's file says now; null where there is none, or none that PowerShell can run.</summary>
    public static Ast? Find(PSCmdlet caller, string name)
    {
        try
        {
            return (caller.InvokeCommand.GetCommand(name, CommandTypes.ExternalScript) as ExternalScriptInfo)?.ScriptBlock.Ast;
        }
        catch (RuntimeException)
        {
            // The task will meet the same, and say so.
            return null;
        }
    }
}
