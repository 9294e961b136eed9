using System.Management.Automation;
using System.Management.Automation.Host;

namespace AsyncJobs;

/// <summary>Start-AsyncTask, alias async: runs a script block as a task (asyncio's <c>create_task</c> and <c>to_thread</c>).</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncTask", DefaultParameterSetName = "ScriptBlock")]
[Alias("async")]
[OutputType(typeof(AsyncTask), typeof(AsyncJob))]
public sealed partial class StartAsyncTaskCommand : StartBlockCommand
{
    /// <summary>What the task runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ScriptBlock")]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>A script that the task runs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "FilePath")]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

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

    /// <summary>A block to run first, in the scope around the task's own.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Shows what the block writes with Write-Host at once, whether anybody waits for the task or not; <c>$Host</c> as a rule.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSHost? StreamingHost { get; set; }

    /// <inheritdoc/>
    private protected override StreamingHost? StreamingTo => StreamingHost is null ? null : new StreamingHost(StreamingHost);

    private bool HasInput => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <summary>Starts the task of one pipeline object.</summary>
    protected override void ProcessRecord()
    {
        if (HasInput)
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
        else if (!HasInput)
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
            WriteObject(StartBlock(ArgumentList, HasInput, input));
        }
    }

    /// <inheritdoc/>
    private protected override ScriptSource MakeSource(object?[]? arguments) => ScriptBlock is null
        ? new ScriptSource(this, ScriptFile.Resolve(this, FilePath!), arguments, InitializationScript)
        : new ScriptSource(this, ScriptBlock, arguments, InitializationScript);
}
