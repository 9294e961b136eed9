namespace AsyncJobs;

/// <summary>New-AsyncCondition: a change to wait for under a lock (asyncio's <c>Condition</c>).</summary>
[Cmdlet(VerbsCommon.New, "AsyncCondition")]
[OutputType(typeof(AsyncCondition))]
public sealed class NewAsyncConditionCommand : PSCmdlet
{
    /// <summary>The lock, which other conditions may share; a new one unless given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncLock>))]
    public AsyncLock? Lock { get; set; }

    /// <summary>A name for people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Writes the condition.</summary>
    protected override void EndProcessing() => WriteObject(new AsyncCondition(Lock, Name));
}
