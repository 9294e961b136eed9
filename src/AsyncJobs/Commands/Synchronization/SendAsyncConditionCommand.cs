namespace AsyncJobs;

/// <summary>Send-AsyncCondition: wakes those that wait on a condition (asyncio's <c>notify</c> and <c>notify_all</c>).</summary>
[Cmdlet(VerbsCommunications.Send, "AsyncCondition", DefaultParameterSetName = "Count")]
[OutputType(typeof(void))]
public sealed class SendAsyncConditionCommand : LoopCommand
{
    /// <summary>The condition; its lock must be held.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncCondition>))]
    public AsyncCondition Condition { get; set; } = null!;

    /// <summary>How many at most; those that have waited longest are first.</summary>
    [Parameter(ParameterSetName = "Count")]
    [ValidateRange(0, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Wakes all.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <summary>Notifies.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            Condition.Notify(All ? int.MaxValue : Count);
        }
        catch (SynchronizationLockException exception)
        {
            Refuse(ErrorRecords.ForException(exception, Condition));
        }
    }
}
