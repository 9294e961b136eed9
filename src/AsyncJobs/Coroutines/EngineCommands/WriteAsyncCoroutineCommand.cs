namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Writes what a command has written that suspended in the middle of a pipeline, object by object, so that
/// <c>-PipelineVariable</c> holds for the stages behind it. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsCommunications.Write, "AsyncCoroutine")]
internal sealed class WriteAsyncCoroutineCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Write-AsyncCoroutine", typeof(WriteAsyncCoroutineCommand));

    /// <summary>One of them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Writes it as it is.</summary>
    protected override void ProcessRecord() => WriteObject(InputObject);
}
