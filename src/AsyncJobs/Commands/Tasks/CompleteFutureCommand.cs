namespace AsyncJobs;

/// <summary>
/// Complete-Future: gives a future its result, its failure or its cancellation (asyncio's <c>set_result</c>,
/// <c>set_exception</c>, <c>cancel</c>).
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "Future", DefaultParameterSetName = "Result")]
[OutputType(typeof(void))]
public sealed class CompleteFutureCommand : LoopCommand
{
    /// <summary>The future to complete.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<Future>))]
    public Future Future { get; set; } = null!;

    /// <summary>The future's result; null unless given.</summary>
    [Parameter(Position = 1, ParameterSetName = "Result")]
    [AllowNull]
    public object? Result { get; set; }

    /// <summary>What awaiting it throws: an exception, an ErrorRecord, or a message.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Exception")]
    [ValidateNotNull]
    public object Exception { get; set; } = null!;

    /// <summary>Cancels the future.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Cancel")]
    public SwitchParameter Cancel { get; set; }

    /// <summary>Completes one future.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            Complete();
        }
        catch (InvalidStateException exception)
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, Future));
        }
    }

    private void Complete()
    {
        switch (ParameterSetName)
        {
            case "Exception":
                FutureFailure.Set(Future, Exception);
                break;
            case "Cancel":
                if (!Future.Cancel())
                {
                    throw new InvalidStateException($"{Future} is done already: it is {Future.State}.");
                }

                break;
            default:
                Future.SetResult(Result);
                break;
        }
    }
}
