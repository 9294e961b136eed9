using System.Management.Automation;

namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>Makes a coroutine's aliases again in the scope of its next segment. Not exported: the engine calls it, in that scope.</summary>
[Cmdlet(VerbsData.Restore, "AsyncCoroutineScope")]
internal sealed class RestoreAsyncCoroutineScopeCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Restore-AsyncCoroutineScope", typeof(RestoreAsyncCoroutineScopeCommand));

    /// <summary>The functions that can be seen before the segment; null where it defines none.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public FunctionInfo[]? Function { get; set; }

    /// <summary>Makes them.</summary>
    protected override void EndProcessing()
    {
        if (CoroutineFrame.Current is not { } frame)
        {
            return;
        }

        // A function that is given another body stays the same FunctionInfo.
        frame.KnownFunctions = Function is null ? null : [.. Function.Select(static function => (function.Name, function.ScriptBlock))];
        foreach ((string name, string definition) in frame.Aliases)
        {
            InvokeProvider.Item.Set("Alias:" + WildcardPattern.Escape(name), definition);
        }
    }
}
