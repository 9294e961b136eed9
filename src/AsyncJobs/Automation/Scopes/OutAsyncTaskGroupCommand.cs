namespace AsyncJobs.Automation.Scopes;

/// <summary>Hands what a block writes to the cmdlet that runs it. Not exported: a task group calls it.</summary>
[Cmdlet(VerbsData.Out, "AsyncTaskGroup")]
internal sealed class OutAsyncTaskGroupCommand : PSCmdlet
{
    public static readonly CmdletInfo Info = new("Out-AsyncTaskGroup", typeof(OutAsyncTaskGroupCommand));

    /// <summary>Gets each object as it is written.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Action<object?> Sink { get; set; } = null!;

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => Sink(InputObject);
}
