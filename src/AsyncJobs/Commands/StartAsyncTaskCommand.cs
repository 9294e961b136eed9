using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Start-AsyncTask, alias async: runs a script block as a task (asyncio's <c>create_task</c> and <c>to_thread</c>).</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncTask")]
[Alias("async")]
[OutputType(typeof(AsyncTask), typeof(AsyncJob))]
public sealed partial class StartAsyncTaskCommand : StartBlockCommand
{
    /// <summary>What the task runs.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Positional arguments of the block.</summary>
    [Parameter(Position = 1)]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>From the pipeline: one task for each object, which is its <c>$_</c>.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Starts the task of one pipeline object.</summary>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
        {
            Start(InputObject);
        }
    }

    /// <summary>Starts the one task of a command without input, or the tasks of its sessions.</summary>
    protected override void EndProcessing()
    {
        if (Session is not null)
        {
            StartInSessions(Session);
        }
        else if (!MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
        {
            Start(input: null);
        }

        CompleteJob();
    }

    private void Start(object? input)
    {
        if (AsJob)
        {
            StartJob(input);
        }
        else
        {
            WriteObject(StartBlock(ScriptBlock, ArgumentList, input));
        }
    }
}
