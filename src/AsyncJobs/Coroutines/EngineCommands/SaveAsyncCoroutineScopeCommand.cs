using System.Management.Automation;

namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Takes what a segment has made of its scope into the coroutine's: variables, aliases, functions. Not exported: the
/// engine calls it, in that scope.
/// </summary>
[Cmdlet(VerbsData.Save, "AsyncCoroutineScope")]
internal sealed class SaveAsyncCoroutineScopeCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Save-AsyncCoroutineScope", typeof(SaveAsyncCoroutineScopeCommand));

    /// <summary>The scope's variables.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public PSVariable[]? Variable { get; set; }

    /// <summary>The scope's aliases.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public AliasInfo[]? Alias { get; set; }

    /// <summary>All functions that can be seen there; null where none can have been defined.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public FunctionInfo[]? Function { get; set; }

    /// <summary>Takes them.</summary>
    protected override void EndProcessing() =>
        CoroutineFrame.Current?.KeepScope(Variable ?? [], Alias ?? [], Function);
}
