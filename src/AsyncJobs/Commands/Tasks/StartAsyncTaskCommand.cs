using System.Management.Automation.Host;

namespace AsyncJobs;

/// <summary>Start-AsyncTask, alias async: runs a script block as a task (asyncio's <c>create_task</c> and <c>to_thread</c>).</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncTask", DefaultParameterSetName = "ScriptBlock")]
[Alias("async")]
[Intrinsic(IntrinsicKind.Block)]
[OutputType(typeof(AsyncTask), typeof(AsyncJob))]
public sealed partial class StartAsyncTaskCommand : StartBlockCommand
{
    // What a timer of .NET can count.
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(49);

    /// <summary>What the task runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ScriptBlock")]
    [ValidateNotNull]
    [BlockOrFunction]
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

    /// <summary>A period: the block runs at once, and then again each time it has passed. Runs never overlap.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Every { get; set; }

    /// <summary>How many runs; without it they go on until one fails or the task is stopped.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>The group the tasks belong to; without it that in whose block this stands.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncTaskGroup>))]
    public AsyncTaskGroup? Group { get; set; }

    /// <summary>Checks what belongs together.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        bool isPeriodic = MyInvocation.BoundParameters.ContainsKey(nameof(Every));
        if (isPeriodic && (Every < TimeSpan.FromMilliseconds(1) || Every > LongestPeriod))
        {
            Refuse($"-Every is {Every}; it must be a millisecond at least and {LongestPeriod.Days} days at most.", Every);
        }

        if (Count > 0 && !isPeriodic)
        {
            Refuse("-Count says how often a periodic task runs; give -Every, too.", Count);
        }

        CheckSession();
    }

    /// <summary>A block to run first, in the scope around the task's own.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>
    /// Shows what the block writes with Write-Host at once, whether anybody waits for the task or not; <c>$Host</c> as a rule.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public PSHost? StreamingHost { get; set; }

    private protected override ScriptBlock? Initialization => InitializationScript;

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
            WriteStarted(StartBlock(HasInput, input));
        }
    }

    private protected override TaskOptions MakeOptions()
    {
        TaskOptions options = base.MakeOptions();
        return options with
        {
            Group = Group ?? options.Group,
            Repeat = Every == default ? null : new Repetition(Every, Count == 0 ? null : Count),
        };
    }

    private void Refuse(string message, object value) =>
        ThrowTerminatingError(ErrorRecords.InvalidArgument(message, ErrorIds.InvalidArgument, value));

    private protected override object?[]? Arguments => ArgumentList;

    private protected override ScriptBlock? Block => ScriptBlock ?? ScriptFile.BlockOf(this, FilePath!);

    private protected override ScriptSource MakeSource() => ScriptBlock is null
        ? new ScriptSource(this, ScriptFile.Resolve(this, FilePath!), ArgumentList, InitializationScript)
        : new ScriptSource(this, ScriptBlock, ArgumentList, InitializationScript);
}
