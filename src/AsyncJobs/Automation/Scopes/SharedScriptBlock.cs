using System.Management.Automation.Runspaces;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Makes the script blocks that are the module's own and that all runspaces share. A block made while a runspace is at hand
/// keeps the language mode which that runspace is in; one made by none runs in the mode of whoever runs it.
/// </summary>
internal static class SharedScriptBlock
{
    /// <summary>Makes a block that belongs to no runspace.</summary>
    public static ScriptBlock Make(Func<ScriptBlock> make)
    {
        Runspace? outer = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = null;
        try
        {
            return make();
        }
        finally
        {
            Runspace.DefaultRunspace = outer;
        }
    }

    /// <summary>Makes a block of its text.</summary>
    public static ScriptBlock Of(string script) => Make(() => ScriptBlock.Create(script));
}
