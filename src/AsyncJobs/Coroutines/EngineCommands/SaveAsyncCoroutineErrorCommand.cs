namespace AsyncJobs.Coroutines.EngineCommands;

/// <summary>
/// Tells the coroutine which catch or trap PowerShell has chosen for an error, and what it has made of it for <c>$_</c>.
/// Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsData.Save, "AsyncCoroutineError")]
internal sealed class SaveAsyncCoroutineErrorCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Save-AsyncCoroutineError", typeof(SaveAsyncCoroutineErrorCommand));

    /// <summary>The clause, counted from 0.</summary>
    [Parameter(Position = 0)]
    public int Clause { get; set; }

    /// <summary>What <c>$_</c> is in it.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    public object? Error { get; set; }

    /// <summary>Tells it.</summary>
    protected override void EndProcessing() => CoroutineFrame.Current!.Errors.Caught = new CaughtError(Clause, Error);
}
